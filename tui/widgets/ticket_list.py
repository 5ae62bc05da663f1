"""The ticket list: any number of tickets, of which only the visible ones are read and drawn.

It holds numbers; tickets come through tui/lists/rows.py, a window at a time. The cursor stays on its ticket and on its
row of the screen whatever comes or goes (tui/lists/placing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.cache import FIFOCache
from textual.message import Message
from textual.strip import Strip

from desk.clock import Clock
from desk.people import Handle
from desk.presence import Doing
from desk.ticket import Ticket, TicketNumber
from tui.lists.marks import Marks
from tui.lists.numbering import Change, Numbers, change
from tui.lists.pending import Pending
from tui.reader.wrapping import wrap
from tui.style.signs import Signs
from tui.widgets.cursor_list import CursorList
from tui.widgets.pieces import Role
from tui.widgets.row import Look, row

There = tuple[Handle, Doing]
Company = tuple[str, bool]

_STRIPS = 150
"""Rows that are kept as they are painted: what stands on the screen, and what stood there before.

An LRUCache of Textual's that is cleared leaves all that it held to the garbage collector."""
_STEP = timedelta(seconds=10)
"""How much time passes before rows tell it: those that count seconds would be drawn at each one."""


@dataclass(frozen=True, slots=True)
class Showing:
    """What a list shows besides its tickets: what an empty one says, and which columns make sense in it."""

    empty: str = ""
    tell_status: bool = False
    tell_mailbox: bool = False


