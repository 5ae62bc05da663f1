"""A mail is put on a ticket, and opens it again."""

from __future__ import annotations

from dataclasses import replace

from desk.addressed import addressed, keep_addressed
from desk.conversation import Direction, EntryId, Happened, Message
from desk.desk import Desk
from desk.incoming import Incoming, Outcome
from desk.intake.held import twin_id
from desk.intake.taken import Arrival, Taken
from desk.judging import FROM_OURSELVES, sender_of
from desk.sides import ASIDE
from desk.summary import with_message
from desk.ticket import Status, Ticket, TicketNumber
from desk.waking import wake_for_answer


def file(desk: Desk, ticket: Ticket, arrival: Arrival, outcome: Outcome) -> Taken:
    """Put a mail on a ticket, whose status stays."""
    read = arrival.read
    message = store_message(desk, ticket, arrival)
    unread = ticket.unread or read.automatic != FROM_OURSELVES
    _sum_up(desk, replace(ticket, unread=unread, updated=desk.clock()), message)
    return Taken(outcome, ticket.number, message.id, automatic=read.automatic is not None)


def open_again(desk: Desk, number: TicketNumber, entry: EntryId | None) -> None:
    """It is our turn again, after a mail by a person, and a ticket that sleeps wakes up; spam stays spam."""
    ticket = desk.ticket(number)
    if ticket.status in (Status.WAITING, Status.CLOSED):
        desk.record(Happened.REOPENED, ticket, replace(ticket, status=Status.OPEN), entry=entry)
    wake_for_answer(desk, number, entry)


def _sum_up(desk: Desk, ticket: Ticket, message: Message) -> None:
    """A mail that is the newest one adds to what the ticket says; for a late one, or near side talks, all are read."""
    after = None if ASIDE in ticket.holds else with_message(ticket, message)
    if after is None:
        desk.sum_up(ticket)
    else:
        desk.store.tickets.put(after)


def store_message(desk: Desk, ticket: Ticket, arrival: Arrival, direction: Direction = Direction.IN) -> Message:
    """Keep a mail among a ticket's entries, and the ids that lead to it; the ticket itself is left as it is.

    Answers that were begun go to whom they were begun for, whomever this mail asks to answer.
    """
    begun = addressed(desk, ticket.number) if "draft" in ticket.holds else {}
    read = arrival.read
    message = Message(
        id=EntryId(0),
        ticket=ticket.number,
        direction=direction,
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
        date=read.date,
        automatic=read.automatic,
        is_doubtful=read.is_doubtful,
        facts=read.facts,
        defects=read.defects,
        raw=arrival.raw,
        side=arrival.side,
        was_in_bcc=arrival.was_in_bcc,
        utc_offset=read.utc_offset,
    )
    link(desk, ticket, read)
    message = replace(message, id=desk.store.conversations.add(message))
    if begun:
        keep_addressed(desk, begun, ticket.number)
    return message


def link(desk: Desk, ticket: Ticket, read: Incoming) -> None:
    """Let every id of a mail lead to its ticket from now on, those that it only names too."""
    desk.store.threads.link(ticket.number, [read.message_id, *read.alike_ids, twin_id(read)], read.parents)
    desk.store.ledger.look_again((read.message_id, *read.alike_ids, *read.parents))


def _chain(read: Incoming) -> tuple[str, ...]:
    """The ids an answer to this mail must carry on: References, or else the mail it answers (RFC 5322 3.6.4)."""
    return read.references or read.parents[: read.answers]
