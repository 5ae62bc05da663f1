"""What the keys did stands on the screen with the next frame, before it is written: in the rows, the list, the heading.

A ticket that leaves the list by it leaves at once; one that the desk refuses comes back, and the cursor stays where it
went meanwhile.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from desk.actions.assign import Seen
from desk.conversation import Act
from desk.expression import Expression
from desk.ticket import Ticket, TicketNumber
from tui.actions.deeds import Deed, Outcome, Sight
from tui.reader.opened import OpenTicket
from tui.reader.reading import Reading


class Foreseeing(Reading):
    """Shows tickets as they will be; until they are, what the store says is kept beside it."""

    _as_read: OpenTicket | None = None

    @abstractmethod
    def wanted(self) -> Expression | None:
        """The search of the list that is shown; None where it cannot be read."""

    @abstractmethod
    def list_foreseen(self, at: TicketNumber | None = None) -> None:
        """Show the list that was read last, without what leaves it; the cursor goes to `at`."""

    def leaving(self) -> frozenset[TicketNumber]:
        """The tickets that leave the list by what keys did and the list that was read does not know yet."""
        wanted = self.wanted() if self.tickets.pending else None
        return frozenset() if wanted is None else frozenset(self.tickets.pending.gone(wanted, self._rows_known()))

    def sight(self) -> Sight:
        now, read = self._desk.clock(), self.reader.current if self.is_reading else None
        rows = (self.tickets.pending.over(each) for each in self.tickets.rows.known())
        shown = (*rows, read.ticket) if read is not None else rows
        return {each.number: Seen(each.assignee, now) for each in shown}

    def foresee(self, act: Act, numbers: Sequence[TicketNumber], deed: Deed) -> None:
        self.tickets.pending.begin(act, numbers, deed.becomes)
        self._paint(numbers)
        if self.leaving():
            self.list_foreseen(self.tickets.after(numbers) if deed.goes_on else None)
        if deed.goes_on:
            self.go_on_from(numbers)

    def confirmed(self, act: Act, outcome: Outcome) -> None:
        refused = frozenset(number for number, _ in outcome.refused)
        self.tickets.pending.confirm(act, but=refused)
        self.tickets.bring(outcome.after)
        now = {each.number: each for each in outcome.after}
        if (read := self._as_read) is not None and read.ticket.number in now:
            self._as_read = replace(read, ticket=now[read.ticket.number])
        self._paint(refused | now.keys())
        if refused:
            self.list_foreseen(self.tickets.current)

    def refused(self, act: Act) -> None:
        numbers = self.tickets.pending.numbers
        self.tickets.pending.end([act])
        self._paint(numbers)
        self.list_foreseen(self.tickets.current)

    def _show_in_reader(self, opened: OpenTicket | None) -> None:
        self._as_read = opened
        super()._show_in_reader(self._foreseen(opened))

    def _foreseen(self, opened: OpenTicket | None) -> OpenTicket | None:
        return opened and replace(opened, ticket=self.tickets.pending.over(opened.ticket))

    def _paint(self, numbers: Collection[TicketNumber]) -> None:
        """Draw the rows of these tickets anew, and the heading where it is about one of them."""
        self.tickets.redraw(numbers)
        showing, read = self.reader.current, self._as_read
        if read is not None and showing is not None and showing.ticket.number == read.ticket.number in numbers:
            self.reader.show(self._foreseen(read))

    def _rows_known(self) -> Iterator[Ticket]:
        for number in self.tickets.pending.numbers:
            if (known := self.tickets.rows.get(number)) is not None:
                yield known[0]
