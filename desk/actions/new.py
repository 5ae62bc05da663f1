"""Write to somebody first: a ticket opens from our side, and its first mail is queued with it, in one commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.actions.run_macro import do_step, in_order, use_as_detail
from desk.beginning import Beginning
from desk.conversation import Act, Happened, Purpose
from desk.desk import Desk, new_act
from desk.dossier import named
from desk.errors import RefusedError
from desk.letters import letter_for
from desk.outgoing import Answer, OutboxEntry
from desk.people import Handle
from desk.queueing import make, put_out
from desk.settings import Mailbox
from desk.steps import AssignStep, MacroUse, StatusStep, Step
from desk.ticket import Status, Ticket, TicketNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How the new ticket begins its life besides its mail.

    `assignee` None: whoever writes. `status` None: open, as a ticket that was answered. `steps` are done in the same
    commit; `send_in` is the undo window in seconds, 0 to 60 (None: the desk's own).
    """

    assignee: Handle | None = None
    status: Status | None = None
    steps: tuple[Step, ...] = ()
    macro: MacroUse | None = None
    send_in: int | None = None


def begin(desk: Desk, beginning: Beginning, start: Start | None = None, *, act: Act | None = None) -> OutboxEntry:
    """Open a ticket for the first recipient, and queue the mail to all of them; the customer waits for nothing.

    What they answer comes onto the ticket. The mail is made while the store is ours, for its id names the ticket; its
    files are on disk already.

    Raises:
        GapsLeft: the text still holds a marked gap.
        NoSuchAgent: nobody has the handle of the assignee.
        RefusedError: no recipient or subject, no such mailbox, or no mail can be made of it.
    """
    act, me, start = act or new_act(), desk.me, start or Start()
    mailbox = _checked(desk, beginning)
    with desk.store.transaction():
        ticket = desk.store.tickets.add(_ticket(desk, beginning, mailbox))
        answer = _answer(beginning, start)
        entry = put_out(desk, ticket, make(desk, answer, letter_for(desk, ticket.number, answer)))
        detail = use_as_detail(start.macro) if start.macro else {}
        desk.record(Happened.WRITTEN, ticket, ticket, act=act, author=me.handle, entry=entry.entry, detail=detail)
        for step in in_order(_steps(start, me.handle)):
            do_step(desk, ticket.number, step, act)
        return entry


def _checked(desk: Desk, beginning: Beginning) -> Mailbox:
    names = [each.name for each in desk.settings.mailboxes]
    mailbox = desk.settings.mailbox(beginning.mailbox)
    if mailbox is None:
        raise RefusedError("this desk has no address to write from", "`tandem init` sets one up")
    if beginning.mailbox and mailbox.name != beginning.mailbox:
        raise RefusedError(f"there is no mailbox “{beginning.mailbox[:40]}”", f"there are: {', '.join(names)}")
    if not beginning.to:
        raise RefusedError("nobody to write to", "say whom it goes to")
    if desk.settings.is_own(beginning.to[0]):
        raise RefusedError(f"{beginning.to[0].email} is this desk's own address", "name a customer first")
    if not beginning.subject.strip():
        raise RefusedError("this mail has no subject", "say what it is about")
    return mailbox


def _ticket(desk: Desk, beginning: Beginning, mailbox: Mailbox) -> Ticket:
    now = desk.clock()
    return Ticket(
        number=TicketNumber(0),
        subject=" ".join(beginning.subject.split()),
        customer=named(desk, beginning.to[0]),
        mailbox=mailbox.name,
        created=now,
        updated=now,
        last_message=now,
    )


def _answer(beginning: Beginning, start: Start) -> Answer:
    return Answer(
        text=beginning.text,
        wording=beginning.wording,
        purpose=Purpose.NEW,
        steps=start.steps,
        macro=start.macro,
        plan=beginning.plan,
        send_in=start.send_in,
    )


def _steps(start: Start, me: Handle) -> Sequence[Step]:
    """Whose it is and how it stands come last: they were asked for now, a macro was written long before."""
    said = any(isinstance(each, AssignStep) for each in start.steps) and start.assignee is None
    takes: list[Step] = [] if said else [AssignStep(start.assignee or me)]
    status: list[Step] = [StatusStep(start.status)] if start.status else []
    return [*start.steps, *takes, *status]
