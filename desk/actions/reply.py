"""Answer a customer: the mail is made and on disk first, then queued in one commit with all that goes with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from desk.actions.run_macro import do_step, use_as_detail
from desk.conversation import Act, Direction, EntryId, Happened, Message, OutboxId
from desk.desk import Desk, new_act
from desk.letters import letter_for
from desk.meanwhile import refuse_if_anything, refuse_if_written
from desk.outgoing import Answer, Composed, Letter, OutboxEntry, OutboxState
from desk.people import Agent
from desk.plan import plan_for
from desk.steps import AssignStep, StatusStep, Step
from desk.ticket import Ticket, TicketNumber


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer whose mail is made and on disk, and of which the store does not know yet."""

    number: TicketNumber
    answer: Answer
    letter: Letter
    composed: Composed
    raw: str


def reply(desk: Desk, number: TicketNumber, answer: Answer, *, act: Act | None = None) -> OutboxEntry:
    """Queue an answer; it leaves when the undo window is over. Answering a ticket that nobody has takes it.

    Raises:
        TicketMoved: somebody wrote on the ticket after `answer.seen`; the agent's own notes do not count. With a macro
            also: somebody else changed anything on it.
        MergedAway: another ticket goes on for this one.
        GapsLeft: the text still holds a marked gap.
        RefusedError: no mail can be made of it (an address, a file), or a step cannot be done.
    """
    return queue(desk, prepare(desk, number, answer), act=act)


def prepare(desk: Desk, number: TicketNumber, answer: Answer) -> Prepared:
    """Make the mail and put its bytes on disk: the slow part of a reply, for which nobody else has to wait.

    Raises:
        GapsLeft, RefusedError: as `reply`.
    """
    letter = letter_for(desk, number, answer)
    composed = desk.composer.compose(letter)
    raw = desk.blobs.put_many([composed.raw, *composed.files])[0]
    return Prepared(number, answer, letter, composed, raw)


def queue(desk: Desk, prepared: Prepared, *, act: Act | None = None) -> OutboxEntry:
    """Put a prepared answer into the outbox, with everything that goes with it; may be part of a transaction.

    `answer.status` applies over a colleague's change too: the agent asks for it now, a macro was written long before.

    Raises:
        TicketMoved, RefusedError: as `reply`.
    """
    act, me, number, answer = act or new_act(), desk.me, prepared.number, prepared.answer
    with desk.store.transaction():
        _refuse_if_moved(desk, number, answer)
        ticket = desk.live_ticket(number)
        entry = _queue(desk, ticket, prepared)
        detail = use_as_detail(answer.macro) if answer.macro else {}
        answered = replace(ticket, unread=False)
        desk.record(Happened.REPLIED, ticket, answered, act=act, author=me.handle, entry=entry.entry, detail=detail)
        for step in _steps(ticket, answer, me):
            do_step(desk, number, step, act)
        return entry


def _refuse_if_moved(desk: Desk, number: TicketNumber, answer: Answer) -> None:
    refuse = refuse_if_anything if answer.steps or answer.macro else refuse_if_written
    refuse(desk, number, answer.seen)


def _queue(desk: Desk, ticket: Ticket, prepared: Prepared) -> OutboxEntry:
    """Store the message and its row in the outbox, each with the other's id."""
    message = _message(desk, prepared)
    message = replace(message, id=desk.store.conversations.add(message))
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
        subject=letter.subject,
        text=prepared.answer.text,
        message_id=composed.message_id,
        attachments=composed.attachments,
        references=letter.references,
        raw=prepared.raw,
        author=desk.me.handle,
    )


def _outgoing(desk: Desk, ticket: Ticket, prepared: Prepared, message: Message) -> OutboxEntry:
    answer, composed = prepared.answer, prepared.composed
    window = desk.settings.undo_seconds if answer.send_in is None else answer.send_in
    return OutboxEntry(
        id=OutboxId(0),
        ticket=ticket.number,
        entry=message.id,
        author=desk.me.handle,
        state=OutboxState.QUEUED,
        due=message.at + timedelta(seconds=window),
        created=message.at,
        message_id=composed.message_id,
        raw=prepared.raw,
        mailbox=ticket.mailbox,
        envelope_from=composed.envelope_from,
        recipients=composed.recipients,
        draft=answer.text,
        plan=answer.plan or plan_for(answer.macro, answer.text, answer.steps),
    )


def _steps(ticket: Ticket, answer: Answer, me: Agent) -> list[Step]:
    takes: list[Step] = [AssignStep(me.handle)] if ticket.assignee is None else []
    status: list[Step] = [StatusStep(answer.status)] if answer.status else []
    return [*takes, *answer.steps, *status]
