"""Which promises stand on a ticket: its own, and those of tickets that were merged into it."""

from __future__ import annotations

from desk.desk import Desk
from desk.expression import Match
from desk.merged import goes_on_as
from desk.promises import Promise
from desk.ticket import TicketNumber


def promised_on(desk: Desk, number: TicketNumber) -> list[Promise]:
    """What was promised on a ticket and has still to be kept, the first due first."""
    there = [each for one in (number, *_merged_into(desk, number)) for each in desk.store.promises.of(one)]
    return sorted((each for each in there if each.stands), key=lambda each: (each.due, each.id))


def ticket_of(desk: Desk, made: Promise) -> TicketNumber:
    """The ticket on which a promise is to be kept now.

    Raises:
        NoSuchTicket: it is gone.
    """
    return goes_on_as(desk, desk.ticket(made.ticket)).number


def _merged_into(desk: Desk, number: TicketNumber) -> list[TicketNumber]:
    sources = desk.store.tickets.numbers(Match("merged_into", "is", number))
    return [one for each in sources for one in (each, *_merged_into(desk, each))]
