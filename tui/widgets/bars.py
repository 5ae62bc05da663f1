"""The three lines around every screen: where I am and what waits, what just happened, and the keys that act here.

The words are made by pure functions, so that they can be read without a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import ceil

from rich.cells import cell_len
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from desk.safe import safe_line
from tui.front import front
from tui.keys import CHORD_TITLES, Action, Context, acting_in, on_key_line, shown
from tui.keys.chords import ESCAPE, Waiting
from tui.keys.naming import with_keys
from tui.messages import Said
from tui.reader.wrapping import fit, wrap
from tui.words.telling import moment
from tui.words.tongue import mark, tr

AIRY = 100
"""Columns from which there is room for air."""
_MOST_ROWS, _LEAST_HEIGHT = 3, 8
"""Rows that a refusal may take, one for so many of the screen's."""
_MINUTE, _HOUR, _STEP = 60, 3600, 5
_TELLING = 12
"""Cells below which the end of a sentence about the mailbox tells nothing."""
STRONG, MUTED, WARNING, PLAIN = "bold $accent", "$muted", "$warning", "$foreground"

Piece = tuple[str, str]


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


def key_line(where: Context, width: int, idle: frozenset[str] = frozenset(), *, done: bool = False) -> Content:
    """`r reply  n note  …` as many as fit, and `? help` at the right end, always; `idle` keys do nothing now.

    `done`: the tickets are closed, and what opens them again stands in the place of what closes them.
    """
    ending, actions = help_key(where), [each for each in on_key_line(where) if each.shown_key not in idle]
    reopen = next((each for each in acting_in(where) if each.id == _REOPEN and each.keys), None)
    if done and reopen is not None:
        actions = [reopen if each.name == _CLOSE else each for each in actions]
    room = width - 1 - sum(cell_len(words) for words, _ in ending) - 1
    return spread([(" ", STRONG), *_keys([(each.shown_key, each.title) for each in actions], room)], ending, width)


def marked_line(where: Context, width: int, marked: int, *, done: bool = False) -> Content:
    """`3 marked: e close · a assign · …`: what acts on all that is marked, the first key of each chord once.

    `done`: they are closed, and can be opened again instead.
    """
    title, ending = tr("{count} marked:").format(count=f"{marked:,}"), help_key(where)
    actions = acting_in(where)
    clear = f"{shown(ESCAPE)} {tr('clears')}"
    room = width - cell_len(f" {title}  {clear}  ") - sum(cell_len(words) for words, _ in ending)
    told: list[Piece] = [(f" {title} ", STRONG)]
    for key, label in _bulk_keys(actions, done=done).items():
        room -= cell_len(f"{key} {label} · ")
        if room < 0:
            break
        told += [(shown(key), STRONG), (f" {label}", MUTED), (" · ", MUTED)]
    return spread([*told, (shown(ESCAPE), STRONG), (f" {tr('clears')}", MUTED)], ending, width)


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


_HELPS = ("help", "keys")


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


class Bar(Widget):
    """One line of the screen, given as `Content` and drawn as wide as it stands."""

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; background: $panel; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)

    def words(self, width: int) -> Content:
        """What the line says at this width."""
        return Content(" " * width)

    def render(self) -> Content:
        return self.words(self.size.width)


class Heading(Bar):
    """The top line of a screen beside the inbox: its name, and a word about it."""

    def __init__(self, name: str, about: str = "") -> None:
        super().__init__()
        self._title, self._about = name, about

    def show(self, name: str, about: str | None = None) -> None:
        """Another name, and another word about it unless that stays."""
        self._title, self._about = name, self._about if about is None else about
        self.refresh()

    def words(self, width: int) -> Content:
        about = fit(self._about, max(width - cell_len(self._title) - 4, 0))
        return spread([(f" {self._title}", STRONG)], [(f"{about} ", MUTED)], width)


class StatusLine(Bar):
    """What just happened. It reads the app's `said` and `sync`, so any screen may hold one.

    What was refused, and what to do about it, is read whole: the line has as many rows as that needs while it stands.
    """

    DEFAULT_CSS = "StatusLine { background: $background; }"

    _next_try = ""
    _second: Timer

    def on_mount(self) -> None:
        self._second = self.set_interval(1.0, self._tick, pause=True)
        for name in ("said", "sync", "stopped", "lost"):
            self.watch(front(self), name, self._redraw, init=name == "sync")

    def words(self, width: int) -> Content:
        app = front(self)
        return self.refused(width) or status_line(app.said, app.standing, width, app.desk.clock())

    def refused(self, width: int) -> Content | None:
        """What one row does not hold of what was refused; None where it does."""
        rows = refusal(front(self).said, width, self._most_rows)
        return Content("\n").join(Content.styled(f" {each}", WARNING) for each in rows) if rows else None

    def on_resize(self) -> None:
        self._grow()

    @property
    def _most_rows(self) -> int:
        return min(_MOST_ROWS, self.screen.size.height // _LEAST_HEIGHT)

    def _grow(self) -> None:
        rows = max(len(refusal(front(self).said, self.size.width or self.screen.size.width, self._most_rows)), 1)
        if self.styles.height is None or self.styles.height.value != rows:
            self.styles.height = rows

    def _redraw(self) -> None:
        self._grow()
        self._second.resume() if front(self).standing.again else self._second.pause()
        self.refresh()

    def _tick(self) -> None:
        """Tell anew how long it is until something is tried again, where that reads otherwise by now."""
        again, now = front(self).standing.again, front(self).desk.clock()
        if again and self._next_try != (said := next_try(again, now)):
            self._next_try = said
            self.refresh()


_CLOSE, _REOPEN = "close", "status-open"
_BULK_FIRST = (
    *(_CLOSE, "assign", "tag", "status", "note", "snooze", "macro", "priority"),
    *("take", "merge", "repeat", "repeat_tag"),
)
"""What is done to many tickets, the most wanted first."""
_BULK_NAMES = {_CLOSE: mark("close"), "assign": mark("assign"), "status": mark("status"), "priority": mark("priority")}


class KeyLine(Bar):
    """The keys that act in a context, or what may follow the keys of a chord that has begun."""

    def __init__(self, context: Context, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._where = context
        self._marked = 0
        self._are_done = False
        self._idle: frozenset[str] = frozenset()

    def on_mount(self) -> None:
        self.watch(front(self), "chord", self._redraw, init=False)

    def show(self, context: Context, marked: int = 0, *, done: bool = False) -> None:
        """Show the keys of another context; `marked` tickets are what they act on, `done` where all are closed."""
        if (context, marked, done) != (self._where, self._marked, self._are_done):
            self._where, self._marked, self._are_done = context, marked, done
            self.refresh()

    def leave_out(self, idle: frozenset[str]) -> None:
        """Show all keys but these, which do nothing now."""
        if idle != self._idle:
            self._idle = idle
            self.refresh()

    def words(self, width: int) -> Content:
        waiting = front(self).chord
        if waiting is not None:
            return which_key_line(waiting, width)
        if self._marked:
            return marked_line(self._where, width, self._marked, done=self._are_done)
        return key_line(self._where, width, self._idle, done=self._are_done)

    def _redraw(self) -> None:
        self.refresh()
