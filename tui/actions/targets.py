"""Which tickets may be meant when one is merged or linked with another: read from the store, in the reader's thread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from desk.desk import Desk
from desk.duplicates import look_alike, suggested
from desk.errors import BadQuery
from desk.expression import And, Match, Not
from desk.merged import goes_on_as
from desk.relations import related_to
from desk.ticket import Status, Ticket, TicketNumber
from desk.views import parse_query

_MOST = 30
_NUMBER = re.compile(r"#?([0-9]{1,9})")


class Why(StrEnum):
    """Why a ticket is proposed."""

    CLAIMED = "claimed"
    LIKE = "like"
    RELATED = "related"
    CUSTOMER = "customer"
    NAMED = "named"
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class Target:
    """A ticket that may be meant, and why."""

    ticket: Ticket
    why: Why


@dataclass(frozen=True, slots=True)
class Targets:
    """Those that fit what was typed, the likeliest first; `problem` says why that cannot be read as a search."""

    found: tuple[Target, ...] = ()
    problem: str = ""


def targets_for(desk: Desk, number: TicketNumber, typed: str) -> Targets:
    """What may be meant: without words those that it looks like and its customer's others, else what is searched for.

    Raises:
        NoSuchTicket: there is no ticket with this number.
    """
    with desk.store.snapshot():
        ticket = desk.ticket(number)
        try:
            there = _searched(desk, typed.strip()) if typed.strip() else _known(desk, ticket)
            once: dict[TicketNumber, Target] = {}
            for each in there:
                once.setdefault(each.ticket.number, each)
        except BadQuery as error:
            return Targets(problem=str(error))
        linked = set(related_to(desk, ticket))
        others = [each for each in once.values() if each.ticket.number != number]
        return Targets(tuple(_marked(each, linked) for each in others[:_MOST]))


def _marked(target: Target, linked: set[TicketNumber]) -> Target:
    """Whatever it was found by, what is linked says so."""
    return Target(target.ticket, Why.RELATED) if target.ticket.number in linked else target


def _known(desk: Desk, ticket: Ticket) -> Iterator[Target]:
    claimed = desk.store.tickets.get(ticket.claims) if ticket.claims is not None else None
    if claimed is not None:
        yield Target(goes_on_as(desk, claimed), Why.CLAIMED)
    for each in (*suggested(desk, ticket), *look_alike(desk, ticket)):
        yield Target(each, Why.LIKE)
    for each in desk.store.tickets.many(related_to(desk, ticket)):
        yield Target(each, Why.RELATED)
    if not ticket.customer.is_nobody:
        theirs = And((Match("customer", "is", ticket.customer.key), Match("merged_into", "is", None), _NO_SPAM))
        for each in desk.store.tickets.find(theirs, sort="updated", limit=_MOST):
            yield Target(each, Why.CUSTOMER)


def _searched(desk: Desk, typed: str) -> Iterator[Target]:
    if (found := _NUMBER.fullmatch(typed)) and (named := desk.store.tickets.get(TicketNumber(int(found[1])))):
        yield Target(goes_on_as(desk, named), Why.NAMED)
    asked = parse_query(typed, me=desk.acting.handle if desk.acting else None, now=desk.clock())
    wanted = And((asked, Match("merged_into", "is", None)))
    for each in desk.store.tickets.find(wanted, sort="updated", limit=_MOST):
        yield Target(each, Why.FOUND)


_NO_SPAM = Not(Match("status", "is", Status.SPAM.value))
