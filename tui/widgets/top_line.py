"""The top line: where I am and what waits, what wants somebody, who else is here, and the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from desk.presence import Doing, Presence
from desk.safe import safe_line
from tui.lists.pages import PAGES
from tui.widgets.bar_words import AIRY, MUTED, PLAIN, STRONG, WARNING, Piece, spread
from tui.widgets.bars import Bar
from tui.words.tongue import mark, tr, trn

_ALWAYS = 2
"""Pieces at the right end that are always told: the agent and the time."""
_VERBS = {Doing.ANSWERING: mark("{agent} is answering {ticket}"), Doing.READING: mark("{agent} reads {ticket}")}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the top line tells: the view, counts, colleagues at tickets, who acts, and the time (UTC).

    `title` is what people call the view, where it is one that was kept.
    """

    view: str
    counts: Mapping[str, int]
    presences: Sequence[Presence]
    agent: str
    now: datetime
    title: str = ""

    def told(self, name: str) -> str:
        """A view and how many tickets it has; nothing stands for none."""
        title = tr(name.capitalize()) if name in PAGES else safe_line(self.title)
        count = self.counts.get(name)
        return f"{title} {count:,}" if count else title


def top_line(standing: Standing, width: int) -> Content:
    """`Inbox 14  Mine 5  New 3 …  bo is answering 1039  ana  12:04`; where I am comes before who does what."""
    right, gap = _right(standing, width), "   " if width >= AIRY else "  "
    here = cell_len(f" {standing.told(standing.view)}{gap}")
    if here + sum(cell_len(words) for words, _ in right) > width:
        right = right[-_ALWAYS:]
    room = width - sum(cell_len(words) for words, _ in right) - 1
    told = _told_views(standing, room - sum(cell_len(words) + len(gap) for words, _ in _calls(standing, width)), gap)
    left = [piece for each in (*told, *_calls(standing, width)) for piece in (each, (gap, PLAIN))]
    return spread([(" ", PLAIN), *left], right, width)


def _told_views(standing: Standing, room: int, gap: str) -> list[Piece]:
    """The views with their counts; where room is short, those go first that are empty, then the last ones."""
    names = [page.name for page in PAGES.values() if page.counted]
    names = names if standing.view in names else [*names, standing.view]
    told = {name: standing.told(name) for name in names}
    leaving = sorted(
        (name for name in names if name != standing.view), key=lambda name: bool(standing.counts.get(name))
    )
    empty = sum(not standing.counts.get(name) for name in leaving)
    for name in (*reversed(leaving[:empty]), *reversed(leaving[empty:])):
        if sum(cell_len(words) + len(gap) for words in told.values()) <= room:
            break
        del told[name]
    return [(words, STRONG if name == standing.view else MUTED) for name, words in told.items()]


def _calls(standing: Standing, width: int) -> list[Piece]:
    """What wants somebody: parked mail, colleagues who ask, promises whose time is over."""
    parked, calls, late = (standing.counts.get(name) for name in ("parked", "calls", "late"))
    words = trn("{count} promise late", "{count} promises late", late or 0) if width >= AIRY else tr("late {count}")
    told = (
        (parked, tr("Parked {count}"), WARNING),
        (calls, "@{count}", STRONG),
        (late, words, WARNING),
    )
    return [(words.format(count=count), tone) for count, words, tone in told if count]


def presence_words(presences: Iterable[Presence], *, short: bool) -> str:
    """Who does what: "bo is answering 1039, cem reads 1042"; short: only the first, whoever answers before others."""
    here = sorted(presences, key=lambda each: (each.doing is Doing.READING, each.agent))
    told = (tr(_VERBS[each.doing]).format(agent=safe_line(each.agent), ticket=each.ticket) for each in here)
    return next(told, "") if short else ", ".join(told)


def _right(standing: Standing, width: int) -> list[Piece]:
    clock = f"{standing.now.astimezone():%H:%M} "
    here = presence_words(standing.presences, short=width < AIRY)
    pieces: list[Piece] = [(safe_line(standing.agent), PLAIN), (f"   {clock}", MUTED)]
    return [(f"{here}   ", STRONG), *pieces] if here else pieces


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
