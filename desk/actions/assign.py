"""Give a ticket to an agent, or to nobody."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Act, Happened
from desk.desk import Desk
from desk.people import Handle
from desk.ticket import Ticket, TicketNumber


def assign(desk: Desk, number: TicketNumber, to: Handle | None, *, act: Act | None = None) -> Ticket:
    """Make `to` the one who answers this ticket (None: nobody does).

    Raises:
        NoSuchTicket, NoSuchAgent, NoAgent: the ticket, the colleague or the acting agent is unknown.
    """
    author = desk.me.handle
    with desk.store.transaction():
        ticket = desk.live_ticket(number)
        if to is not None:
            desk.agent(to)
        if ticket.assignee == to:
            return ticket
        return desk.record(Happened.ASSIGNED, ticket, replace(ticket, assignee=to), act=act, author=author)
