"""What the ticket tells of its mail's way out: every step once, and none that moves it without need."""

from __future__ import annotations

import pytest

from desk.actions.erase import erase
from desk.actions.forward import forward
from desk.actions.reply import reply
from desk.conversation import Event, Happened, Message
from desk.delivery import CLAIM_LEASE, Delivered
from desk.desk import Desk
from desk.outgoing import Answer, Attempt, OutboxEntry, OutboxState, Verdict
from desk.people import Address
from desk.remarked import in_words
from desk.wording import Wording
from tests.desk.posting import PUT_OFF, REFUSED, SENT, UNCERTAIN, RecordingSender, now, queue, run, steps
from tests.desks import SetClock, receive


@pytest.mark.parametrize("end", [SENT, PUT_OFF, REFUSED, UNCERTAIN])
def test_every_step_of_an_attempt_is_an_event(desk: Desk, end: Attempt) -> None:
    entry = queue(desk)
    run(desk, RecordingSender([end]))
    assert steps(desk, entry) == [Happened.SENDING, Happened.IN_DATA, Happened(end.verdict.value)]


def test_who_took_a_mail_up_and_that_it_was_left_is_written_down(desk: Desk, clock: SetClock) -> None:
    entry = queue(desk)

    def die() -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        run(desk, RecordingSender(before_data=die), owner="dead")
    clock.now += CLAIM_LEASE
    assert run(desk, RecordingSender(), owner="alive") == Delivered(sent=1)
    assert steps(desk, entry) == [
        Happened.SENDING,
        Happened.WAITS_AGAIN,
        Happened.SENDING,
        Happened.IN_DATA,
        Happened.SENT,
    ]
    taken = [each for each in desk.store.conversations.of(entry.ticket) if isinstance(each, Event)]
    assert [each.detail["by"] for each in taken if each.what is Happened.SENDING] == ["dead", "alive"]


def test_each_attempt_is_remembered_with_what_was_said_the_last_twenty_of_them(desk: Desk, clock: SetClock) -> None:
    entry = queue(desk)
    said = [f"451 try {number}" for number in range(23)]
    for words in said:
        run(desk, RecordingSender([Attempt(Verdict.DEFERRED, words)]))
        clock.now = max(clock.now, now(desk, entry).due)
    tries = now(desk, entry).tries
    assert [each.said for each in tries] == said[-20:]
    assert [each.at for each in tries] == sorted(each.at for each in tries)
    assert [each.what for each in told_of(desk, entry)].count(Happened.DEFERRED) == len(said)


def told_of(desk: Desk, entry: OutboxEntry) -> list[Event]:
    told = [each for each in desk.store.conversations.of(entry.ticket) if isinstance(each, Event)]
    return [each for each in told if each.entry == entry.entry]


def test_a_mail_that_waited_leaves_and_the_ticket_says_what_it_does_not_answer(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    entry = reply(desk, ticket.number, Answer(text="It is on its way.", send_in=10))
    clock.go_on(seconds=5)
    newer = receive(desk, subject="Re: Refund for order 88213", text="Wait, please.", answers=(entry.message_id,))
    assert newer.number == ticket.number
    clock.go_on(seconds=5)
    assert run(desk, RecordingSender()) == Delivered(sent=1)
    [told] = [each for each in told_of(desk, entry) if each.what is Happened.OVERTAKEN]
    assert in_words(told) == "sent, but written before a newer mail of Dana Petrova"
    assert desk.ticket(ticket.number).waiting_since is not None


def test_a_mail_that_nobody_overtook_or_that_did_not_leave_says_nothing_of_that(desk: Desk, clock: SetClock) -> None:
    answered, machine, refused = queue(desk, "One"), queue(desk, "Two"), queue(desk, "Three")
    receive(desk, automatic="out of office", answers=(machine.message_id,), text="I am away.")
    receive(desk, answers=(refused.message_id,), text="Wait, please.")
    run(desk, RecordingSender([SENT, SENT, REFUSED]))
    assert now(desk, refused).state is OutboxState.REFUSED
    for entry in (answered, machine, refused):
        assert Happened.OVERTAKEN not in steps(desk, entry)


def test_what_is_told_of_a_customer_goes_with_the_customer(desk: Desk, clock: SetClock) -> None:
    entry = queue(desk)
    receive(desk, answers=(entry.message_id,), text="Wait, please.")
    run(desk, RecordingSender())
    assert Happened.OVERTAKEN in steps(desk, entry)
    clock.go_on(minutes=1)
    erase(desk, ["dana@corp.example"])
    told = [each for each in desk.store.conversations.of(entry.ticket) if isinstance(each, Event)]
    assert not [each for each in told if "Dana" in str(each) or "dana@" in str(each)]


def test_what_is_passed_on_answers_nobody_so_nothing_overtakes_it(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    [mail] = [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Message)]
    wording = Wording(to=(Address("bank@bank.example"),))
    forward(desk, ticket.number, mail.id, Answer(text="For you.", wording=wording, send_in=10))
    receive(desk, subject="Re: Refund for order 88213", text="Any news?", answers=(mail.message_id,))
    clock.go_on(seconds=10)
    assert run(desk, RecordingSender()) == Delivered(sent=1)
    told = [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Event)]
    assert Happened.SENT in {each.what for each in told}
    assert Happened.OVERTAKEN not in {each.what for each in told}
