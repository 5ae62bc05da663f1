"""Answer a customer: the mail is made and queued in the same commit as everything that goes with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from desk.actions.run_macro import do_step, use_as_detail
from desk.conversation import Act, Direction, EntryId, Happened, Message, OutboxId
from desk.desk import Desk, new_act
from desk.letters import letter_for
from desk.meanwhile import refuse_if_written
from desk.outgoing import Answer, Composed, Letter, OutboxEntry, OutboxState
from desk.people import Agent
from desk.plan import plan_for
from desk.steps import AssignStep, StatusStep, Step
from desk.ticket import Ticket, TicketNumber


def reply(desk: Desk, number: TicketNumber, answer: Answer, *, act: Act | None = None) -> OutboxEntry:
    """Queue an answer; it leaves when the undo window is over. Answering a ticket that nobody has takes it.

    Raises:
        TicketMoved: somebody wrote on the ticket after `answer.seen`; the agent's own notes do not count.
        GapsLeft: the text still holds a marked gap.
        RefusedError: no mail can be made of it (an address, a file), or a step cannot be done.
    """
    act, me = act or new_act(), desk.me
    letter = letter_for(desk, number, answer)
    composed = desk.composer.compose(letter)
    raw = desk.blobs.put_many([composed.raw, *composed.files])[0]
    with desk.store.transaction():
        ticket = desk.ticket(number)
        refuse_if_written(desk, number, answer.seen)
        entry = _queue(desk, ticket, answer, letter, composed, raw)
        detail = use_as_detail(answer.macro) if answer.macro else {}
        answered = replace(ticket, unread=False)
        desk.record(Happened.REPLIED, ticket, answered, act=act, author=me.handle, entry=entry.entry, detail=detail)
        for step in _steps(ticket, answer, me):
            do_step(desk, number, step, act)
        return entry


def _queue(desk: Desk, ticket: Ticket, answer: Answer, letter: Letter, composed: Composed, raw: str) -> OutboxEntry:
    now, author = desk.clock(), desk.me.handle
    message = Message(
        id=EntryId(0),
        ticket=ticket.number,
        direction=Direction.OUT,
        at=now,
        sender=letter.sender,
        to=letter.to,
        cc=letter.cc,
        subject=letter.subject,
        text=answer.text,
        message_id=composed.message_id,
        attachments=composed.attachments,
        references=letter.references,
        raw=raw,
        author=author,
    )
    message = replace(message, id=desk.store.conversations.add(message))
    window = desk.settings.undo_seconds if answer.send_in is None else answer.send_in
    entry = desk.store.outbox.add(
        OutboxEntry(
            id=OutboxId(0),
            ticket=ticket.number,
            entry=message.id,
            author=author,
            state=OutboxState.QUEUED,
            due=now + timedelta(seconds=window),
            created=now,
            message_id=composed.message_id,
            raw=raw,
            mailbox=ticket.mailbox,
            envelope_from=composed.envelope_from,
            recipients=composed.recipients,
            draft=answer.text,
            plan=answer.plan or plan_for(answer.macro, answer.text, answer.steps),
        )
    )
    desk.store.conversations.put(replace(message, outbox=entry.id))
    desk.store.threads.link([composed.message_id], ticket.number, own=True)
    return entry


def _steps(ticket: Ticket, answer: Answer, me: Agent) -> list[Step]:
    takes: list[Step] = [AssignStep(me.handle)] if ticket.assignee is None else []
    status: list[Step] = [StatusStep(answer.status)] if answer.status else []
    return [*takes, *answer.steps, *status]
