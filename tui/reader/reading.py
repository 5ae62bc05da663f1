"""A screen with a list and a reader: which ticket the reader shows, when it counts as read, and who is told of it."""

from __future__ import annotations

from abc import abstractmethod
from asyncio import TimerHandle
from collections.abc import Callable, Sequence
from functools import partial

from desk.conversation import EntryId
from desk.desk import Desk
from desk.ticket import TicketNumber
from tui.actions.relating import Relating
from tui.actions.snoozing import Snoozing
from tui.company import Company
from tui.copying import copy_line, copy_text
from tui.front import front
from tui.host import host, stands
from tui.keys import Context
from tui.reader.attending import Attending
from tui.reader.looking import Looking, links_of_entry
from tui.reader.opened import OpenTicket, newest_mail
from tui.reader.turning import Turned
from tui.threads.later import later
from tui.widgets.reader import Reader
from tui.widgets.ticket_list import TicketList
from tui.words.tongue import tr

_SHOW_AFTER = 0.06
_READ_AFTER = 2.0
"""Seconds that a ticket stays under the cursor before it is shown beside the list, and before it counts as read."""

_WIDE = 100


class Reading(Snoozing, Company, Relating, Looking):
    """Reads tickets: in a pane beside the list, or in its place."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._opened: TicketNumber | None = None
        self._attending = Attending(host(self))
        self._turning: TicketNumber | None = None
        self._show_timer: TimerHandle | None = None
        self._read_timer: TimerHandle | None = None

    @property
    def tickets(self) -> TicketList:
        """The list."""
        return self.query_one(TicketList)

    @property
    def is_wide(self) -> bool:
        """Whether list and reader stand side by side."""
        return front(self).size.width >= _WIDE

    @property
    def is_reading(self) -> bool:
        """Whether the keys act on the ticket in the reader."""
        return self.has_class("-reading")

    @property
    def typing_place(self) -> Context:
        """Which keys the last line shows while something is typed."""
        return Context.FIND if self.is_reading else Context.FILTER

    def idle_keys(self) -> frozenset[str]:
        """The keys of the last line, as people read them, that have nothing to act on now."""
        return frozenset()

    @abstractmethod
    def _describe(self) -> None:
        """Say what is shown, and which keys act."""

    def with_shown(self, then: Callable[[OpenTicket], object]) -> None:
        showing, number = self.reader.current, self.target()
        if showing is not None and showing.ticket.number == number:
            then(showing)
        else:
            super().with_shown(then)

    def chosen_entry(self) -> EntryId | None:
        return self.reader.chosen if self.is_reading else None

    def at_hand(self) -> frozenset[TicketNumber]:
        return frozenset(each for each in (self._opened, self.tickets.current) if each is not None)

    def is_open(self, number: TicketNumber) -> bool:
        return self.is_reading and self.is_active and number == self._opened

    def open_ticket(self, number: TicketNumber) -> None:
        self._open(number)

    def action_open_ticket(self, number: str) -> None:
        """Open a ticket by its number, wherever it is."""
        self._open(TicketNumber(int(number)))

    def action_next_ticket(self) -> None:
        self._step(1)

    def action_previous_ticket(self) -> None:
        self._step(-1)

    def action_copy(self, what: str) -> None:
        """Copy the number of the ticket at hand, or its customer's address."""
        number = self.target()
        if what == "number":
            copy_line(front(self), str(number))
        else:
            front(self).prepare(
                lambda desk: desk.ticket(number).customer.email, lambda email: copy_line(front(self), email)
            )

    def action_copy_words(self) -> None:
        """Copy the text of what is at hand in the reader; from the list, that of the ticket's newest mail."""
        if self.is_reading:
            super().action_copy_words()
        else:
            read = partial(newest_mail, number=self.target())
            front(self).prepare(read, lambda mail: copy_text(front(self), mail.text))

    def action_copy_link(self) -> None:
        if self.is_reading:
            super().action_copy_link()
        else:
            number = self.target()
            front(self).prepare(
                lambda desk: links_of_entry(newest_mail(desk, number), desk), self.copy_link_of, from_files=True
            )

    def go_on_from(self, numbers: Sequence[TicketNumber]) -> None:
        following = self.tickets.after(numbers)
        if following is not None:
            self.tickets.go_to(following)
        if self.is_reading:
            if following is None:
                self._close_reader()
            else:
                self._open(following)

    def on_reader_end_reached(self, event: Reader.EndReached) -> None:
        if event.number == self._opened and not self.is_turning:
            self._step(1)

    @property
    def is_turning(self) -> bool:
        """Whether a ticket is about to be read: keys wait for it."""
        return self._turning is not None

    def _open(self, number: TicketNumber) -> None:
        """Read a ticket: it has the keys, counts as read, and colleagues see who reads it.

        Until it is there, what is shown stays.
        """
        self._turning = number
        self._stop_timers()
        self._fetch("opened", number, self._turned).wait()

    def _turned(self, opened: OpenTicket) -> None:
        number = opened.ticket.number
        if number != self._turning or not stands(self):
            return
        self._turning = None
        self._show_in_reader(opened)
        self.tickets.go_to(number)
        self._stop_timers()
        self.add_class("-reading")
        self.set_focus(self.reader)
        self.heed(number)
        self._read(number)

    def _fetch(self, kind: str, number: TicketNumber, done: Callable[[OpenTicket], None]) -> Turned:
        """Read a ticket in another thread; where it cannot be read, that is said."""
        turned = Turned(number, done)
        front(self).fetch(kind, turned.read, lambda _: turned.take(), partial(self._not_turned, number))
        return turned

    def _not_turned(self, number: TicketNumber) -> None:
        if self._turning == number:
            self._turning = None
            front(self).let_keys_be()

    def _close_reader(self) -> None:
        self._turning = None
        self.end_find()
        self.remove_class("-reading")
        self.set_focus(self.tickets)
        self._attending.close()
        if self.is_wide:
            self._show_current()

    def _show_current(self) -> None:
        number = self.tickets.current
        if number is None:
            self._show_in_reader(None)
        elif not self.is_turning:
            self._fetch("opened", number, self._show_beside).wait()

    def _show_beside(self, opened: OpenTicket) -> None:
        """Show a ticket beside the list, unless the cursor is on another one by now, or one is read."""
        if stands(self) and not self.is_reading and opened.ticket.number == self.tickets.current:
            self._show_in_reader(opened)
            self._read_soon()

    def _read_soon(self) -> None:
        """Count the ticket beside the list as read once it stayed there; a screen on top tells what is done there."""
        self._stop_timers()
        if self._opened is not None and self.is_active and self.is_wide and not self.is_reading:
            self._read_timer = later(self, _READ_AFTER, partial(self._read, self._opened))

    def _reload(self) -> None:
        """Show the newest state of the ticket that is on show."""
        if (showing := self.reader.current) is not None:
            self._fetch("newest", showing.ticket.number, self._show_newest)

    def _show_newest(self, opened: OpenTicket) -> None:
        showing = self.reader.current if stands(self) else None
        if showing is not None and showing.ticket.number == opened.ticket.number:
            self._show_in_reader(opened)

    def _show_in_reader(self, opened: OpenTicket | None) -> None:
        number = opened.ticket.number if opened else None
        if number != self._opened:
            self.end_find()
        self._opened = number
        self.reader.show(opened)

    def _read(self, number: TicketNumber) -> None:
        showing = self.reader.current
        self._attending.open(number, unread=showing is not None and showing.ticket.unread)

    def _attend_again(self) -> None:
        """Tell colleagues once more which ticket is read here; a composer on top tells it itself."""
        if self.is_active:
            self._attending.renew()

    def _show_soon(self) -> None:
        """Show the ticket under the cursor, once the cursor stays."""
        self._show_timer = later(self, _SHOW_AFTER, self.cursor_stayed)

    def cursor_stayed(self) -> None:
        """Show the ticket under the cursor where there is room beside the list."""
        if self.is_wide and not self.is_reading:
            self._show_current()

    def _stop_timers(self) -> None:
        for timer in (self._show_timer, self._read_timer):
            if timer is not None:
                timer.cancel()

    def _step(self, by: int) -> None:
        if (number := self._beside(by)) is not None:
            self._open(number)
        else:
            last, first = tr("this is the last ticket of the list"), tr("this is the first ticket of the list")
            front(self).say(last if by > 0 else first)

    def _beside(self, by: int) -> TicketNumber | None:
        """The next ticket; it has the cursor already where the one that is read went to another place of the list."""
        current = self.tickets.current
        if by > 0 and self.is_reading and current not in (None, self._opened):
            return current
        return self.tickets.step(by)
