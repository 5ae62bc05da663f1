"""Answer a customer: the mail is made and on disk first, then queued in one commit with all that goes with it."""

from __future__ import annotations

from dataclasses import replace

from desk.actions.run_macro import do_step, in_order, use_as_detail
from desk.conversation import Act, Happened
from desk.desk import Desk, new_act
from desk.draft import DraftKind
from desk.drafts import finished_as_detail
from desk.letters import letter_for
from desk.meanwhile import refuse_if_anything, refuse_if_written
from desk.outgoing import Answer, OutboxEntry
from desk.people import Agent
from desk.queueing import Prepared, make, put_out
from desk.steps import AssignStep, StatusStep, Step
from desk.ticket import Ticket, TicketNumber


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
    return make(desk, answer, letter_for(desk, number, answer))


def queue(desk: Desk, prepared: Prepared, *, act: Act | None = None) -> OutboxEntry:
    """Put a prepared answer into the outbox, with everything that goes with it; may be part of a transaction.

    `answer.status` applies over a colleague's change too: the agent asks for it now, a macro was written long before.

    Raises:
        TicketMoved, RefusedError: as `reply`.
    """
    act, me, number, answer = act or new_act(), desk.me, prepared.number, prepared.answer
    with desk.store.transaction():
        refuse_if_moved(desk, number, answer)
        ticket = desk.live_ticket(number)
        entry = put_out(desk, ticket, prepared)
        finished = finished_as_detail(desk, number, DraftKind.REPLY)
        detail = {**finished, **use_as_detail(answer.macro)} if answer.macro else finished
        answered = replace(ticket, unread=False)
        desk.record(Happened.REPLIED, ticket, answered, act=act, author=me.handle, entry=entry.entry, detail=detail)
        for step in in_order(_steps(ticket, answer, me)):
            do_step(desk, number, step, act)
        return entry


def refuse_if_moved(desk: Desk, number: TicketNumber, answer: Answer) -> None:
    """Let an answer pass only when nothing came after what its author saw that they should know.

    Raises:
        TicketMoved: something did.
    """
    refuse = refuse_if_anything if answer.steps or answer.macro else refuse_if_written
    refuse(desk, number, answer.seen)


def _steps(ticket: Ticket, answer: Answer, me: Agent) -> list[Step]:
    takes: list[Step] = [AssignStep(me.handle)] if ticket.assignee is None else []
    status: list[Step] = [StatusStep(answer.status)] if answer.status else []
    return [*takes, *answer.steps, *status, *([answer.snooze] if answer.snooze else [])]
