"""Set whose turn it is on a ticket."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Act, Happened
from desk.desk import Desk
from desk.ticket import Status, Ticket, TicketNumber


def set_status(desk: Desk, number: TicketNumber, status: Status, *, act: Act | None = None) -> Ticket:
    """Make a ticket open, waiting, closed or spam.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
    """
    author = desk.me.handle
    with desk.store.transaction():
        ticket = desk.live_ticket(number)
        if ticket.status == status:
            return ticket
        after = replace(ticket, status=status)
        return desk.record(Happened.STATUS_CHANGED, ticket, after, act=act, author=author)
