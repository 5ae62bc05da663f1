"""What the keys do about things that intake left to an agent: whose matter it is, and the rest of a large mail."""

from __future__ import annotations

from functools import partial

from desk.actions.set_customer import confirm_customer
from desk.errors import RefusedError
from desk.offers import Offered
from desk.safe import safe_line
from desk.ticket import Ticket, TicketNumber
from tui.actions.relating import Relating, offered
from tui.front import front
from tui.keys.naming import with_keys
from tui.reader.opened import OpenTicket
from tui.words.tongue import tr


class OfferActions(Relating):
    """A screen on which what a ticket offers can be taken."""

    def action_confirm_customer(self) -> None:
        number = self.target()
        front(self).prepare(lambda desk: desk.ticket(number), self._confirm_customer)

    def _confirm_customer(self, ticket: Ticket) -> None:
        number = ticket.number
        if ticket.proposed_customer is None:
            raise RefusedError(tr("nobody is proposed as the customer of {number}").format(number=number))
        label = tr("customer of {number}").format(number=number)
        front(self).act(label, lambda desk: confirm_customer(desk, number), partial(self._confirmed, number))

    def action_load_whole(self) -> None:
        self.with_shown(self._load_rest)

    def _load_rest(self, opened: OpenTicket) -> None:
        offer = offered(opened, Offered.LOAD)
        if offer is None or offer.entry is None:
            number = opened.ticket.number
            raise RefusedError(tr("all mails of ticket {number} are here whole").format(number=number))
        front(self).load_whole(offer.entry, self.acted)

    def _confirmed(self, number: TicketNumber, after: Ticket) -> None:
        words = tr("{number}: a matter of {customer}, {key_undo} takes it back")
        front(self).say(with_keys(words, number=number, customer=safe_line(str(after.customer))))
        self.acted()
