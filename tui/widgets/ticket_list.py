"""The ticket list: any number of tickets, of which only the visible ones are read and drawn.

It holds numbers; tickets come through tui/rows.py, a window at a time. The cursor stays on its ticket and on its row of
the screen whatever comes or goes (tui/placing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from desk.clock import Clock
from desk.people import Handle
from desk.presence import Doing
from desk.ticket import Ticket, TicketNumber
from tui.front import front
from tui.marks import Marks
from tui.numbering import Change, Numbers, change
from tui.placing import Place
from tui.rows import Rows
from tui.scrolling import scroll_terminal
from tui.signs import Signs
from tui.widgets.row import Look, Role, row

There = tuple[Handle, Doing]
Company = tuple[str, bool]

_AHEAD = 100
"""Rows above and below the visible ones that are read before they are seen; further in the direction one moves."""
_STRIPS = 500


@dataclass(frozen=True, slots=True)
class Showing:
    """What a list shows besides its tickets: what an empty one says, and which columns make sense in it."""

    empty: str = ""
    tell_status: bool = False
    tell_mailbox: bool = False


class TicketList(ScrollView, can_focus=True):
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
    class Moved(Message):
        """The cursor is on another ticket; None: the list is empty."""

        number: TicketNumber | None

    @dataclass
    class Marked(Message):
        """How many tickets are marked now."""

        count: int

    def __init__(self, begin: Callable[[], object], clock: Clock, signs: Signs) -> None:
        super().__init__()
        self._clock, self._signs = clock, signs
        self.rows = Rows(begin)
        self._numbers = Numbers()
        self._place = Place()
        self._marks = Marks()
        self._follower: TicketNumber | None = None
        self._unseen: set[TicketNumber] = set()
        self._there: Mapping[TicketNumber, There] = {}
        self._company: Mapping[TicketNumber, Company] = {}
        self._calling = frozenset[TicketNumber]()
        self._drafts: Mapping[TicketNumber, tuple[str, str]] = {}
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(_STRIPS)
        self._styles: dict[tuple[str, ...], Style] = {}
        self._showing = Showing()
        self._digits = 4
        self._minute = clock().replace(second=0)

    @property
    def numbers(self) -> Numbers:
        """All tickets of the list, in order."""
        return self._numbers

    @property
    def current(self) -> TicketNumber | None:
        """The ticket under the cursor; None in an empty list."""
        return self._numbers[self._place.cursor] if self._place.cursor < len(self._numbers) else None

    @property
    def marked(self) -> tuple[TicketNumber, ...]:
        """The marked tickets, in the order they were marked."""
        return self._marks.all

    @property
    def told_place(self) -> int:
        """Where the cursor stands, counted from 1; 0 where the whole list is in sight."""
        return self._place.cursor + 1 if len(self._numbers) > self._height else 0

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
        tickets: Iterable[Ticket] = (),
        at: TicketNumber | None = None,
        anew: bool = False,
    ) -> Change:
        """Show these tickets. The cursor stays with its ticket, or goes to `at`; `anew` starts at the top.

        `news` is what is different, where that is known, and `tickets` are some that were read with them. Returns what
        is different.
        """
        self.rows.bring(tickets)
        if news is None or news.before is not self._numbers:
            news = change(self._numbers, numbers)
        if numbers == self._numbers and showing == self._showing and not anew and at in (None, self.current):
            return news
        before, is_first = self.current, not self._numbers
        place = 0 if anew else self._place_of(numbers, at, self._held(numbers, before))
        self._unseen = set() if anew or is_first else (self._unseen | news.came) - news.left
        self._marks = self._marks.without(news.left)
        self._numbers, self._showing = numbers, showing
        self._digits = max(4, len(str(max(numbers[0], numbers[-1])))) if numbers else 4
        self._put(Place() if anew else self._kept(place, at, before))
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

    def go_to(self, number: TicketNumber) -> bool:
        """Put the cursor on a ticket; false where the list does not hold it."""
        if (place := self._numbers.place(number, self._place.cursor)) is None:
            return False
        self._move_to(place)
        return True

    def after(self, numbers: Sequence[TicketNumber]) -> TicketNumber | None:
        """The first ticket below the cursor that is not among these, or else the nearest one above it."""
        leaving, cursor = set(numbers), self._place.cursor
        below = (self._numbers[at] for at in range(cursor, len(self._numbers)))
        above = (self._numbers[at] for at in range(cursor - 1, -1, -1))
        return next((each for numbers in (below, above) for each in numbers if each not in leaving), None)

    def step(self, by: int) -> TicketNumber | None:
        """Move the cursor; returns the ticket it is on now, None where it could not move."""
        before = self._place.cursor
        self._move_to(before + by)
        return self.current if self._place.cursor != before else None

    def let_go(self) -> None:
        """Do not follow the ticket under the cursor when it moves: the next one takes its row, and the cursor."""
        following = self._place.cursor + 1
        self._follower = self._numbers[following] if following < len(self._numbers) else None

    def clear_marks(self) -> None:
        """Take all marks off."""
        self._mark(Marks())

    def tick(self, now: datetime) -> None:
        """Draw again what tells time, once a minute."""
        if (minute := now.replace(second=0)) != self._minute:
            self._minute = minute
            self.refresh()

    def action_down(self) -> None:
        self._move_to(self._place.cursor + 1)

    def action_up(self) -> None:
        self._move_to(self._place.cursor - 1)

    def action_half_down(self) -> None:
        self._move_to(self._place.cursor + max(self.size.height // 2, 1))

    def action_half_up(self) -> None:
        self._move_to(self._place.cursor - max(self.size.height // 2, 1))

    def action_page_down(self) -> None:
        self._move_to(self._place.cursor + max(self.size.height - 1, 1))

    def action_page_up(self) -> None:
        self._move_to(self._place.cursor - max(self.size.height - 1, 1))

    def action_top(self) -> None:
        self._move_to(0)

    def action_bottom(self) -> None:
        self._move_to(len(self._numbers) - 1)

    def action_mark(self, then: str = "") -> None:
        """Mark the ticket under the cursor, or take its mark off; `then` "down" goes one down."""
        if (number := self.current) is None:
            return
        self._mark(self._marks.toggled(number))
        if then == "down":
            self.action_down()

    def action_mark_range(self) -> None:
        """Mark everything from the last marked ticket to the cursor."""
        cursor = self._place.cursor
        start = self._numbers.place(self._marks.last, cursor)
        first, last = sorted((cursor if start is None else start, cursor))
        self._mark(self._marks.joined(self._numbers[first : last + 1]))

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
        ticket, version = known
        look = self._look(number, cursor=position == self._place.cursor)
        ground = self._ground(look)
        told = (look.marked, look.there, look.draft, look.digits, self._showing, self._minute)
        key = (number, version, width, ground, *told)
        if (strip := self._strips.get(key)) is None:
            pieces = row(ticket, look, width)
            strip = Strip([Segment(text, self._style(role, ground)) for text, role in pieces], width)
            self._strips[key] = strip
        return strip

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()
        self._styles.clear()

    def on_focus(self) -> None:
        self._draw(self._place.cursor)

    def on_blur(self) -> None:
        self._draw(self._place.cursor)

    def on_resize(self) -> None:
        self._put(self._place.resized(len(self._numbers), self._height))

    def on_click(self, event: events.Click) -> None:
        self._move_to(self._place.top + event.y)

    def watch_scroll_y(self, _old_value: float, new_value: float) -> None:
        """What Textual scrolls by itself, as for a mouse's wheel, moves the top; the cursor no further than it must."""
        top = round(new_value) - self._place.blank_above()
        if top != self._place.top:
            cursor = max(top, min(self._place.cursor, top + self._height - 1))
            self._go(Place(cursor, top))

    @property
    def _height(self) -> int:
        return max(self.size.height, 1)

    def _held(self, numbers: Numbers, before: TicketNumber | None) -> TicketNumber | None:
        """The ticket that the cursor belongs to in a new list: the one it was on, or what follows one that moved."""
        follower, near = self._follower, self._place.cursor
        if before is None or follower is None:
            return before
        there, now = numbers.place(follower, near), numbers.place(before, near)
        if there is None or now is None or there == now + 1:
            return before
        self._follower = None
        return follower

    def _place_of(self, numbers: Numbers, *wanted: TicketNumber | None) -> int:
        cursor = self._place.cursor
        places = (numbers.place(each, cursor) for each in wanted)
        return next((each for each in places if each is not None), max(min(cursor, len(numbers) - 1), 0))

    def _kept(self, cursor: int, at: TicketNumber | None, before: TicketNumber | None) -> Place:
        """The cursor keeps its row; one that was sent elsewhere, or that had none, goes where it can be seen."""
        is_sent = at is not None and self._numbers[cursor] == at if self._numbers else True
        if is_sent or before is None:
            return self._place.moved(cursor, len(self._numbers), self._height)
        return self._place.keeping_row(cursor)

    def _move_to(self, position: int) -> None:
        self._follower = None
        self._go(self._place.moved(position, len(self._numbers), self._height))

    def _go(self, to: Place) -> None:
        before = self._place
        if to == before:
            return
        self._put(to)
        self._draw(before.cursor)
        self._draw(to.cursor)
        if to.cursor != before.cursor:
            self.post_message(self.Moved(self.current))

    def _put(self, place: Place) -> None:
        """Let the top and the cursor be there."""
        by, self._place = place.top - self._place.top, place
        above, count, height = place.blank_above(), len(self._numbers), self._height
        self.virtual_size = Size(0, above + count + (place.blank_below(count, height) if place.top > 0 else 0))
        self.scroll_to(y=place.top + above, animate=False, force=True)
        self._draw_scrolled(by)
        front(self).cursor_position = Offset(self.region.x, self.region.y + place.row)
        self._ask_rows()

    def _draw_scrolled(self, by: int) -> None:
        """Draw the rows that were not visible before; all of them where the terminal cannot move the others."""
        if by and not scroll_terminal(self, by):
            self.refresh()
            return
        height = self.size.height
        for y in range(max(height - by, 0), height) if by > 0 else range(-by):
            self.refresh(Region(0, y, self.size.width, 1))

    def _ask_rows(self) -> None:
        """Read the visible rows, and those around them, where they are not there."""
        top, height, count = max(self._place.top, 0), self._height, len(self._numbers)
        around = range(max(top - _AHEAD, 0), min(top + height + _AHEAD, count))
        if not count or height <= 1:
            return
        near = [self._numbers[at] for at in range(max(top - height, 0), min(top + 2 * height, count))]
        if self.rows.has(near):
            return
        visible = [self._numbers[at] for at in range(top, min(top + height, count))]
        self.rows.let_go_of_all_but([self._numbers[at] for at in around])
        self.rows.ask([*visible, *(self._numbers[at] for at in around)])

    def _ticket(self, number: TicketNumber) -> tuple[Ticket, int] | None:
        known = self.rows.get(number)
        if known is None and self.rows.wait():
            known = self.rows.get(number)
        return known

    def _draw(self, position: int) -> None:
        if 0 <= (y := position - self._place.top) < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _draw_rows_of(self, numbers: Collection[TicketNumber]) -> None:
        top = max(self._place.top, 0)
        for position in range(top, min(top + self._height, len(self._numbers))) if numbers else ():
            if self._numbers[position] in numbers:
                self._draw(position)

    def _mark(self, marks: Marks) -> None:
        self._marks = marks
        self.refresh()
        self.post_message(self.Marked(len(marks)))

    def _look(self, number: TicketNumber, *, cursor: bool) -> Look:
        return Look(
            now=self._clock(),
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
        words = f"  {self._showing.empty}" if y == 1 and not self._numbers else ""
        return Strip([Segment(words.ljust(width)[:width], self._style("muted"))], width)

    def _style(self, role: str, ground: str = "") -> Style:
        key = (role, ground)
        if key not in self._styles:
            base = self.get_component_rich_style(f"ticket-list--{ground}") if ground else self.rich_style
            self._styles[key] = base + self.get_component_rich_style(f"ticket-list--{role}", partial=True)
        return self._styles[key]
