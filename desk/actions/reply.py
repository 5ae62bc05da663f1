"""Answer a customer: the mail is made and queued in the same commit as everything that goes with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from desk.actions.run_macro import do_step, use_as_detail
from desk.conversation import Act, Direction, EntryId, Happened, Message, OutboxId
from desk.desk import Desk, new_act
from desk.errors import RefusedError, TicketMoved
from desk.outgoing import Answer, Composed, Letter, OutboxEntry, OutboxState, refuse_gaps
from desk.people import NOBODY, Address, Agent
from desk.presence import DraftKind
from desk.settings import Mailbox
from desk.steps import AssignStep, StatusStep, Step
from desk.subjects import without_prefix
from desk.summary import counts
from desk.ticket import Ticket, TicketNumber


def reply(desk: Desk, number: TicketNumber, answer: Answer, *, act: Act | None = None) -> OutboxEntry:
    """Queue an answer; it leaves when the undo window is over. Answering a ticket that nobody has takes it.

    Raises:
        TicketMoved: somebody wrote on the ticket after `answer.seen`.
        GapsLeft: the text still holds a marked gap.
        RefusedError: no mail can be made of it (an address, a file), or a step cannot be done.
    """
    act, me = act or new_act(), desk.me
    letter = compose_letter(desk, number, answer)
    composed = desk.composer.compose(letter)
    raw = desk.blobs.put(composed.raw)
    with desk.store.transaction():
        ticket = desk.ticket(number)
        _refuse_if_moved(desk, ticket, answer)
        entry = _queue(desk, ticket, answer, letter, composed, raw)
        detail = use_as_detail(answer.macro) if answer.macro else {}
        answered = desk.sum_up(replace(ticket, unread=False))
        desk.record(Happened.REPLIED, ticket, answered, act=act, author=me.handle, entry=entry.entry, detail=detail)
        for step in _steps(ticket, answer, me):
            do_step(desk, number, step, act)
        for draft in desk.store.drafts.of(number):
            if draft.author == me.handle and draft.kind is DraftKind.REPLY:
                desk.store.drafts.remove(draft)
        desk.sum_up(desk.ticket(number))
        return entry


def compose_letter(desk: Desk, number: TicketNumber, answer: Answer) -> Letter:
    """The letter an answer becomes: whom it goes to and which mail it answers (RFC 5322 3.6.4).

    Raises:
        GapsLeft, NoSuchTicket, RefusedError: as for `reply`.
    """
    refuse_gaps(answer.text)
    ticket = desk.ticket(number)
    mailbox = _mailbox(desk, ticket)
    messages = _messages(desk, number)
    parent = next((each for each in reversed(messages) if each.direction is Direction.IN), None)
    to, cc = _recipients(desk, ticket, parent)
    if not answer.to and any(each.key == NOBODY.key for each in to):
        raise RefusedError(
            f"no mail on ticket {number} gives an address to answer to", "write to the customer directly"
        )
    return Letter(
        ticket=number,
        sender=Address(
            mailbox.address.email,
            f"{desk.me.name} ({mailbox.address.name})" if mailbox.address.name else desk.me.name,
        ),
        to=answer.to or to,
        cc=cc if answer.cc is None else answer.cc,
        subject="Re: " + without_prefix(ticket.subject),
        text=answer.text,
        date=desk.clock(),
        in_reply_to=(messages[-1].message_id or None) if messages else None,
        references=_references(messages),
        attachments=answer.attachments,
    )


def _mailbox(desk: Desk, ticket: Ticket) -> Mailbox:
    if (mailbox := desk.settings.mailbox(ticket.mailbox)) is None:
        raise RefusedError("this desk has no address to write from", "`tandem init` sets one up")
    return mailbox


def _messages(desk: Desk, number: TicketNumber) -> list[Message]:
    states = {each.id: each.state for each in desk.store.outbox.of(number)}
    return [each for each in desk.store.conversations.of(number) if isinstance(each, Message) and counts(each, states)]


def _recipients(desk: Desk, ticket: Ticket, parent: Message | None) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    if parent is None:
        return (ticket.customer,), ()
    to = tuple(each for each in parent.reply_to or (parent.sender,) if not desk.settings.is_own(each))
    taken = {each.key for each in to}
    cc: list[Address] = []
    for each in (*parent.to, *parent.cc):
        if each.key not in taken and not desk.settings.is_own(each):
            taken.add(each.key)
            cc.append(each)
    return to or (ticket.customer,), tuple(cc)


def _references(messages: list[Message]) -> tuple[str, ...]:
    if not messages:
        return ()
    last = messages[-1]
    return tuple(each for each in dict.fromkeys([*last.references, last.message_id]) if each)


def _refuse_if_moved(desk: Desk, ticket: Ticket, answer: Answer) -> None:
    if answer.seen is None:
        return
    for message in reversed(_messages(desk, ticket.number)):
        if message.id > answer.seen:
            by = message.author or message.sender.label
            raise TicketMoved(ticket.number, answer.seen, message.id, by)


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
        )
    )
    desk.store.conversations.put(replace(message, outbox=entry.id))
    desk.store.threads.link([composed.message_id], ticket.number, own=True)
    return entry


def _steps(ticket: Ticket, answer: Answer, me: Agent) -> list[Step]:
    takes: list[Step] = [AssignStep(me.handle)] if ticket.assignee is None else []
    status: list[Step] = [StatusStep(answer.status)] if answer.status else []
    return [*takes, *answer.steps, *status]
