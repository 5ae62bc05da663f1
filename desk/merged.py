"""Tickets that were merged into others: what is meant for the one belongs to the other."""

from __future__ import annotations

from desk.desk import Desk
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
