"""A list with a cursor: numbers of any count, of which only the visible rows are read and drawn.

What a row shows its subclass says; where the cursor and the top stand is in tui/lists/placing.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView

from desk.ticket import TicketNumber
from tui.front import front
from tui.lists.numbering import Numbers
from tui.lists.placing import Place
from tui.lists.rows import Rows
from tui.terminal.scrolling import scroll_terminal

_AHEAD = 100
"""Rows above and below the visible ones that are read before they are seen."""
_NEIGHBOURS = 4
"""Rows on each side of the cursor by which it is told whether its own ticket moved."""


class CursorList(ScrollView, can_focus=True):
    """Rows with a cursor among them. `begin` has `rows.fill` called in the reader's thread."""

    virtual_size = reactive(Size(0, 0), layout=False, repaint=False)
    """As long as the list; nothing around it moves when that changes."""

    @dataclass
    class Moved(Message, namespace="ticket_list"):
        """The cursor is on another ticket; None: the list is empty."""

        number: TicketNumber | None

    def __init__(self, begin: Callable[[], object]) -> None:
        super().__init__()
        self.rows = Rows(begin)
        self._numbers = Numbers()
        self._place = Place()
        self._follower: TicketNumber | None = None

    @property
    def numbers(self) -> Numbers:
        """All tickets of the list, in order."""
        return self._numbers

    @property
    def current(self) -> TicketNumber | None:
        """The ticket under the cursor; None in an empty list."""
        return self._numbers[self._place.cursor] if self._place.cursor < len(self._numbers) else None

    @property
    def told_place(self) -> int:
        """Where the cursor stands, counted from 1; 0 where the whole list is in sight."""
        return self._place.cursor + 1 if len(self._numbers) > self._height else 0

    def go_to(self, number: TicketNumber) -> bool:
        """Put the cursor on a ticket; false where the list does not hold it."""
        if (place := self._numbers.place(number, self._place.cursor)) is None:
            return False
        self._move_to(place)
        return True

    def step(self, by: int) -> TicketNumber | None:
        """Move the cursor; returns the ticket it is on now, None where it could not move."""
        before = self._place.cursor
        self._move_to(before + by)
        return self.current if self._place.cursor != before else None

    def let_go(self) -> None:
        """Do not follow the ticket under the cursor when it moves: the next one takes its row, and the cursor."""
        following = self._place.cursor + 1
        self._follower = self._numbers[following] if following < len(self._numbers) else None

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

    def on_focus(self) -> None:
        self._draw(self._place.cursor)

    def on_blur(self) -> None:
        self._draw(self._place.cursor)

    def on_show(self) -> None:
        """The list may have become another one while a ticket hid it."""
        self.on_resize()

    def on_resize(self) -> None:
        self._put(self._place.resized(len(self._numbers), self._height))

    def on_click(self, event: events.Click) -> None:
        self._move_to(self._place.top + event.y)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """What Textual scrolls by itself, as for a mouse's wheel, moves the top; the cursor no further than it must."""
        if old_value == new_value or not self.size.height:  # hidden behind a ticket, it has no rows to scroll
            return
        top = round(new_value) - self._place.blank_above()
        if top != self._place.top:
            cursor = max(top, min(self._place.cursor, top + self._height - 1))
            self._go(Place(cursor, top))

    @property
    def _height(self) -> int:
        return max(self.size.height, 1)

    def _held(self, numbers: Numbers, before: TicketNumber | None) -> TicketNumber | None:
        """The ticket that the cursor belongs to in a new list: the one it was on, or what follows one that moved.

        It moved where most of its neighbours are on its other side now; one that follows may move by itself.
        """
        cursor = self._place.cursor
        now = numbers.place(before, cursor) if before is not None else None
        if now is None or self._follower is None:
            return before
        above = self._places_in(numbers, self._numbers[max(cursor - _NEIGHBOURS, 0) : cursor])
        below = self._places_in(numbers, self._numbers[cursor + 1 : cursor + 1 + _NEIGHBOURS])
        if 2 * sum(each < now for each in below) <= len(below) and 2 * sum(each > now for each in above) <= len(above):
            self._follower = numbers[now + 1] if now + 1 < len(numbers) else None
            return before
        self._follower = None
        stayed = (each for each, following in pairwise((*below, len(numbers))) if each < following)
        return next((numbers[each] for each in stayed), before)

    def _places_in(self, numbers: Numbers, tickets: Iterable[TicketNumber]) -> list[int]:
        places = (numbers.place(each, self._place.cursor) for each in tickets)
        return [each for each in places if each is not None]

    def _place_of(self, numbers: Numbers, *wanted: TicketNumber | None) -> int:
        cursor = self._place.cursor
        places = (numbers.place(each, cursor) for each in wanted)
        return next((each for each in places if each is not None), max(min(cursor, len(numbers) - 1), 0))

    def _kept(self, cursor: int, at: TicketNumber | None, before: TicketNumber | None) -> Place:
        """The cursor keeps its row; one that was sent elsewhere, or that had none, goes where it can be seen.

        So does one whose ticket left with so many above it that the first rows would be blank.
        """
        is_sent = at is not None and self._numbers[cursor] == at if self._numbers else True
        kept = self._place.keeping_row(cursor)
        if is_sent or before is None or (kept.blank_above() and self._numbers[cursor] != before):
            return self._place.moved(cursor, len(self._numbers), self._height)
        return kept

    def _begun(self, numbers: Numbers, back_to: TicketNumber | None) -> Place:
        """Where the cursor stands in another list: at its top; or on its ticket, or `back_to` where that is gone."""
        stays = () if back_to is None else (self.current, back_to)
        places = (numbers.place(each) for each in stays)
        place = next((each for each in places if each is not None), None)
        return Place() if place is None else self._place.keeping_row(place).resized(len(numbers), self._height)

    def _move_to(self, position: int) -> None:
        self._follower = None
        to = self._place.moved(position, len(self._numbers), self._height)
        if abs(to.top - self._place.top) == 1 and self.region.width < front(self).size.width:
            to = to.centred(len(self._numbers), self._height)
        self._go(to)

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
        """Read the rows around the visible ones: once these are painted, unless some of these miss."""
        if not self._numbers or self._height <= 1:
            return
        if not self.rows.has(self._around(0)):
            self._ask_around()
        elif not self.rows.has(self._around(self._height)):
            self.call_after_refresh(self._ask_around)

    def _ask_around(self) -> None:
        around = self._around(_AHEAD)
        self.rows.let_go_of_all_but(around)
        self.rows.ask([*self._around(0), *around])

    def _around(self, more: int) -> Numbers:
        """The tickets of the visible rows, and of so many above and below."""
        top = max(self._place.top, 0)
        return self._numbers[max(top - more, 0) : top + self._height + more]

    def _draw(self, position: int) -> None:
        if 0 <= (y := position - self._place.top) < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _draw_rows_of(self, numbers: Collection[TicketNumber]) -> None:
        top = max(self._place.top, 0)
        for position in range(top, min(top + self._height, len(self._numbers))) if numbers else ():
            if self._numbers[position] in numbers:
                self._draw(position)
