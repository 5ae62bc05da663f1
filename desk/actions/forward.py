"""Pass a mail of a ticket on to somebody else; what they answer comes onto the ticket, beside the customer's matter."""

from __future__ import annotations

from dataclasses import replace

from desk.actions.reply import refuse_if_moved
from desk.actions.run_macro import do_step, in_order
from desk.conversation import Act, Direction, EntryId, Happened, Message, Purpose
from desk.desk import Desk, new_act
from desk.draft import DraftKind
from desk.drafts import finished_as_detail
from desk.errors import RefusedError
from desk.forwarding import forwarding, message_to_forward
from desk.letters import letter_for, messages_of
from desk.outgoing import Answer, Letter, OutboxEntry
from desk.people import Address
from desk.queueing import Prepared, make, put_out
from desk.sides import people_of, writers
from desk.steps import StatusStep
from desk.subjects import without_prefix
from desk.ticket import TicketNumber
from desk.wording import Wording


def forward(
    desk: Desk, number: TicketNumber, entry: EntryId | None, answer: Answer, *, act: Act | None = None
) -> OutboxEntry:
    """Queue a mail to those that `answer` names; `entry` is what it passes on (None: the customer's last mail).

    The text is sent as it is: `desk.quoting.forwarded` are the words to put below one's own. Where `entry` is
    part of a side talk, that goes on, and without recipients it goes to whoever wrote it. The customer waits on as
    before, and is told nothing.

    Raises:
        TicketMoved: somebody wrote on the ticket after `answer.seen`.
        MergedAway: another ticket goes on for this one.
        GapsLeft: the text still holds a marked gap.
        RefusedError: nobody to forward to, or somebody who is in the talk with the customer already; no such mail;
            no mail can be made of it.
    """
    return queue_forward(desk, prepare_forward(desk, number, entry, answer), act=act)


def prepare_forward(desk: Desk, number: TicketNumber, entry: EntryId | None, answer: Answer) -> Prepared:
    """Make the mail and put its bytes on disk: the slow part, for which nobody else has to wait.

    Raises:
        GapsLeft, RefusedError: as `forward`.
    """
    message = message_to_forward(desk, number, entry)
    wording = _wording(answer, message)
    _refuse_customers(desk, number, wording)
    answer = replace(answer, purpose=Purpose.FORWARD, wording=wording, to=None, cc=None)
    return make(desk, answer, _letter(letter_for(desk, number, answer), message))


def queue_forward(desk: Desk, prepared: Prepared, *, act: Act | None = None) -> OutboxEntry:
    """Put a prepared forward into the outbox; may be part of a transaction.

    Raises:
        TicketMoved, MergedAway, RefusedError: as `forward`.
    """
    act, me, number, answer = act or new_act(), desk.me.handle, prepared.number, prepared.answer
    with desk.store.transaction():
        refuse_if_moved(desk, number, answer)
        ticket = desk.live_ticket(number)
        wording = answer.wording or Wording()
        passed_on = message_to_forward(desk, number, wording.forwards)
        _refuse_customers(desk, number, wording)
        entry = put_out(desk, ticket, prepared, side=passed_on.side)
        finished = finished_as_detail(desk, number, DraftKind.FORWARD)
        detail = {"mail": str(passed_on.id), "to": ", ".join(entry.recipients), **finished}
        after = replace(ticket, unread=False)
        desk.record(Happened.FORWARDED, ticket, after, act=act, author=me, entry=entry.entry, detail=detail)
        status = [StatusStep(answer.status)] if answer.status else []
        for step in in_order([*answer.steps, *status, *([answer.snooze] if answer.snooze else [])]):
            do_step(desk, number, step, act)
        return entry


def _wording(answer: Answer, message: Message) -> Wording:
    """What was chosen, and for the rest what is usual: `Fwd:`, or for an answer within a side talk `Re:`."""
    said, usual = answer.wording or Wording(enclosures=forwarding(message).enclosures), forwarding(message)
    to = said.to if said.to is not None else answer.to
    if not to and message.side is not None and message.direction is Direction.IN:
        to = message.reply_to or (message.sender,)
    subject = f"Re: {without_prefix(message.subject)}" if _goes_back(to, message) else usual.subject
    return replace(
        said,
        to=to or (),
        cc=said.cc or answer.cc or (),
        subject=subject if said.subject is None else said.subject,
        forwards=message.id,
    )


def _goes_back(to: tuple[Address, ...] | None, message: Message) -> bool:
    there = people_of([message])
    return bool(to) and message.side is not None and all(each.key in there for each in to or ())


def _refuse_customers(desk: Desk, number: TicketNumber, wording: Wording) -> None:
    """A forward is for others: what those in the talk with the customer answer would be lost to that talk."""
    everybody = (*(wording.to or ()), *(wording.cc or ()), *wording.bcc)
    if not wording.to:
        raise RefusedError("nobody to forward this to", "say whom: --to, or the recipients in the review")
    if all(desk.settings.is_own(each) for each in everybody):
        raise RefusedError("this would be forwarded to ourselves", "leave a note for colleagues")
    wrote = writers(desk.ticket(number).customer, messages_of(desk, number))
    if inside := next((each for each in everybody if each.key in wrote), None):
        what = f"{inside.email} is in the talk on ticket {number} already, whose mail this is"
        raise RefusedError(what, f"answer them: `tandem reply {number}`")


def _letter(letter: Letter, message: Message) -> Letter:
    """A second mail to those who got the first one goes on from that, as an answer to theirs does."""
    if letter.in_reply_to or message.side is None or not message.message_id:
        return letter
    references = tuple(dict.fromkeys([*message.references, message.message_id]))
    return replace(letter, in_reply_to=message.message_id, references=references)
