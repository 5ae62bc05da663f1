"""Give a ticket to an agent, or to nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desk.conversation import Act, Event, Happened
from desk.desk import Desk
from desk.errors import AlreadyAssigned
from desk.people import Handle
from desk.ticket import Ticket, TicketNumber

UNSEEN = timedelta(seconds=2)
"""What changed so shortly before a key was pressed was not seen by who pressed it; the clock counts whole seconds."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose an agent saw that a ticket is, and when they acted on that."""

    assignee: Handle | None
    at: datetime


def assign(
    desk: Desk, number: TicketNumber, to: Handle | None, *, seen: Seen | None = None, act: Act | None = None
) -> Ticket:
    """Make `to` the one who answers this ticket (None: nobody does).

    `seen` is what the agent saw of it (None: not asked): what a colleague made of it since is not undone unawares.

    Raises:
        NoSuchTicket, NoSuchAgent, NoAgent: the ticket, the colleague or the acting agent is unknown.
        AlreadyAssigned: a colleague took it, or gave it to somebody, after `seen`.
    """
    author = desk.me.handle
    with desk.store.transaction():
        ticket = desk.live_ticket(number)
        if to is not None:
            desk.agent(to)
        if ticket.assignee == to:
            return ticket
        if seen is not None:
            _refuse_if_taken(desk, ticket, seen)
        return desk.record(Happened.ASSIGNED, ticket, replace(ticket, assignee=to), act=act, author=author)


def _refuse_if_taken(desk: Desk, ticket: Ticket, seen: Seen) -> None:
    last = _last_assigned(desk, ticket.number)
    if ticket.assignee is None or last is None or last.author is None or last.author == desk.me.handle:
        return
    if ticket.assignee != seen.assignee or abs(seen.at - last.at) < UNSEEN:
        raise AlreadyAssigned(ticket.number, ticket.assignee, last.author, desk.me.handle)


def _last_assigned(desk: Desk, number: TicketNumber) -> Event | None:
    """The event that last said whose a ticket is."""
    events = (each for each in desk.store.conversations.of(number) if isinstance(each, Event))
    assigning = [each for each in events if any(change.field == "assignee" for change in each.changes)]
    return max(assigning, key=lambda each: each.id, default=None)
