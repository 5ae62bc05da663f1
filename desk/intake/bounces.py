"""A delivery report marks the mail it is about (RFC 3464)."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Happened
from desk.desk import Desk
from desk.incoming import Incoming, Outcome
from desk.intake.filing import store_message
from desk.intake.taken import Arrival, Taken
from desk.outgoing import OutboxEntry, OutboxState
from desk.ticket import Status


def bounced(desk: Desk, read: Incoming) -> OutboxEntry | None:
    """The mail of ours that a report is about."""
    found = (desk.store.outbox.with_message_id(each) for each in read.bounce_of)
    return next((each for each in found if each is not None), None)


def take_bounce(desk: Desk, arrival: Arrival, returned: OutboxEntry) -> Taken:
    """A delivery report marks the mail it is about and opens its ticket; it can be forged, so it does no more."""
    ticket = desk.ticket(returned.ticket)
    entry = store_message(desk, ticket, arrival).id
    if returned.state in (OutboxState.SENT, OutboxState.UNCERTAIN):
        desk.store.outbox.put(replace(returned, state=OutboxState.BOUNCED, last_error="the mail was returned"))
    ticket = replace(ticket, unread=True)
    after = ticket if ticket.status is Status.SPAM else replace(ticket, status=Status.OPEN)
    desk.record(Happened.BOUNCED, ticket, after, entry=entry, detail={"mail": str(returned.id)})
    return Taken(Outcome.BOUNCE, ticket.number, entry, automatic=True)
