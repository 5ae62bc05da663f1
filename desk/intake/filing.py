"""A mail is put on a ticket, whose turn it may be then."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Direction, EntryId, Happened, Message
from desk.desk import Desk
from desk.incoming import Incoming, Outcome
from desk.intake.judging import FROM_OURSELVES, sender_of
from desk.intake.taken import Arrival, Taken
from desk.ticket import Status, Ticket


def file(desk: Desk, ticket: Ticket, arrival: Arrival, outcome: Outcome) -> Taken:
    """Put a mail on a ticket; one by a person opens it again."""
    read = arrival.read
    entry = store_message(desk, ticket, arrival)
    by_person = read.automatic is None
    unread = ticket.unread or read.automatic != FROM_OURSELVES
    ticket = desk.sum_up(replace(ticket, unread=unread, updated=desk.clock()))
    if by_person and ticket.status in (Status.WAITING, Status.CLOSED):
        desk.record(Happened.REOPENED, ticket, replace(ticket, status=Status.OPEN), entry=entry)
    return Taken(outcome, ticket.number, entry, automatic=not by_person)


def store_message(desk: Desk, ticket: Ticket, arrival: Arrival) -> EntryId:
    """Keep a mail among a ticket's entries, and the ids that lead to it; the ticket itself is left as it is."""
    read = arrival.read
    entry = desk.store.conversations.add(
        Message(
            id=EntryId(0),
            ticket=ticket.number,
            direction=Direction.IN,
            at=arrival.mail.received,
            sender=sender_of(read),
            to=read.to,
            cc=read.cc,
            reply_to=read.reply_to,
            subject=read.subject,
            text=read.text,
            has_html=read.has_html,
            attachments=read.attachments,
            message_id=read.message_id,
            references=_chain(read),
            digest=read.digest,
            likeness=read.likeness,
            automatic=read.automatic,
            defects=read.defects,
            raw=arrival.raw,
        )
    )
    desk.store.threads.link([read.message_id], ticket.number, own=True)
    desk.store.threads.link(read.parents, ticket.number, own=False)
    return entry


def _chain(read: Incoming) -> tuple[str, ...]:
    """The ids an answer to this mail must carry on: References, or else the mail it answers (RFC 5322 3.6.4)."""
    return read.references or read.parents[: read.answers]
