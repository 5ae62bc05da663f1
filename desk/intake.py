"""Mail becomes tickets: every fetched mail ends on exactly one ticket, once, whatever is in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from desk.conversation import Direction, EntryId, Happened, Message
from desk.desk import Desk
from desk.incoming import Fetched, Incoming, Outcome
from desk.outgoing import OutboxEntry, OutboxState
from desk.people import NOBODY, Address
from desk.subjects import base_subject
from desk.ticket import Status, Ticket, TicketNumber

NO_SUBJECT = "(no subject)"
FROM_OURSELVES = "it was written from our own address"


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
    if known := _already_held(desk, read, raw):
        return Taken(Outcome.DUPLICATE, known.ticket), known.id
    if bounced := _bounced(desk, read):
        return _take_bounce(desk, mail, read, raw, bounced)
    if (ticket := _thread(desk, read)) is None:
        return _open_ticket(desk, mail, _judged(desk, read, is_answer=False), raw)
    return _add_to(desk, ticket, mail, _judged(desk, read, is_answer=True), raw, Outcome.MESSAGE)


def _already_held(desk: Desk, read: Incoming, raw: str) -> Message | None:
    """The same mail seen at another place, or our own come back as a copy. A Message-ID alone proves nothing."""
    is_own = desk.settings.is_own(read.sender)
    for held in desk.store.conversations.with_message_id(read.message_id):
        if raw == held.raw or read.digest == held.digest or (is_own and held.direction is Direction.OUT):
            return held
    return None


def _judged(desk: Desk, read: Incoming, *, is_answer: bool) -> Incoming:
    """Settle who wrote a mail where the signs are doubtful: an answer, or a form's mail for somebody, is a person's."""
    if desk.settings.is_own(read.sender) and is_answer:
        return replace(read, automatic=read.automatic or FROM_OURSELVES)
    if read.is_doubtful and (is_answer or _behind(desk, read)):
        return replace(read, automatic=None)
    return read


def _behind(desk: Desk, read: Incoming) -> Address | None:
    """Whom a machine or a form of ours writes for: the one it asks us to answer."""
    is_form = desk.settings.is_own(read.sender) or read.is_doubtful
    others = (each for each in read.reply_to if each.key != read.sender.key and not desk.settings.is_own(each))
    return next(others, None) if is_form else None


def _thread(desk: Desk, read: Incoming) -> Ticket | None:
    """The ticket this mail goes on with: In-Reply-To is trusted alone, References need the same base subject.

    An id that we only know from other mails tells less: there the sender must have been in the conversation before.
    """
    for own in (True, False):
        for index, parent in enumerate(read.parents):
            for ticket in _tickets_of(desk, read, parent, own=own):
                if index < read.answers or _same_subject(ticket, read):
                    return ticket
    return None


def _tickets_of(desk: Desk, read: Incoming, message_id: str, *, own: bool) -> Iterator[Ticket]:
    """The tickets an id may mean, best first. Anybody can write a mail under an id of ours: our outbox knows better."""
    if own and (sent := desk.store.outbox.with_message_id(message_id)):
        yield desk.ticket(sent.ticket)
    linked = [desk.ticket(number) for number in desk.store.threads.tickets(message_id, own=own)]
    in_it = [ticket for ticket in linked if ticket.involves(read.sender)]
    yield from (ticket for ticket in in_it if own or ticket.status is not Status.SPAM)
    yield from (ticket for ticket in linked if own and ticket.status is not Status.SPAM)


def _same_subject(ticket: Ticket, read: Incoming) -> bool:
    return read.base_subject != "" and read.base_subject == base_subject(ticket.subject)


def _open_ticket(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> tuple[Taken, EntryId]:
    subject = read.subject or NO_SUBJECT
    ticket = desk.store.tickets.add(
        Ticket(
            number=TicketNumber(0),
            subject=subject,
            customer=_behind(desk, read) or _sender(read),
            mailbox=mail.place.mailbox,
            created=mail.received,
            updated=desk.clock(),
            last_message=mail.received,
        )
    )
    desk.record(Happened.CREATED, ticket, ticket)
    return _add_to(desk, ticket, mail, read, raw, Outcome.TICKET)


def _sender(read: Incoming) -> Address:
    return read.sender if read.sender.email else replace(NOBODY, name=read.sender.name)


def _add_to(
    desk: Desk, ticket: Ticket, mail: Fetched, read: Incoming, raw: str, outcome: Outcome
) -> tuple[Taken, EntryId]:
    entry = _store_message(desk, ticket, mail, read, raw)
    by_person = read.automatic is None
    unread = ticket.unread or read.automatic != FROM_OURSELVES
    ticket = desk.sum_up(replace(ticket, unread=unread, updated=desk.clock()))
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
            sender=_sender(read),
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
            facts=read.facts,
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
    ticket = replace(ticket, unread=True)
    after = ticket if ticket.status is Status.SPAM else replace(ticket, status=Status.OPEN)
    desk.record(Happened.BOUNCED, ticket, after, entry=entry, detail={"mail": str(bounced.id)})
    return Taken(Outcome.BOUNCE, ticket.number, automatic=True), entry
