"""Whoever only got our mail in Bcc has no part in the talk with the customer: what they answer stands aside."""

from __future__ import annotations

from desk.actions.forward import forward
from desk.actions.reply import reply
from desk.conversation import Event, Happened, Message
from desk.desk import Desk
from desk.letters import last_from_customer, recipients
from desk.outgoing import Answer, OutboxEntry
from desk.people import Address
from desk.remarked import in_words, signs
from desk.ticket import Status, Ticket
from desk.wording import Wording
from tests.desk.posting import RecordingSender, run
from tests.desks import DANA, SetClock, receive

BOSS = Address("boss@b.example", "Boss")
LEO = Address("leo@partner.example", "Leo Brandt")
SUPPORT = Address("support@acme.example")


def told_to_boss(desk: Desk, ticket: Ticket) -> OutboxEntry:
    """An answer to the customer that went to somebody in Bcc, too."""
    answer = Answer(text="hi", wording=Wording(bcc=(BOSS,)), status=Status.WAITING, send_in=0)
    entry = reply(desk, ticket.number, answer)
    run(desk, RecordingSender())
    return entry


def answered(
    desk: Desk,
    to_id: str,
    sender: Address = BOSS,
    *,
    to: tuple[Address, ...] = (SUPPORT,),
    cc: tuple[Address, ...] = (),
) -> Ticket:
    return receive(
        desk, sender=sender, to=to, cc=cc, subject="Re: Refund for order 88213", text="Fine by me.", answers=(to_id,)
    )


def last(desk: Desk, ticket: Ticket) -> Message:
    return [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Message)][-1]


def test_their_answer_ends_nobodys_wait_and_our_next_answer_goes_to_the_customer(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    entry = told_to_boss(desk, ticket)
    clock.go_on(hours=1)
    after = answered(desk, entry.message_id)
    assert (after.number, after.waiting_since, after.status, after.unread) == (
        ticket.number,
        None,
        Status.WAITING,
        True,
    )
    assert (last(desk, ticket).side, last(desk, ticket).was_in_bcc) == (entry.entry, True)
    assert recipients(desk, ticket.number) == ((DANA,), ())
    assert last_from_customer(desk, ticket.number).sender == DANA


def test_it_is_said_that_they_were_in_bcc(desk: Desk) -> None:
    ticket = receive(desk)
    after = answered(desk, told_to_boss(desk, ticket).message_id)
    assert signs(after) == ("an answer of somebody who was in Bcc",)
    events = [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Event)]
    assert [in_words(each) for each in events if each.what is Happened.ANSWERED_ASIDE] == [
        "an answer of somebody who was in Bcc"
    ]


def test_what_we_write_back_to_them_goes_on_aside(desk: Desk) -> None:
    ticket = receive(desk)
    entry = told_to_boss(desk, ticket)
    answered(desk, entry.message_id)
    back = forward(desk, ticket.number, last(desk, ticket).id, Answer(text="Thank you.", send_in=0))
    assert (back.recipients, last(desk, ticket).side) == ((BOSS.email,), entry.entry)
    assert "answered_aside" not in desk.ticket(ticket.number).holds
    run(desk, RecordingSender())
    answered(desk, back.message_id)
    assert (last(desk, ticket).side, last(desk, ticket).was_in_bcc) == (entry.entry, True)


def test_whom_the_customer_names_herself_has_a_part_in_the_talk_from_then_on(desk: Desk) -> None:
    ticket = receive(desk)
    entry = told_to_boss(desk, ticket)
    answered(desk, entry.message_id)
    answered(desk, entry.message_id, DANA, cc=(BOSS,))
    after = answered(desk, entry.message_id, to=(SUPPORT, DANA))
    assert (last(desk, ticket).sender, last(desk, ticket).side) == (BOSS, None)
    assert after.waiting_since is not None
    assert recipients(desk, ticket.number) == ((BOSS,), (DANA,))


def test_who_answers_to_the_customer_too_takes_part_openly(desk: Desk) -> None:
    ticket = receive(desk)
    entry = told_to_boss(desk, ticket)
    after = answered(desk, entry.message_id, to=(SUPPORT,), cc=(DANA,))
    assert (last(desk, ticket).side, after.status) == (None, Status.OPEN)


def test_what_the_customer_and_those_in_cc_answer_is_the_talk(desk: Desk) -> None:
    ticket = receive(desk, cc=(LEO,))
    entry = told_to_boss(desk, ticket)
    for sender in (LEO, DANA):
        answered(desk, entry.message_id, sender)
        assert (last(desk, ticket).sender, last(desk, ticket).side) == (sender, None)
    assert desk.ticket(ticket.number).waiting_since is not None
