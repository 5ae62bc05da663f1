"""Tickets that were merged into others: what is meant for the one belongs to the other."""

from __future__ import annotations

from desk.conversation import Event, Happened
from desk.desk import Desk
from desk.errors import RefusedError
from desk.moves import INTO
from desk.people import Handle
from desk.ticket import Ticket, TicketNumber


def goes_on_as(desk: Desk, ticket: Ticket) -> Ticket:
    """The ticket that goes on for this one: itself, or the end of the chain it was merged along.

    Where tickets were merged in a circle, as two agents can do at once, it is the one with the smallest number.
    """
    passed = dict[TicketNumber, Ticket]()
    while ticket.number not in passed:
        passed[ticket.number] = ticket
        following = desk.store.tickets.get(ticket.merged_into) if ticket.merged_into is not None else None
        if following is None:
            return ticket
        ticket = following
    numbers = list(passed)
    return passed[min(numbers[numbers.index(ticket.number) :])]


def already_one(desk: Desk, merged: Ticket, into: TicketNumber) -> RefusedError:
    """That a ticket is part of another one already, and by which colleague, who may have been a moment faster."""
    by, hint = _merged_by(desk, merged), f"they are one ticket: go on at {into}"
    if by is None or (desk.acting is not None and by == desk.acting.handle):
        return RefusedError(f"ticket {merged.number} was merged into {into} already", hint)
    return RefusedError(f"{by} merged ticket {merged.number} into {into} already", hint)


def _merged_by(desk: Desk, merged: Ticket) -> Handle | None:
    events = (each for each in desk.store.conversations.of(merged.number) if isinstance(each, Event))
    merging = [each for each in events if each.what is Happened.MERGED and INTO in each.detail and not each.undone]
    last = max(merging, key=lambda each: each.id, default=None)
    return last.author if last else None
