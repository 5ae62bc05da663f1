"""What the keys do about things that intake left to an agent: whose matter it is, and the rest of a large mail."""

from __future__ import annotations

from functools import partial

from desk.actions.set_customer import confirm_customer
from desk.errors import RefusedError
from desk.offers import Offered
from desk.safe import safe_line
from desk.ticket import Ticket, TicketNumber
from tui.front import front
from tui.relating import Relating, offered


class OfferActions(Relating):
    """A screen on which what a ticket offers can be taken."""

    def action_confirm_customer(self) -> None:
        number = self.target()
        if front(self).desk.ticket(number).proposed_customer is None:
            raise RefusedError(f"nobody is proposed as the customer of {number}")
        front(self).act(
            f"customer of {number}", lambda desk: confirm_customer(desk, number), partial(self._confirmed, number)
        )

    def action_load_whole(self) -> None:
        opened = self.shown()
        offer = offered(opened, Offered.LOAD)
        if offer is None or offer.entry is None:
            raise RefusedError(f"all mails of ticket {opened.ticket.number} are here whole")
        front(self).load_whole(offer.entry, self.acted)

    def _confirmed(self, number: TicketNumber, after: Ticket) -> None:
        front(self).say(f"{number}: a matter of {safe_line(str(after.customer))}, u takes it back")
        self.acted()
