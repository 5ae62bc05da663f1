"""Say that a ticket is another matter than those that it looks like, so that nobody is asked again."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Act, Happened
from desk.desk import Desk, new_act
from desk.duplicates import OTHERS
from desk.errors import RefusedError
from desk.ticket import Ticket, TicketNumber


def keep_apart(desk: Desk, number: TicketNumber, *, act: Act | None = None) -> Ticket:
    """Let a ticket, and each that it looks like, be suggested as one matter no more.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
        RefusedError: it looks like none.
    """
    author, act = desk.me.handle, act or new_act()
    with desk.store.transaction():
        ticket = desk.live_ticket(number)
        if not ticket.resembles:
            raise RefusedError(f"ticket {number} looks like no other ticket")
        detail = {OTHERS: " ".join(map(str, ticket.resembles))}
        after = replace(ticket, resembles=())
        done = desk.record(Happened.KEPT_APART, ticket, after, act=act, author=author, detail=detail)
        for other in desk.store.tickets.many(ticket.resembles):
            if number in other.resembles:
                left = tuple(each for each in other.resembles if each != number)
                detail = {OTHERS: str(number)}
                after = replace(other, resembles=left)
                desk.record(Happened.KEPT_APART, other, after, act=act, author=author, detail=detail)
        return done
