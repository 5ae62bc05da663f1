"""Set how much a ticket matters."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Act, Happened
from desk.desk import Desk
from desk.ticket import Priority, Ticket, TicketNumber


def set_priority(desk: Desk, number: TicketNumber, priority: Priority, *, act: Act | None = None) -> Ticket:
    """Make a ticket low, normal, high or urgent.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
    """
    author = desk.me.handle
    with desk.store.transaction():
        ticket = desk.live_ticket(number)
        if ticket.priority == priority:
            return ticket
        return desk.record(
            Happened.PRIORITY_CHANGED, ticket, replace(ticket, priority=priority), act=act, author=author
        )
