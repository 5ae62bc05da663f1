"""Say that a ticket is another matter than those that it looks like, so that nobody is asked again."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from desk.conversation import Act, Happened
from desk.desk import Desk, new_act
from desk.duplicates import OTHERS
from desk.errors import RefusedError
from desk.ticket import Ticket, TicketNumber


def keep_apart(
    desk: Desk, number: TicketNumber, *, others: Container[TicketNumber] | None = None, act: Act | None = None
) -> Ticket:
    """Let a ticket, and each of `others` that it looks like (None: all), be suggested as one matter no more.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
        RefusedError: it looks like none of them.
    """
    author, act = desk.me.handle, act or new_act()
    with desk.store.transaction():
        ticket = desk.live_ticket(number)
        apart = tuple(each for each in ticket.resembles if others is None or each in others)
        if not apart:
            raise RefusedError(f"ticket {number} looks like no other ticket")
        detail = {OTHERS: " ".join(map(str, apart))}
        after = replace(ticket, resembles=tuple(each for each in ticket.resembles if each not in apart))
        done = desk.record(Happened.KEPT_APART, ticket, after, act=act, author=author, detail=detail)
        for other in desk.store.tickets.many(apart):
            if number in other.resembles:
                left = tuple(each for each in other.resembles if each != number)
                detail = {OTHERS: str(number)}
                after = replace(other, resembles=left)
                desk.record(Happened.KEPT_APART, other, after, act=act, author=author, detail=detail)
        return done
