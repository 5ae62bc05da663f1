"""The ticket list: any number of tickets, of which only the visible ones are read and drawn.

It holds numbers; tickets come through `load` a window at a time. The cursor stays on its ticket and on its row of the
screen when tickets come in above.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.geometry import Offset, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from desk.clock import Clock
from desk.people import Handle
from desk.presence import Doing
from desk.ticket import Ticket, TicketNumber
from tui.front import front
from tui.signs import Signs
from tui.widgets.row import Look, Role, row

Load = Callable[[Sequence[TicketNumber]], Sequence[Ticket]]
There = tuple[Handle, Doing]

_WINDOW = 100
_KEPT = 1000
_LOADING = "…"


class TicketList(ScrollView, can_focus=True):
    """Tickets as lines, with a cursor and marks."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "ticket-list--cursor",
        "ticket-list--cursor-blurred",
        *(f"ticket-list--{role}" for role in Role),
    }
    DEFAULT_CSS = """
    TicketList {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; scrollbar-gutter: stable;
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

    def __init__(self, load: Load, clock: Clock, signs: Signs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._load, self._clock, self._signs = load, clock, signs
        self._numbers: Sequence[TicketNumber] = ()
        self._cursor = 0
        self._marks: dict[TicketNumber, None] = {}
        self._last_mark: TicketNumber | None = None
        self._follower: TicketNumber | None = None
        self._unseen: set[TicketNumber] = set()
        self._there: Mapping[TicketNumber, There] = {}
        self._drafts: Mapping[TicketNumber, tuple[str, str]] = {}
        self._tickets: LRUCache[TicketNumber, tuple[Ticket, int]] = LRUCache(_KEPT)
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(_KEPT)
        self._styles: dict[tuple[str, ...], Style] = {}
        self._loads = 0
        self._empty = ""
        self._tell_status = False
        self._minute = clock().replace(second=0)

    @property
    def numbers(self) -> Sequence[TicketNumber]:
        """All tickets of the list, in order."""
        return self._numbers

    @property
    def current(self) -> TicketNumber | None:
        """The ticket under the cursor; None in an empty list."""
        return self._numbers[self._cursor] if self._cursor < len(self._numbers) else None

    @property
    def marked(self) -> tuple[TicketNumber, ...]:
        """The marked tickets, in the order they were marked."""
        return tuple(self._marks)

    @property
    def unseen_above(self) -> int:
        """How many tickets came in above the first visible row since the list was last scrolled there."""
        top = self.scroll_offset.y
        return sum(number in self._unseen for number in self._numbers[:top]) if self._unseen else 0

    def show(
        self,
        numbers: Sequence[TicketNumber],
        *,
        empty: str = "",
        tell_status: bool = False,
        at: TicketNumber | None = None,
        anew: bool = False,
    ) -> None:
        """Show these tickets. The cursor stays with its ticket, or goes to `at`; `anew` starts at the top."""
        same = numbers == self._numbers and (empty, tell_status) == (self._empty, self._tell_status)
        if same and not anew and at in (None, self.current):
            return
        before, known, offset = self.current, set(self._numbers), self._cursor - self.scroll_offset.y
        shown = set(numbers)
        self._unseen = set() if anew or not known else (self._unseen | shown - known) & shown
        self._numbers, self._empty, self._tell_status = numbers, empty, tell_status
        self.virtual_size = Size(0, len(numbers))
        self._cursor = 0 if anew else self._place_of(at, self._held(before))
        self._marks = {number: None for number in self._marks if number in shown}
        self._scroll_cursor_to(0 if anew else offset)
        self.refresh()
        if self.current != before:
            self.post_message(self.Moved(self.current))

    def forget(self, changed: frozenset[TicketNumber] | None) -> None:
        """Read these tickets again and draw their rows; None: all of them."""
        if changed is None:
            self._tickets.clear()
            self.refresh()
            return
        for number in changed:
            self._tickets.discard(number)
        self._draw_rows_of(changed)

    def attended(self, there: Mapping[TicketNumber, There]) -> None:
        """Show which colleagues have which tickets open."""
        changed = {number for number, _ in set(there.items()) ^ set(self._there.items())}
        self._there = there
        self._draw_rows_of(changed)

    def drafted(self, drafts: Mapping[TicketNumber, tuple[str, str]]) -> None:
        """Show which tickets have an unfinished answer, whose, and since when, in words."""
        changed = {number for number, _ in set(drafts.items()) ^ set(self._drafts.items())}
        self._drafts = drafts
        self._draw_rows_of(changed)

    def go_to(self, number: TicketNumber) -> bool:
        """Put the cursor on a ticket; false where the list does not hold it."""
        if number not in self._numbers:
            return False
        self._move_to(self._numbers.index(number))
        return True

    def after(self, numbers: Sequence[TicketNumber]) -> TicketNumber | None:
        """The first ticket below the cursor that is not among these, or else the nearest one above it."""
        leaving = set(numbers)
        below = (each for each in self._numbers[self._cursor :] if each not in leaving)
        above = (each for each in reversed(self._numbers[: self._cursor]) if each not in leaving)
        return next(below, None) or next(above, None)

    def step(self, by: int) -> TicketNumber | None:
        """Move the cursor; returns the ticket it is on now, None where it could not move."""
        before = self._cursor
        self._move_to(self._cursor + by)
        return self.current if self._cursor != before else None

    def let_go(self) -> None:
        """Do not follow the ticket under the cursor when it moves: the next one takes its row, and the cursor."""
        self._follower = next(iter(self._numbers[self._cursor + 1 : self._cursor + 2]), None)

    def clear_marks(self) -> None:
        """Take all marks off."""
        self._mark({})

    def tick(self, now: datetime) -> None:
        """Draw again what tells time, once a minute."""
        if (minute := now.replace(second=0)) != self._minute:
            self._minute = minute
            self.refresh()

    def action_down(self) -> None:
        self._move_to(self._cursor + 1)

    def action_up(self) -> None:
        self._move_to(self._cursor - 1)

    def action_half_down(self) -> None:
        self._move_to(self._cursor + max(self.size.height // 2, 1))

    def action_half_up(self) -> None:
        self._move_to(self._cursor - max(self.size.height // 2, 1))

    def action_page_down(self) -> None:
        self._move_to(self._cursor + max(self.size.height - 1, 1))

    def action_page_up(self) -> None:
        self._move_to(self._cursor - max(self.size.height - 1, 1))

    def action_top(self) -> None:
        self._move_to(0)

    def action_bottom(self) -> None:
        self._move_to(len(self._numbers) - 1)

    def action_mark(self, then: str = "") -> None:
        """Mark the ticket under the cursor, or take its mark off; `then` "down" goes one down."""
        if (number := self.current) is None:
            return
        marks = dict(self._marks)
        if number in marks:
            del marks[number]
        else:
            marks[number] = None
            self._last_mark = number
        self._mark(marks)
        if then == "down":
            self.action_down()

    def action_mark_range(self) -> None:
        """Mark everything from the last marked ticket to the cursor."""
        start = self._numbers.index(self._last_mark) if self._last_mark in self._numbers else self._cursor
        first, last = sorted((start, self._cursor))
        self._mark({**self._marks, **dict.fromkeys(self._numbers[first : last + 1])})

    def action_mark_all(self) -> None:
        """Mark every ticket of the list."""
        self._mark(dict.fromkeys(self._numbers))

    def render_line(self, y: int) -> Strip:
        position, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if position >= len(self._numbers):
            return self._beyond(y, width)
        number = self._numbers[position]
        self._unseen.discard(number)
        if (known := self._ticket_at(position)) is None:
            return Strip([Segment(_LOADING.ljust(width), self._style("muted"))], width)
        ticket, version = known
        look = self._look(number, cursor=position == self._cursor)
        ground = self._ground(look)
        told = (look.marked, look.there, look.draft, look.digits, self._tell_status, self._minute)
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
        self._draw(self._cursor)

    def on_blur(self) -> None:
        self._draw(self._cursor)

    def on_resize(self) -> None:
        self._scroll_cursor_to(self._cursor - self.scroll_offset.y)

    def on_click(self, event: events.Click) -> None:
        self._move_to(self.scroll_offset.y + event.y)

    def _held(self, before: TicketNumber | None) -> TicketNumber | None:
        """The ticket that the cursor belongs to in a new list: the one it was on, or what follows one that moved."""
        follower = self._follower
        if before is None or follower not in self._numbers or before not in self._numbers:
            return before
        if self._numbers.index(follower) == self._numbers.index(before) + 1:
            return before
        self._follower = None
        return follower

    def _place_of(self, wanted: TicketNumber | None, before: TicketNumber | None) -> int:
        for number in (wanted, before):
            if number is not None and number in self._numbers:
                return self._numbers.index(number)
        return max(min(self._cursor, len(self._numbers) - 1), 0)

    def _move_to(self, position: int) -> None:
        self._follower = None
        old, self._cursor = self._cursor, max(0, min(len(self._numbers) - 1, position))
        if old == self._cursor:
            return
        self._draw(old)
        self._draw(self._cursor)
        self._scroll_cursor_to(self._cursor - self.scroll_offset.y)
        self.post_message(self.Moved(self.current))

    def _scroll_cursor_to(self, offset: int) -> None:
        """Scroll so that the cursor is `offset` rows below the top, or as near to that as it can be seen."""
        height = max(self.size.height, 1)
        offset = max(0, min(offset, height - 1))
        top = max(0, min(self._cursor - offset, len(self._numbers) - height))
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
        front(self).cursor_position = Offset(self.region.x, self.region.y + self._cursor - top)

    def _draw(self, position: int) -> None:
        if 0 <= position - self.scroll_offset.y < self.size.height:
            self.refresh_line(position)

    def _draw_rows_of(self, numbers: Collection[TicketNumber]) -> None:
        top = self.scroll_offset.y
        for position, number in enumerate(self._numbers[top : top + self.size.height], top):
            if number in numbers:
                self._draw(position)

    def _mark(self, marks: dict[TicketNumber, None]) -> None:
        self._marks = marks
        self.refresh()
        self.post_message(self.Marked(len(marks)))

    def _ticket_at(self, position: int) -> tuple[Ticket, int] | None:
        number = self._numbers[position]
        if (known := self._tickets.get(number)) is None:
            start = max(position - _WINDOW // 4, 0)
            window = [each for each in self._numbers[start : start + _WINDOW] if each not in self._tickets]
            self._loads += 1
            for ticket in self._load(window):
                self._tickets[ticket.number] = (ticket, self._loads)
            known = self._tickets.get(number)
        return known

    def _look(self, number: TicketNumber, *, cursor: bool) -> Look:
        return Look(
            now=self._clock(),
            signs=self._signs,
            cursor=cursor,
            marked=number in self._marks,
            there=self._there.get(number),
            draft=self._drafts.get(number),
            tell_status=self._tell_status,
            digits=max(4, len(str(max(self._numbers[0], self._numbers[-1])))),
        )

    def _ground(self, look: Look) -> str:
        if not look.cursor:
            return ""
        return "cursor" if self.has_focus else "cursor-blurred"

    def _beyond(self, y: int, width: int) -> Strip:
        words = f"  {self._empty}" if y == 1 and not self._numbers else ""
        return Strip([Segment(words.ljust(width)[:width], self._style("muted"))], width)

    def _style(self, role: str, ground: str = "") -> Style:
        key = (role, ground)
        if key not in self._styles:
            base = self.get_component_rich_style(f"ticket-list--{ground}") if ground else self.rich_style
            self._styles[key] = base + self.get_component_rich_style(f"ticket-list--{role}", partial=True)
        return self._styles[key]