class TicketList(CursorList):
    """Tickets as lines, with a cursor and marks. `begin` has `rows.fill` called in the reader's thread."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "ticket-list--cursor",
        "ticket-list--cursor-blurred",
        *(f"ticket-list--{role}" for role in Role),
    }
    DEFAULT_CSS = """
    TicketList {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 0;
        background: $background;
        & > .ticket-list--cursor { background: $chosen; }
        & > .ticket-list--cursor-blurred { background: $chosen-faint; }
        & > .ticket-list--plain { color: $foreground; }
        & > .ticket-list--muted { color: $muted; }
        & > .ticket-list--strong { color: $foreground; text-style: bold; }
        & > .ticket-list--accent { color: $accent; text-style: bold; }
        & > .ticket-list--warning { color: $warning; }
    }
    """

    @dataclass
    class Marked(Message):
        """How many tickets are marked now."""

        count: int

    def __init__(self, begin: Callable[[], object], clock: Clock, signs: Signs) -> None:
        super().__init__(begin)
        self._signs = signs
        self._marks = Marks()
        self.pending = Pending()
        """What is not written yet: the rows show it already."""
        self._unseen: set[TicketNumber] = set()
        self._there: Mapping[TicketNumber, There] = {}
        self._company: Mapping[TicketNumber, Company] = {}
        self._calling = frozenset[TicketNumber]()
        self._drafts: Mapping[TicketNumber, tuple[str, str]] = {}
        self._strips: FIFOCache[tuple[object, ...], Strip] = FIFOCache(_STRIPS)
        self._styles: dict[tuple[str, ...], Style] = {}
        self._showing = Showing()
        self._digits = 4
        self._now = clock()
        """The moment that all rows tell the time of."""

    @property
    def marked(self) -> tuple[TicketNumber, ...]:
        """The marked tickets that the list shows, in the order they were marked."""
        return self._marks.all

    @property
    def hidden_marks(self) -> int:
        """How many tickets are marked that a filter hides."""
        return len(self._marks.hidden)

    @property
    def unseen_above(self) -> int:
        """How many tickets came in above the first visible row since the list was last scrolled there."""
        top = max(self._place.top, 0)
        return sum(number in self._unseen for number in islice(self._numbers, top)) if self._unseen else 0

    def show(
        self,
        numbers: Numbers,
        news: Change | None = None,
        *,
        showing: Showing,
        at: TicketNumber | None = None,
        anew: bool = False,
        narrowed: bool = False,
        back_to: TicketNumber | None = None,
    ) -> Change:
        """Show these tickets. The cursor stays with its ticket, or goes to `at`; `anew` starts at the top or `back_to`.

        Marks of tickets that left go; in a list asked for anew they stay, hidden, where that is `narrowed`.
        `news` is what is different, where that is known. Returns what is different.
        """
        if anew:  # all that is asked of another list is what becomes of the tickets that keys would act on
            news = Change(self._numbers, left=numbers.lacking((*self._marks.all, self.current)))
        elif news is None or news.before is not self._numbers:
            news = change(self._numbers, numbers)
        if numbers == self._numbers and showing == self._showing and not anew and at in (None, self.current):
            return news
        before, begun, is_first = self.current, self._begun(numbers, back_to) if anew else None, not self._numbers
        follows = self.after(news.left) if before in news.left else None
        place = 0 if anew else self._place_of(numbers, at, self._held(numbers, before), follows)
        self._unseen = set() if anew or is_first else (self._unseen | news.came) - news.left
        marks = (self._marks if anew else self._marks.without(news.left)).over(numbers)
        self._marks = marks.without(marks.hidden) if anew and not narrowed else marks
        self._numbers, self._showing = numbers, showing
        self._digits = max(4, len(str(max(numbers[0], numbers[-1])))) if numbers else 4
        self._put(begun or self._kept(place, at, before))
        self.refresh()
        if self.current != before:
            self.post_message(self.Moved(self.current))
        return news

    def forget(self, changed: frozenset[TicketNumber] | None) -> None:
        """Read these tickets again and draw their rows then; None: all of them."""
        self.rows.forget(changed)
        self._ask_rows()

    def arrived(self) -> None:
        """Draw what was read."""
        self._draw_rows_of(self.rows.take())

    def bring(self, tickets: Iterable[Ticket]) -> None:
        """Show these tickets as they are now."""
        self.rows.bring(tickets)

    def redraw(self, numbers: Collection[TicketNumber]) -> None:
        """Draw the rows of these tickets again."""
        self._draw_rows_of(numbers)

    def attended(self, there: Mapping[TicketNumber, There], company: Mapping[TicketNumber, Company]) -> None:
        """Show which colleagues have which tickets open, and in words what they do there."""
        changed = {number for number, _ in set(there.items()) ^ set(self._there.items())}
        changed |= {number for number, _ in set(company.items()) ^ set(self._company.items())}
        self._there, self._company = there, company
        self._draw_rows_of(changed)

    def called(self, calling: frozenset[TicketNumber]) -> None:
        """Show on which tickets notes ask for the agent."""
        changed, self._calling = calling ^ self._calling, calling
        self._draw_rows_of(changed)

    def drafted(self, drafts: Mapping[TicketNumber, tuple[str, str]]) -> None:
        """Show which tickets have an unfinished answer, whose, and since when, in words."""
        changed = {number for number, _ in set(drafts.items()) ^ set(self._drafts.items())}
        self._drafts = drafts
        self._draw_rows_of(changed)

    def after(self, numbers: Collection[TicketNumber]) -> TicketNumber | None:
        """The first ticket below the cursor that is not among these, or else the nearest one above it."""
        leaving, cursor = set(numbers), self._place.cursor
        below = (self._numbers[at] for at in range(cursor, len(self._numbers)))
        above = (self._numbers[at] for at in range(cursor - 1, -1, -1))
        return next((each for numbers in (below, above) for each in numbers if each not in leaving), None)

    def clear_marks(self) -> None:
        """Take all marks off."""
        self._mark(Marks())

    def tick(self, now: datetime) -> None:
        """Let time go on for all rows at once, a step at a time; only those are drawn again whose words it changes."""
        if abs(now - self._now) >= _STEP:
            before, self._now = self._now, now
            self._draw_rows_of(
                [each for each in self._around(0) if self._words(each, before) != self._words(each, now)]
            )

    def action_mark(self, then: str = "") -> None:
        """Mark the ticket under the cursor, or take its mark off; `then` "down" goes one down."""
        if (number := self.current) is None:
            return
        self._mark(self._marks.toggled(number))
        if then == "down":
            self.action_down()

    def action_mark_range(self) -> None:
        """Mark everything from the last marked ticket to the cursor; where there is none, a range begins here."""
        cursor = self._place.cursor
        start = self._numbers.place(self._marks.last, cursor)
        first, last = sorted((cursor if start is None else start, cursor))
        here = self._numbers[cursor : cursor + 1] if start is None else ()
        self._mark(self._marks.joined(self._numbers[first : last + 1], next(iter(here), None)))

    def action_mark_all(self) -> None:
        """Mark every ticket of the list."""
        self._mark(self._marks.joined(self._numbers))

    def render_line(self, y: int) -> Strip:
        position, width = y + self._place.top, self.scrollable_content_region.width
        if not 0 <= position < len(self._numbers):
            return self._beyond(y, width)
        number = self._numbers[position]
        self._unseen.discard(number)
        if (known := self._ticket(number)) is None:
            return Strip([Segment(f"  {self._signs.cut}".ljust(width)[:width], self._style("muted"))], width)
        ticket, version = self.pending.over(known[0]), known[1]
        look = self._look(number, self._now, cursor=position == self._place.cursor)
        ground = self._ground(look)
        told = (look.marked, look.there, look.company, look.draft, look.calls, look.digits)
        foreseen = None if ticket is known[0] else ticket
        key = (number, version, foreseen, width, ground, self._showing, self._now, *told)
        if (strip := self._strips.get(key)) is None:
            pieces = row(ticket, look, width)
            strip = Strip([Segment(text, self._style(role, ground)) for text, role in pieces], width)
            self._strips[key] = strip
        return strip

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()
        self._styles.clear()

    def _ticket(self, number: TicketNumber) -> tuple[Ticket, int] | None:
        known = self.rows.get(number)
        if known is None and self.rows.wait():
            known = self.rows.get(number)
        return known

    def _mark(self, marks: Marks) -> None:
        self._marks = marks
        self.refresh()
        self.post_message(self.Marked(len(marks)))

    def _words(self, number: TicketNumber, now: datetime) -> list[tuple[str, Role]]:
        """What a row says at a moment; nothing where its ticket has not been read."""
        known, width = self.rows.get(number), self.scrollable_content_region.width
        return row(self.pending.over(known[0]), self._look(number, now, cursor=False), width) if known else []

    def _look(self, number: TicketNumber, now: datetime, *, cursor: bool) -> Look:
        return Look(
            now=now,
            signs=self._signs,
            cursor=cursor,
            marked=number in self._marks,
            there=self._there.get(number),
            company=self._company.get(number),
            calls=number in self._calling,
            draft=self._drafts.get(number),
            tell_status=self._showing.tell_status,
            tell_mailbox=self._showing.tell_mailbox,
            digits=self._digits,
        )

    def _ground(self, look: Look) -> str:
        if not look.cursor:
            return ""
        return "cursor" if self.has_focus else "cursor-blurred"

    def _beyond(self, y: int, width: int) -> Strip:
        told = wrap(self._showing.empty, width - 3) if not self._numbers else []
        words = f"  {told[y - 1]}" if 1 <= y <= len(told) else ""
        return Strip([Segment(words.ljust(width)[:width], self._style("muted"))], width)

    def _style(self, role: str, ground: str = "") -> Style:
        key = (role, ground)
        if key not in self._styles:
            base = self.get_component_rich_style(f"ticket-list--{ground}") if ground else self.rich_style
            self._styles[key] = base + self.get_component_rich_style(f"ticket-list--{role}", partial=True)
        return self._styles[key]
