"""An answer to a ticket that was closed long ago opens one of its own, which goes on from the old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.conversation import Entry, Event, Happened
from desk.desk import Desk
from desk.intake.taken import Arrival
from desk.merged import goes_on_as
from desk.ticket import Status, Ticket, TicketNumber

FOLLOWED_BY = "followed_by"
FOLLOWS = "follows"
"""What the events on both tickets call the other one."""


@dataclass(frozen=True, slots=True)
class GoesOn:
    """The ticket that an answer goes on; `anew`: by a ticket that follows it."""

    ticket: Ticket
    anew: bool = False


def going_on(desk: Desk, ticket: Ticket, arrival: Arrival) -> GoesOn:
    """How an answer to a ticket goes on: on that ticket, on the last one that follows it already, or by a new one."""
    passed = set[TicketNumber]()
    while ticket.status is Status.CLOSED and ticket.number not in passed:
        passed.add(ticket.number)
        entries = desk.store.conversations.of(ticket.number)
        if desk.settings.follow_up.reopens(arrival.mail.received - _closed(ticket, entries)):
            break
        if (following := _following(desk, entries)) is None:
            return GoesOn(ticket, anew=True)
        ticket = following
    return GoesOn(ticket)


def _closed(ticket: Ticket, entries: Sequence[Entry]) -> datetime:
    """When a closed ticket was closed last."""
    events = (each for each in entries if isinstance(each, Event) and not each.undone)
    closing = (each.at for each in events if any(it.field == "status" and it.after == "closed" for it in each.changes))
    return max(closing, default=ticket.last_message)


def _following(desk: Desk, entries: Sequence[Entry]) -> Ticket | None:
    """The newest ticket that goes on from this one."""
    told = [each for each in entries if isinstance(each, Event) and FOLLOWED_BY in each.detail]
    newest = max(told, key=lambda each: each.id, default=None)
    found = desk.store.tickets.get(TicketNumber(int(newest.detail[FOLLOWED_BY]))) if newest else None
    return goes_on_as(desk, found) if found else None


def tell_both(desk: Desk, old: Ticket, new: Ticket) -> Ticket:
    """Write on both tickets that one goes on from the other; returns the new one."""
    desk.record(Happened.FOLLOWED, old, old, detail={FOLLOWED_BY: str(new.number)})
    return desk.record(Happened.FOLLOWED, new, new, detail={FOLLOWS: str(old.number)})
