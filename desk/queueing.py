"""A mail of ours is made, and put on its ticket and into the outbox: for answers, first mails and forwards alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from desk.conversation import Direction, EntryId, Message, OutboxId, Purpose
from desk.desk import Desk
from desk.outgoing import Answer, Composed, Letter, OutboxEntry, OutboxState
from desk.people import Handle
from desk.plan import plan_for
from desk.ticket import Ticket, TicketNumber
from desk.wording import Enclosure, Wording

BY_ITSELF = "Tandem sent it by itself"
"""Why a mail of ours counts as automatic: it answers nothing, and nobody's wait ends by it."""

NOBODY = Handle("")
"""The author of a mail that no agent wrote."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A mail that is made and on disk, and of which the store does not know yet."""

    number: TicketNumber
    answer: Answer
    letter: Letter
    composed: Composed
    raw: str


def make(desk: Desk, answer: Answer, letter: Letter) -> Prepared:
    """Make the mail of a letter, and put its bytes and those of its files on disk.

    Raises:
        RefusedError: no mail can be made of it, in words.
    """
    composed = desk.composer.compose(letter)
    raw = desk.blobs.put_many([composed.raw, *composed.files])[0]
    return Prepared(letter.ticket, answer, letter, composed, raw)


def put_out(desk: Desk, ticket: Ticket, prepared: Prepared, *, side: EntryId | None = None) -> OutboxEntry:
    """Store the message and its row in the outbox, each with the other's id; inside a transaction.

    `side` is the forward to whose side talk it belongs; a forward begins one of its own, unless it goes on with one.
    """
    message = _message(desk, prepared)
    message = replace(message, id=desk.store.conversations.add(message), side=side)
    if side is None and message.purpose is Purpose.FORWARD:
        message = replace(message, side=message.id)
    entry = desk.store.outbox.add(_outgoing(desk, ticket, prepared, message))
    desk.store.conversations.put(replace(message, outbox=entry.id))
    desk.store.threads.link(ticket.number, [entry.message_id])
    return entry


def _message(desk: Desk, prepared: Prepared) -> Message:
    letter, composed = prepared.letter, prepared.composed
    return Message(
        id=EntryId(0),
        ticket=prepared.number,
        direction=Direction.OUT,
        at=desk.clock(),
        sender=letter.sender,
        to=letter.to,
        cc=letter.cc,
        bcc=letter.bcc,
        subject=letter.subject,
        text=prepared.answer.text,
        message_id=composed.message_id,
        attachments=composed.attachments,
        references=letter.references,
        raw=prepared.raw,
        author=_author(desk, prepared.answer),
        automatic=BY_ITSELF if prepared.answer.purpose is Purpose.AUTOMATIC else None,
        purpose=letter.purpose,
    )


def _outgoing(desk: Desk, ticket: Ticket, prepared: Prepared, message: Message) -> OutboxEntry:
    answer, composed = prepared.answer, prepared.composed
    window = desk.settings.undo_seconds if answer.send_in is None else answer.send_in
    return OutboxEntry(
        id=OutboxId(0),
        ticket=ticket.number,
        entry=message.id,
        author=_author(desk, answer) or NOBODY,
        state=OutboxState.QUEUED,
        due=message.at + timedelta(seconds=window),
        created=message.at,
        message_id=composed.message_id,
        raw=prepared.raw,
        mailbox=_mailbox(desk, ticket),
        envelope_from=composed.envelope_from,
        recipients=composed.recipients,
        draft=answer.text,
        plan=answer.plan or plan_for(answer.macro, answer.text, answer.steps),
        purpose=prepared.letter.purpose,
        wording=_chosen(answer, composed),
        stays_to=answer.stays_to,
    )


def _mailbox(desk: Desk, ticket: Ticket) -> str:
    """The one whose address the mail is from: not the ticket's, where that is not in the settings any more."""
    mailbox = desk.settings.mailbox(ticket.mailbox)
    return mailbox.name if mailbox else ticket.mailbox


def _author(desk: Desk, answer: Answer) -> Handle | None:
    """Whose mail it is; nobody's where Tandem wrote it by itself."""
    return None if answer.purpose is Purpose.AUTOMATIC else desk.me.handle


def _chosen(answer: Answer, composed: Composed) -> Wording | None:
    """What was chosen for a mail, with its files as they are in the blobs by now: None where nothing was."""
    said = answer.wording or Wording()
    files = tuple(Enclosure(each.name, each.sha256, each.size) for each in composed.attachments)
    to, cc = answer.to if said.to is None else said.to, answer.cc if said.cc is None else said.cc
    chosen = replace(said, to=to, cc=cc, enclosures=files)
    return None if chosen == Wording() else chosen
