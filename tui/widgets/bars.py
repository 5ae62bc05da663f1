"""The three lines around every screen: where I am and what waits, what just happened, and the keys that act here.

The words are made by pure functions, so that they can be read without a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from desk.presence import Doing, Presence
from desk.safe import safe_line
from tui.chords import ESCAPE, Waiting
from tui.front import front
from tui.keys import CHORD_TITLES, Action, Context, acting_in, in_use, on_key_line, shown
from tui.messages import Said
from tui.pages import PAGES
from tui.tongue import mark, tr, trn
from tui.wrapping import fit

_AIRY = 100
"""Columns from which there is room for air."""
_TELLING = 12
"""Cells below which the end of a sentence about the mailbox tells nothing."""
_STRONG, _MUTED, _WARNING, _PLAIN = "bold $accent", "$muted", "$warning", "$foreground"

Piece = tuple[str, str]
_VERBS = {Doing.ANSWERING: mark("{agent} is answering {ticket}"), Doing.READING: mark("{agent} reads {ticket}")}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the top line tells: the view, counts, colleagues at tickets, who acts, and the time (UTC)."""

    view: str
    counts: Mapping[str, int]
    presences: Sequence[Presence]
    agent: str
    now: datetime


def top_line(standing: Standing, width: int) -> Content:
    """`Inbox 14  Mine 5  New 3 …  bo is answering 1039  ana  12:04`."""
    right, gap = _right(standing, width), "   " if width >= _AIRY else "  "
    room = width - sum(cell_len(words) for words, _ in right) - 1
    told = _told_views(standing, room - sum(cell_len(words) + len(gap) for words, _ in _calls(standing, width)), gap)
    left = [piece for each in (*told, *_calls(standing, width)) for piece in (each, (gap, _PLAIN))]
    return spread([(" ", _PLAIN), *left], right, width)


def _told_views(standing: Standing, room: int, gap: str) -> list[Piece]:
    """The views with their counts; where room is short, those go first that are empty, then the last ones."""
    names = [page.name for page in PAGES.values() if page.counted]
    names = names if standing.view in names else [*names, standing.view]
    told = {name: _told_view(name, standing.counts.get(name)) for name in names}
    leaving = sorted(
        (name for name in names if name != standing.view), key=lambda name: bool(standing.counts.get(name))
    )
    empty = sum(not standing.counts.get(name) for name in leaving)
    for name in (*reversed(leaving[:empty]), *reversed(leaving[empty:])):
        if sum(cell_len(words) + len(gap) for words in told.values()) <= room:
            break
        del told[name]
    return [(words, _STRONG if name == standing.view else _MUTED) for name, words in told.items()]


def _told_view(name: str, count: int | None) -> str:
    title = tr(name.capitalize()) if name in PAGES else safe_line(name)
    return f"{title} {count:,}" if count else title


def _calls(standing: Standing, width: int) -> list[Piece]:
    """What wants somebody: parked mail, colleagues who ask, promises whose time is over."""
    parked, calls, late = (standing.counts.get(name) for name in ("parked", "calls", "late"))
    words = trn("{count} promise late", "{count} promises late", late or 0) if width >= _AIRY else tr("late {count}")
    told = (
        (parked, tr("Parked {count}"), _WARNING),
        (calls, "@{count}", _STRONG),
        (late, words, _WARNING),
    )
    return [(words.format(count=count), tone) for count, words, tone in told if count]


def presence_words(presences: Iterable[Presence], *, short: bool) -> str:
    """Who does what: "bo is answering 1039"; short: "bo ✎ 1039" without the verb."""
    here = sorted(presences, key=lambda each: (each.doing is Doing.READING, each.agent))
    told = (tr(_VERBS[each.doing]).format(agent=safe_line(each.agent), ticket=each.ticket) for each in here)
    return next(told, "") if short else ", ".join(told)


def status_line(said: Said, sync: Said, width: int) -> Content:
    """What just happened on the left, whole; how the mailbox stands on the right, in the room that is left.

    On a narrow screen the mailbox waits until what just happened has gone.
    """
    left, right, ending = safe_line(said.text), safe_line(sync.text), safe_line(sync.ending)
    room = width - cell_len(left) - 4 if left else width - 2
    if left and (width < _AIRY or room < _TELLING):
        right = ending = ""
    ending = ending if room >= cell_len(ending) + _TELLING else ""
    right = fit(right, room - cell_len(ending)) + ending
    tone = _MUTED if sync.tone == "info" else _WARNING
    return spread([(f" {left}", _tone(said))], [(f"{right} ", tone)] if right else [], width)


def key_line(actions: Sequence[Action], width: int) -> Content:
    """`r reply  n note  …` as many as fit, and `? help` at the right end, always."""
    ending = help_key()
    room = width - 1 - sum(cell_len(words) for words, _ in ending) - 1
    return spread([(" ", _STRONG), *_keys([(each.shown_key, each.title) for each in actions], room)], ending, width)


def marked_line(actions: Iterable[Action], width: int, marked: int) -> Content:
    """`3 marked: e close · a assign · …`: what acts on all that is marked, the first key of each chord once."""
    title, ending = tr("{count} marked:").format(count=f"{marked:,}"), help_key()
    clear = f"{shown(ESCAPE)} {tr('clears')}"
    room = width - cell_len(f" {title}  {clear}  ") - sum(cell_len(words) for words, _ in ending)
    told: list[Piece] = [(f" {title} ", _STRONG)]
    for key, label in _bulk_keys(actions).items():
        room -= cell_len(f"{key} {label} · ")
        if room < 0:
            break
        told += [(shown(key), _STRONG), (f" {label}", _MUTED), (" · ", _MUTED)]
    return spread([*told, (shown(ESCAPE), _STRONG), (f" {tr('clears')}", _MUTED)], ending, width)


