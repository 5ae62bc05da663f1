"""Set whose turn it is on a ticket."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Act, Happened
from desk.desk import Desk
from desk.sleep import awake
from desk.ticket import Status, Ticket, TicketNumber

_ENDS_SLEEP = frozenset({Status.OPEN, Status.CLOSED, Status.SPAM})
"""It is our turn now, or nobody's any more: only who waits for the customer may want to be reminded of it."""


def with_status(ticket: Ticket, status: Status) -> Ticket:
    """What a ticket is with this status."""
    return replace(awake(ticket) if status in _ENDS_SLEEP else ticket, status=status)


def set_status(desk: Desk, number: TicketNumber, status: Status, *, act: Act | None = None) -> Ticket:
    """Make a ticket open, waiting, closed or spam; one that sleeps wakes up, unless it waits now.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
    """
    author = desk.me.handle
    with desk.store.transaction():
        ticket = desk.live_ticket(number)
        after = with_status(ticket, status)
        if after == ticket:
            return ticket
        what = Happened.WOKEN if ticket.status == status else Happened.STATUS_CHANGED
        return desk.record(what, ticket, after, act=act, author=author)
