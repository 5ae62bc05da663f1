"""Mail becomes tickets: every fetched mail ends on exactly one ticket, once, whatever is in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from desk.conversation import Direction, EntryId, Happened, Message
from desk.desk import Desk
from desk.incoming import Fetched, Incoming, Outcome
from desk.outgoing import OutboxEntry, OutboxState
from desk.people import NOBODY, Address
from desk.subjects import base_subject
from desk.ticket import Status, Ticket, TicketNumber

NO_SUBJECT = "(no subject)"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mail: the ticket it is on now, and the words for the counters."""

    outcome: Outcome
    ticket: TicketNumber
    automatic: bool = False


def take_in(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> Taken | None:
    """Put one mail where it belongs and write it into the ledger, in one commit. `raw` is its stored bytes' sha256.

    Returns None when this very place was taken in before, by whichever process.
    """
    with desk.store.transaction():
        if desk.store.ledger.has(mail.place):
            return None
        taken, entry = _place(desk, mail, read, raw)
        desk.store.ledger.record(mail.place, taken.outcome, entry, raw)
        return taken


def _place(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> tuple[Taken, EntryId]:
    if known := _already_held(desk, read):
        return Taken(Outcome.DUPLICATE, known.ticket), known.id
    if bounced := _bounced(desk, read):
        return _take_bounce(desk, mail, read, raw, bounced)
    if (ticket := _thread(desk, read)) is None:
        return _open_ticket(desk, mail, read, raw)
    return _add_to(desk, ticket, mail, read, raw, Outcome.MESSAGE)


def _already_held(desk: Desk, read: Incoming) -> Message | None:
    """The same mail seen at another place, or our own come back as a copy. A Message-ID alone proves nothing."""
    held = desk.store.conversations.with_message_id(read.message_id)
    is_own = desk.settings.is_own(read.sender)
    return next((m for m in held if m.digest == read.digest or (is_own and m.direction is Direction.OUT)), None)


def _thread(desk: Desk, read: Incoming) -> Ticket | None:
    """The ticket this mail goes on with: In-Reply-To is trusted alone, References need the same base subject."""
    for own in (True, False):
        for index, parent in enumerate(read.parents):
            for number in desk.store.threads.tickets(parent, own=own):
                ticket = desk.ticket(number)
                if index < read.answers or _same_subject(ticket, read):
                    return ticket
    return None


def _same_subject(ticket: Ticket, read: Incoming) -> bool:
    return read.base_subject != "" and read.base_subject == base_subject(ticket.subject)


def _open_ticket(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> tuple[Taken, EntryId]:
    subject = read.subject or NO_SUBJECT
    ticket = desk.store.tickets.add(
        Ticket(
            number=TicketNumber(0),
            subject=subject,
            customer=_customer(read),
            mailbox=mail.place.mailbox,
            created=mail.received,
            updated=desk.clock(),
            last_message=mail.received,
        )
    )
    desk.record(Happened.CREATED, ticket, ticket)
    return _add_to(desk, ticket, mail, read, raw, Outcome.TICKET)


def _customer(read: Incoming) -> Address:
    return read.sender if read.sender.email else replace(NOBODY, name=read.sender.name)


def _add_to(
    desk: Desk, ticket: Ticket, mail: Fetched, read: Incoming, raw: str, outcome: Outcome
) -> tuple[Taken, EntryId]:
    entry = _store_message(desk, ticket, mail, read, raw)
    by_person = read.automatic is None
    ticket = desk.sum_up(replace(ticket, unread=ticket.unread or by_person, updated=desk.clock()))
    if by_person and ticket.status in (Status.WAITING, Status.CLOSED):
        desk.record(Happened.REOPENED, ticket, replace(ticket, status=Status.OPEN), entry=entry)
    return Taken(outcome, ticket.number, automatic=not by_person), entry


def _store_message(desk: Desk, ticket: Ticket, mail: Fetched, read: Incoming, raw: str) -> EntryId:
    entry = desk.store.conversations.add(
        Message(
            id=EntryId(0),
            ticket=ticket.number,
            direction=Direction.IN,
            at=mail.received,
            sender=_customer(read),
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
            automatic=read.automatic,
            defects=read.defects,
            raw=raw,
        )
    )
    desk.store.threads.link([read.message_id], ticket.number, own=True)
    desk.store.threads.link(read.parents, ticket.number, own=False)
    return entry


def _chain(read: Incoming) -> tuple[str, ...]:
    """The ids an answer to this mail must carry on: References, or else the mail it answers (RFC 5322 3.6.4)."""
    return read.references or read.parents[: read.answers]


def _bounced(desk: Desk, read: Incoming) -> OutboxEntry | None:
    found = (desk.store.outbox.with_message_id(each) for each in read.bounce_of)
    return next((each for each in found if each is not None), None)


def _take_bounce(desk: Desk, mail: Fetched, read: Incoming, raw: str, bounced: OutboxEntry) -> tuple[Taken, EntryId]:
    """A delivery report marks the mail it is about and opens its ticket; it can be forged, so it does no more."""
    ticket = desk.ticket(bounced.ticket)
    entry = _store_message(desk, ticket, mail, read, raw)
    if bounced.state in (OutboxState.SENT, OutboxState.UNCERTAIN):
        desk.store.outbox.put(replace(bounced, state=OutboxState.BOUNCED, last_error="the mail was returned"))
    ticket = desk.sum_up(replace(ticket, unread=True))
    opened = replace(ticket, status=Status.OPEN)
    desk.record(Happened.BOUNCED, ticket, opened, entry=entry, detail={"mail": str(bounced.id)})
    return Taken(Outcome.BOUNCE, ticket.number, automatic=True), entry
