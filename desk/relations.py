"""Which tickets agents linked with each other; a link leads to the ticket that goes on for one that was merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from desk.conversation import Event
from desk.desk import Desk
from desk.expression import Match
from desk.merged import goes_on_as
from desk.ticket import Ticket, TicketNumber

OTHER, PAIRS = "other", "pairs"
"""What an event keeps of a link: the other ticket as the agent named it, and whose number stands on which ticket."""

Pair = tuple[TicketNumber, TicketNumber]
"""A ticket, and one that it names as related."""


def related_to(desk: Desk, ticket: Ticket) -> tuple[TicketNumber, ...]:
    """The tickets that this one, or one that was merged into it, is linked with, each as the one that goes on for it.

    Tickets that are gone are left out.
    """
    named = dict.fromkeys(each for one in family(desk, ticket) for each in one.related)
    there = desk.store.tickets.many(tuple(named)) if named else []
    found = dict.fromkeys(goes_on_as(desk, each).number for each in there)
    return tuple(each for each in found if each != ticket.number)


def family(desk: Desk, ticket: Ticket) -> list[Ticket]:
    """A ticket and all that were merged into it, be it by way of others."""
    found = {ticket.number: ticket}
    ahead = [ticket]
    while ahead:
        merged = desk.store.tickets.find(Match("merged_into", "is", ahead.pop().number))
        new = [each for each in merged if each.number not in found]
        found |= {each.number: each for each in new}
        ahead += new
    return list(found.values())


def pairs_between(desk: Desk, one: Ticket, other: Ticket) -> list[Pair]:
    """The links from one ticket to another, whichever of those that were merged into them they stand on."""
    theirs = {each.number for each in family(desk, other)}
    return [(each.number, to) for each in family(desk, one) for to in each.related if to in theirs]


def as_detail(pairs: Iterable[Pair]) -> str:
    """These links as an event's detail keeps them."""
    return " ".join(f"{ticket}:{other}" for ticket, other in pairs)


def pairs_of(event: Event) -> Iterator[Pair]:
    """The links that an event speaks of."""
    for each in event.detail.get(PAIRS, "").split():
        ticket, _, other = each.partition(":")
        yield TicketNumber(int(ticket)), TicketNumber(int(other))


def put_on(desk: Desk, pairs: Iterable[Pair]) -> None:
    """Let each of these tickets name the other; inside a transaction."""
    for number, other in pairs:
        ticket = desk.ticket(number)
        desk.store.tickets.put(replace(ticket, related=tuple(dict.fromkeys((*ticket.related, other)))))


def take_off(desk: Desk, pairs: Iterable[Pair]) -> None:
    """Let none of these tickets name the other; inside a transaction."""
    for number, other in pairs:
        ticket = desk.ticket(number)
        desk.store.tickets.put(replace(ticket, related=tuple(each for each in ticket.related if each != other)))
