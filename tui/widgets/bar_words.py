"""The words of the lines around every screen: what just happened, the keys that act, what may follow a first key.

They are made by pure functions, so that they can be read without a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import ceil

from rich.cells import cell_len
from textual.content import Content

from desk.safe import safe_line
from tui.keys import CHORD_TITLES, Action, Context, acting_in, on_key_line, shown
from tui.keys.chords import ESCAPE, Waiting
from tui.keys.naming import with_keys
from tui.messages import Said
from tui.reader.wrapping import fit, wrap
from tui.words.telling import moment
from tui.words.tongue import mark, tr

AIRY = 100
"""Columns from which there is room for air."""
STRONG, MUTED, WARNING, PLAIN = "bold $accent", "$muted", "$warning", "$foreground"

Piece = tuple[str, str]

_MINUTE, _HOUR, _STEP = 60, 3600, 5
_TELLING = 12
"""Cells below which the end of a sentence about the mailbox tells nothing."""
_CLOSE, _REOPEN = "close", "status-open"
_BULK_FIRST = (
    *(_CLOSE, "assign", "tag", "status", "note", "snooze", "macro", "priority"),
    *("take", "merge", "repeat", "repeat_tag"),
)
"""What is done to many tickets, the most wanted first."""
_BULK_NAMES = {_CLOSE: mark("close"), "assign": mark("assign"), "status": mark("status"), "priority": mark("priority")}
_HELPS = ("help", "keys")


def status_line(said: Said, sync: Said, width: int, now: datetime | None = None) -> Content:
    """What just happened on the left, whole; how the mailbox stands on the right, in the room that is left.

    On a narrow screen the mailbox waits until what just happened has gone. `now` is needed where something is tried
    again.
    """
    left, right = said.within(width - 2), safe_line(sync.text)
    ending = next_try(sync.again, now) if sync.again and now else ""
    room = width - cell_len(left) - 4 if left else width - 2
    if left and (width < AIRY or room < _TELLING):
        right = ending = ""
    ending = ending if room >= cell_len(ending) + _TELLING else ""
    if sync.brief and cell_len(right) + cell_len(ending) > room:
        right = safe_line(sync.brief)
    right = fit(right, room - cell_len(ending)) + ending
    tone = MUTED if sync.tone == "info" else WARNING
    return spread([(f" {left}", _tone(said))], [(f"{right} ", tone)] if right else [], width)


def refusal(said: Said, width: int, most: int) -> list[str]:
    """The rows of a sentence that tells of something wrong or asks, where one row does not hold it; else none.

    Of one that the rows do not hold either only the beginning is told; what a key does next is never cut off.
    """
    text = said.uncut
    if said.tone == "info" or cell_len(text) <= width - 2 or most <= 1:
        return []
    rows = wrap(text, width - 2)
    if said.onward[0] and len(rows) > most:
        return []
    return rows if len(rows) <= most else [*rows[: most - 1], fit(" ".join(rows[most - 1 :]), width - 2)]


def next_try(again: datetime, now: datetime) -> str:
    """`, next try in 40 s (ctrl+r now)`: in steps of 5 s, so that few bytes tell it; from an hour on by the clock."""
    seconds = ceil((again - now).total_seconds())
    if seconds <= 0:
        return tr(", trying again …")
    if seconds > _HOUR:
        return with_keys(tr(", next try {at} ({key_sync} now)"), at=moment(again, now))
    if seconds > _MINUTE:
        return with_keys(tr(", next try in {count} min ({key_sync} now)"), count=ceil(seconds / _MINUTE))
    return with_keys(tr(", next try in {count} s ({key_sync} now)"), count=_STEP * ceil(seconds / _STEP))


def key_line(
    where: Context, width: int, idle: frozenset[str] = frozenset(), *, done: bool = False, before: str = ""
) -> Content:
    """`r reply  n note  …` as many as fit, and `? help` at the right end, always; `idle` keys do nothing now.

    `done`: the tickets are closed, and what opens them again stands in the place of what closes them. `before` stands
    before the keys.
    """
    told = [(f"{before}  ", MUTED)] if before else []
    ending, actions = help_key(where), [each for each in on_key_line(where) if each.shown_key not in idle]
    reopen = next((each for each in acting_in(where) if each.id == _REOPEN and each.keys), None)
    if done and reopen is not None:
        actions = [reopen if each.name == _CLOSE else each for each in actions]
    room = width - 1 - sum(cell_len(words) for words, _ in [*told, *ending]) - 1
    keys = _keys([(each.shown_key, each.title) for each in actions], room)
    return spread([(" ", STRONG), *told, *keys], ending, width)


def marked_line(
    where: Context, width: int, marked: int, aside: int = 0, *, done: bool = False, filtered: bool = False
) -> Content:
    """`3 marked: e close · a assign · …`: what acts on all that is marked, the first key of each chord once.

    `aside` are marked but not shown, so nothing is done to them; where that are all, or no key of here acts on what is
    marked, the usual keys follow. `done`: they are closed, and can be opened again instead. `filtered`: Esc takes the
    filter off.
    """
    bulk = _bulk_keys(acting_in(where), done=done) if marked else {}
    if not bulk:
        return key_line(where, width, done=done, before=_told_marks(marked, aside).removesuffix(":"))
    title, ending = _told_marks(marked, aside), help_key(where)
    escapes = tr("filter off") if filtered else tr("clears")
    room = width - cell_len(f" {title}  {shown(ESCAPE)} {escapes}  ") - sum(cell_len(words) for words, _ in ending)
    told: list[Piece] = [(f" {title} ", STRONG)]
    for key, label in bulk.items():
        room -= cell_len(f"{key} {label} · ")
        if room < 0:
            break
        told += [(shown(key), STRONG), (f" {label}", MUTED), (" · ", MUTED)]
    return spread([*told, (shown(ESCAPE), STRONG), (f" {escapes}", MUTED)], ending, width)


def _told_marks(marked: int, aside: int) -> str:
    if marked and aside:
        return tr("{count} marked, {aside} more not shown:").format(count=f"{marked:,}", aside=f"{aside:,}")
    words = tr("{count} marked:") if marked else tr("{count} marked, not shown")
    return words.format(count=f"{marked or aside:,}")


def _bulk_keys(actions: Iterable[Action], *, done: bool) -> dict[str, str]:
    """What each first key does to all marked tickets, the most wanted first."""
    first = dict[str, Action]()
    for each in actions:
        if each.bulk and each.keys and not (done and each.name == _CLOSE):
            first.setdefault(each.keys[0].split(" ")[0], each)
    wanted = sorted(first.items(), key=lambda item: _how_wanted(*item, done=done))
    return {key: tr(_BULK_NAMES[each.name]) if _is_named(key, each) else each.title for key, each in wanted}


def _how_wanted(key: str, action: Action, *, done: bool) -> int:
    """The place among what is done to many tickets; opening again is wanted first where they are closed, else last."""
    if action.id == _REOPEN and action.keys[0] == key:
        return -1 if done else len(_BULK_FIRST)
    return _BULK_FIRST.index(action.name) if action.name in _BULK_FIRST else len(_BULK_FIRST)


def _is_named(key: str, action: Action) -> bool:
    """Whether it has another name here: what begins a chord, and closing, which goes to no next ticket here."""
    return action.name in _BULK_NAMES and (action.name == _CLOSE or action.keys[0] != key)


def help_key(where: Context) -> list[Piece]:
    """`? help`, or the key that tells the keys there: F1 where letters are text."""
    action = next(each for each in acting_in(where) if each.name in _HELPS and each.keys)
    return [(action.shown_key, STRONG), (f" {action.title} ", MUTED)]


def which_key_line(waiting: Waiting, width: int) -> Content:
    """What may follow the first key of a chord: `g go to:  i inbox  m mine …`, and at the right end always `Esc`.

    Where it does not hold them all, `tui.widgets.which_key` lies over it with every name whole.
    """
    head, choices = _begun(waiting)
    room = width - sum(cell_len(words) for words, _ in head) - len("Esc ")
    return spread([*head, *_keys(choices, room)], [("Esc ", MUTED)], width)


def fits_one_line(waiting: Waiting, width: int) -> bool:
    """Whether one line holds all that may follow."""
    head, choices = _begun(waiting)
    return _width(choices, "  ") <= width - sum(cell_len(words) for words, _ in head) - len("Esc ")


def _begun(waiting: Waiting) -> tuple[list[Piece], list[tuple[str, str]]]:
    """The beginning of a chord and its title, and the keys that may follow with their names."""
    title = tr(CHORD_TITLES.get(waiting.keys[0], ""))
    head = [(f" {shown(' '.join(waiting.keys))} ", STRONG), (f"{title}:  " if title else " ", PLAIN)]
    return head, [(shown(key), safe_line(action.title)) for key, action in waiting.choices]


def spread(left: Iterable[Piece], right: Iterable[Piece], width: int) -> Content:
    """Pieces at both ends of a line; the right end is kept, the left is cut where they meet."""
    ending = Content.assemble(*right)
    room = max(width - ending.cell_length, 0)
    beginning = Content.assemble(*left)
    if beginning.cell_length > room:
        beginning = beginning.truncate(room, ellipsis=True)
    return Content.assemble(beginning, " " * (room - beginning.cell_length), ending)


def _width(keys: Iterable[tuple[str, str]], gap: str) -> int:
    return sum(cell_len(f"{key} {label}{gap}") for key, label in keys)


def _keys(keys: Iterable[tuple[str, str]], room: int, gap: str = "  ") -> list[Piece]:
    """Keys with what they do, as many as there is room for."""
    pieces: list[Piece] = []
    for key, label in keys:
        room -= cell_len(f"{key} {label}{gap}")
        if room < 0:
            break
        pieces += [(key, STRONG), (f" {label}{gap}", MUTED)]
    return pieces


def _tone(said: Said) -> str:
    return PLAIN if said.tone == "info" else WARNING