def _bulk_keys(actions: Iterable[Action]) -> dict[str, str]:
    """What each first key does to all marked tickets, the most wanted first."""
    first = {each.keys[0].split(" ")[0]: each for each in reversed(list(actions)) if each.bulk and each.keys}
    order = {key: at for at, key in enumerate(_BULK_FIRST)}
    keys = sorted(first, key=lambda key: order.get(key, len(order)))
    return {key: tr(_BULK_CHORDS[key]) if key in _BULK_CHORDS else first[key].title for key in keys}


def help_key() -> list[Piece]:
    """`? help`, or the key that help has now."""
    action = next(each for each in in_use() if each.name == "help" and each.keys)
    return [(action.shown_key, _STRONG), (f" {action.title} ", _MUTED)]


def which_key_line(waiting: Waiting, width: int) -> Content:
    """What may follow the first key of a chord: `g go to:  i inbox  m mine …`, and at the right end always `Esc`.

    Where it does not hold them all, `tui.widgets.which_key` lies over it with every name whole.
    """
    head, choices = _begun(waiting)
    room = width - sum(cell_len(words) for words, _ in head) - len("Esc ")
    return spread([*head, *_keys(choices, room)], [("Esc ", _MUTED)], width)


def fits_one_line(waiting: Waiting, width: int) -> bool:
    """Whether one line holds all that may follow."""
    head, choices = _begun(waiting)
    return _width(choices, "  ") <= width - sum(cell_len(words) for words, _ in head) - len("Esc ")


def _begun(waiting: Waiting) -> tuple[list[Piece], list[tuple[str, str]]]:
    """The beginning of a chord and its title, and the keys that may follow with their names."""
    title = tr(CHORD_TITLES.get(waiting.keys[0], ""))
    head = [(f" {shown(' '.join(waiting.keys))} ", _STRONG), (f"{title}:  " if title else " ", _PLAIN)]
    return head, [(shown(key), safe_line(action.title)) for key, action in waiting.choices]


def spread(left: Iterable[Piece], right: Iterable[Piece], width: int) -> Content:
    """Pieces at both ends of a line; the right end is kept, the left is cut where they meet."""
    ending = Content.assemble(*right)
    room = max(width - ending.cell_length, 0)
    beginning = Content.assemble(*left)
    if beginning.cell_length > room:
        beginning = beginning.truncate(room, ellipsis=True)
    return Content.assemble(beginning, " " * (room - beginning.cell_length), ending)


def _right(standing: Standing, width: int) -> list[Piece]:
    clock = f"{standing.now.astimezone():%H:%M} "
    here = presence_words(standing.presences, short=width < _AIRY)
    pieces: list[Piece] = [(safe_line(standing.agent), _PLAIN), (f"   {clock}", _MUTED)]
    return [(f"{here}   ", _STRONG), *pieces] if here else pieces


def _width(keys: Iterable[tuple[str, str]], gap: str) -> int:
    return sum(cell_len(f"{key} {label}{gap}") for key, label in keys)


def _keys(keys: Iterable[tuple[str, str]], room: int, gap: str = "  ") -> list[Piece]:
    """Keys with what they do, as many as there is room for."""
    pieces: list[Piece] = []
    for key, label in keys:
        room -= cell_len(f"{key} {label}{gap}")
        if room < 0:
            break
        pieces += [(key, _STRONG), (f" {label}{gap}", _MUTED)]
    return pieces


def _tone(said: Said) -> str:
    return _PLAIN if said.tone == "info" else _WARNING


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
        return spread([(f" {self._title}", _STRONG)], [(f"{self._about} ", _MUTED)], width)


class TopLine(Bar):
    """Where I am, what waits, who else is here."""

    standing: Standing | None = None

    def show(self, standing: Standing) -> None:
        """Tell another standing."""
        if standing != self.standing:
            self.standing = standing
            self.refresh()

    def words(self, width: int) -> Content:
        return top_line(self.standing, width) if self.standing else Content(" " * width)


class StatusLine(Bar):
    """What just happened. It reads the app's `said` and `sync`, so any screen may hold one."""

    DEFAULT_CSS = "StatusLine { background: $background; }"

    def on_mount(self) -> None:
        for name in ("said", "sync", "stopped", "lost"):
            self.watch(front(self), name, self._redraw, init=False)

    def words(self, width: int) -> Content:
        app = front(self)
        return status_line(app.said, app.standing, width)

    def _redraw(self) -> None:
        self.refresh()


_BULK_FIRST = "eatsbpi!=.T"
"""The first keys of what is done to many tickets, the most wanted first."""
_BULK_CHORDS = {"e": mark("close"), "a": mark("assign"), "s": mark("status"), "p": mark("priority")}


class KeyLine(Bar):
    """The keys that act in a context, or what may follow the keys of a chord that has begun."""

    def __init__(self, context: Context, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._where = context
        self._marked = 0
        self._idle: frozenset[str] = frozenset()

    def on_mount(self) -> None:
        self.watch(front(self), "chord", self._redraw, init=False)

    def show(self, context: Context, marked: int = 0) -> None:
        """Show the keys of another context; `marked` tickets are what they act on."""
        if (context, marked) != (self._where, self._marked):
            self._where, self._marked = context, marked
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
            return marked_line(acting_in(self._where), width, self._marked)
        return key_line([each for each in on_key_line(self._where) if each.shown_key not in self._idle], width)

    def _redraw(self) -> None:
        self.refresh()
