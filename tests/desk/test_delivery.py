from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk.actions.cancel import cancel
from desk.actions.reply import reply
from desk.actions.resend import resend
from desk.actions.status import set_status
from desk.conversation import Happened, OutboxId
from desk.delivery import BACK_OFF, CLAIM_LEASE, GIVE_UP, Delivered
from desk.desk import Desk
from desk.errors import GapsLeft, NoSuchEntry, RefusedError, StoreUnreachable
from desk.outgoing import Answer, Attempt, OutboxEntry, OutboxState, Verdict
from desk.people import Address
from desk.ticket import Status
from tests.desk.posting import (
    DOWN,
    PUT_OFF,
    REFUSED,
    SENT,
    UNCERTAIN,
    RecordingSender,
    events,
    lose_bytes,
    now,
    queue,
    run,
)
from tests.desks import SetClock, receive


def test_a_mail_that_is_due_is_sent_as_it_was_stored_and_the_ticket_tells(desk: Desk, clock: SetClock) -> None:
    entry, sender = queue(desk), RecordingSender()
    clock.go_on(seconds=3)
    assert run(desk, sender) == Delivered(sent=1)
    assert sender.sent == [(entry.message_id, desk.blobs.get(entry.raw))]
    after = now(desk, entry)
    assert (after.state, after.sent_at, after.attempts, after.claim) == (OutboxState.SENT, clock.now, 1, None)
    assert events(desk, entry) == [(Happened.SENT, "250 taken")]
    assert desk.ticket(entry.ticket).status is Status.WAITING
    assert run(desk, sender) == Delivered()


def test_a_mail_that_is_put_off_is_tried_once_when_the_clock_was_set_back_and_then_waits_as_others(
    desk: Desk, clock: SetClock
) -> None:
    queue(desk)
    clock.go_on(seconds=3)
    assert run(desk, RecordingSender([PUT_OFF])) == Delivered(deferred=1)
    clock.go_on(days=-365)
    assert run(desk, RecordingSender([PUT_OFF])) == Delivered(deferred=1)
    clock.go_on(seconds=1)
    assert run(desk, sender := RecordingSender()) == Delivered()
    clock.go_on(hours=6)
    assert run(desk, sender) == Delivered(sent=1)


def test_a_mail_is_known_by_the_id_that_the_server_gave_it(desk: Desk) -> None:
    entry = queue(desk)
    run(desk, RecordingSender([Attempt(Verdict.SENT, "250 OK <new@server.example>", sent_as="<new@server.example>")]))
    assert now(desk, entry).sent_as == "<new@server.example>"
    answered = receive(desk, sender=Address("Kim", "kim@corp.example"), subject="", answers=("<new@server.example>",))
    bounced = receive(desk, automatic="a bounce", subject="Returned", bounce_of=("<new@server.example>",))
    assert answered.number == bounced.number == entry.ticket
    assert now(desk, entry).state is OutboxState.BOUNCED


def test_an_id_that_a_ticket_has_already_is_nothing_that_a_server_could_give(desk: Desk) -> None:
    other = receive(desk, subject="Other", sender=Address("Kim", "kim@corp.example"), message_id="<held@corp.example>")
    entry = queue(desk)
    run(desk, RecordingSender([Attempt(Verdict.SENT, "250 OK", sent_as="<held@corp.example>")]))
    assert (now(desk, entry).state, now(desk, entry).sent_as) == (OutboxState.SENT, "")
    assert desk.store.threads.tickets(["<held@corp.example>"], own=True) == {"<held@corp.example>": [other.number]}


def test_a_mail_is_committed_as_in_data_before_the_server_has_any_of_it(desk: Desk) -> None:
    entry = queue(desk)
    states: list[OutboxState] = []
    sender = RecordingSender(
        before_data=lambda: states.append(now(desk, entry).state), in_data=lambda: states.append(now(desk, entry).state)
    )
    run(desk, sender)
    assert states == [OutboxState.CLAIMED, OutboxState.IN_DATA]


def test_a_mail_waits_until_its_undo_window_is_over(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    reply(desk, ticket.number, Answer(text="Yes.", send_in=10))
    sender = RecordingSender()
    clock.go_on(seconds=9)
    assert run(desk, sender) == Delivered()
    clock.go_on(seconds=1)
    assert run(desk, sender) == Delivered(sent=1)


def test_the_waits_between_attempts_grow_and_each_is_on_the_ticket_but_only_the_first_moves_it(
    desk: Desk, clock: SetClock
) -> None:
    entry, sender = queue(desk), RecordingSender([PUT_OFF])
    waits: list[timedelta] = []
    moved = [clock.now]
    for _ in range(7):
        assert run(desk, sender) == Delivered(deferred=1)
        moved.append(desk.ticket(entry.ticket).updated)
        waits.append(now(desk, entry).due - clock.now)
        clock.now = now(desk, entry).due
    assert waits == [*BACK_OFF, BACK_OFF[-1], BACK_OFF[-1]]
    assert now(desk, entry).last_error == "451 later"
    assert events(desk, entry) == [(Happened.DEFERRED, "451 later")] * 7
    assert len(set(moved)) == 1
    sender.ends = [SENT]
    assert run(desk, sender) == Delivered(sent=1)
    assert now(desk, entry).last_error is None


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 48), (1.0, 72)])
def test_chance_spreads_the_attempts_of_many_mails(desk: Desk, clock: SetClock, chance: float, seconds: int) -> None:
    entry = queue(desk)
    run(desk, RecordingSender([PUT_OFF]), chance=chance)
    assert now(desk, entry).due - clock.now == timedelta(seconds=seconds)


def test_a_mail_that_is_put_off_for_a_day_is_given_up_in_words(desk: Desk, clock: SetClock) -> None:
    entry, sender = queue(desk), RecordingSender([PUT_OFF])
    while now(desk, entry).state is not OutboxState.REFUSED:
        run(desk, sender)
        clock.now = max(clock.now, now(desk, entry).due)
    assert GIVE_UP <= clock.now - entry.created <= GIVE_UP + BACK_OFF[-1]
    assert events(desk, entry)[-1] == (Happened.REFUSED, f"given up after {len(sender.tried)} attempts: 451 later")
    assert desk.ticket(entry.ticket).status is Status.OPEN


@pytest.mark.parametrize(("early", "end"), [(1, OutboxState.DEFERRED), (0, OutboxState.REFUSED)])
def test_a_mail_is_given_up_after_a_day_to_the_second(
    desk: Desk, clock: SetClock, early: int, end: OutboxState
) -> None:
    entry, sender = queue(desk), RecordingSender([PUT_OFF])
    for _ in BACK_OFF:
        run(desk, sender)
        clock.now = now(desk, entry).due
    clock.now = entry.created + GIVE_UP - timedelta(seconds=early)
    run(desk, sender)
    assert now(desk, entry).state is end


def test_a_computer_that_slept_for_days_still_tries_more_than_once(desk: Desk, clock: SetClock) -> None:
    entry, sender = queue(desk), RecordingSender([PUT_OFF])
    clock.go_on(days=3)
    for _ in BACK_OFF[1:]:
        assert run(desk, sender) == Delivered(deferred=1)
        clock.now = now(desk, entry).due
    assert run(desk, sender) == Delivered(refused=1)


def test_a_refused_mail_opens_its_ticket_again_and_stands_on_it(desk: Desk) -> None:
    entry, sender = queue(desk, status=Status.CLOSED), RecordingSender([REFUSED])
    assert desk.ticket(entry.ticket).waiting_since is None
    assert run(desk, sender) == Delivered(refused=1)
    ticket = desk.ticket(entry.ticket)
    assert ticket.status is Status.OPEN
    assert ticket.waiting_since is not None
    assert "undelivered" in ticket.holds
    assert events(desk, entry) == [(Happened.REFUSED, "550 never")]
    assert run(desk, sender) == Delivered()


def test_an_uncertain_mail_is_sent_again_only_by_an_agent_and_as_it_was(desk: Desk, clock: SetClock) -> None:
    entry, sender = queue(desk), RecordingSender([UNCERTAIN, SENT])
    assert run(desk, sender) == Delivered(uncertain=1)
    assert "undelivered" in desk.ticket(entry.ticket).holds
    clock.go_on(days=2)
    assert run(desk, sender) == Delivered()
    assert resend(desk, entry.id).state is OutboxState.QUEUED
    assert run(desk, sender) == Delivered(sent=1)
    assert sender.sent == [(entry.message_id, desk.blobs.get(entry.raw))] * 2
    assert [what for what, _ in events(desk, entry)] == [Happened.UNCERTAIN, Happened.RESENT, Happened.SENT]
    assert "undelivered" not in desk.ticket(entry.ticket).holds


def test_a_mail_with_a_gap_is_refused_here_too(desk: Desk) -> None:
    entry, sender = queue(desk), RecordingSender()
    desk.store.outbox.put(replace(now(desk, entry), draft="Dear ⟦name⟧"))
    assert run(desk, sender) == Delivered(refused=1)
    assert sender.tried == []
    assert "⟦name⟧" in events(desk, entry)[-1][1]
    with pytest.raises(GapsLeft):
        resend(desk, entry.id)


def test_a_mail_whose_bytes_are_lost_is_refused_in_words_and_keeps_its_draft(desk: Desk, tmp_path: Path) -> None:
    lost, other = queue(desk, "The lost one."), queue(desk, "The other.")
    lose_bytes(tmp_path / "desk", lost)
    assert run(desk, RecordingSender()) == Delivered(sent=1, refused=1)
    assert now(desk, lost).state is OutboxState.REFUSED
    assert now(desk, lost).draft == "The lost one."
    assert "missing" in events(desk, lost)[-1][1]
    assert now(desk, other).state is OutboxState.SENT


def test_a_mail_that_breaks_the_store_does_not_stop_the_others(desk: Desk, clock: SetClock) -> None:
    failure = StoreUnreachable("the disk is full")
    failures = [failure]

    def fail_once() -> None:
        if failures:
            raise failures.pop()

    broken, other = queue(desk), queue(desk)
    sender = RecordingSender(before_data=fail_once)
    assert run(desk, sender) == Delivered(sent=1, broken=(failure,))
    assert now(desk, other).state is OutboxState.SENT
    clock.now += CLAIM_LEASE
    assert run(desk, sender) == Delivered(sent=1)
    assert now(desk, broken).state is OutboxState.SENT


def test_no_more_mails_are_tried_than_asked(desk: Desk) -> None:
    first, second = queue(desk), queue(desk)
    assert run(desk, RecordingSender(), limit=1) == Delivered(sent=1)
    assert (now(desk, first).state, now(desk, second).state) == (OutboxState.SENT, OutboxState.QUEUED)


def test_a_server_that_takes_nothing_is_asked_once_a_round(desk: Desk, clock: SetClock) -> None:
    mails, sender = [queue(desk) for _ in range(3)], RecordingSender([DOWN])
    assert run(desk, sender) == Delivered(deferred=3)
    assert sender.tried == [mails[0].id]
    assert {now(desk, each).last_error for each in mails} == {"nobody answers"}
    sender.ends = [SENT]
    clock.go_on(minutes=2)
    assert run(desk, sender) == Delivered(sent=3)


def test_a_mail_can_be_cancelled_until_a_process_has_it(desk: Desk) -> None:
    entry, sender = queue(desk), RecordingSender()
    refusals: list[str] = []

    def try_to_cancel() -> None:
        with pytest.raises(RefusedError) as refusal:
            cancel(desk, other.id)
        refusals.append(refusal.value.message)

    assert cancel(desk, entry.id).state is OutboxState.CANCELLED
    assert run(desk, sender) == Delivered()
    assert events(desk, entry) == [(Happened.CANCELLED, "")]
    assert desk.ticket(entry.ticket).waiting_since is not None
    other = queue(desk)
    sender.before_data = sender.in_data = try_to_cancel
    run(desk, sender)
    try_to_cancel()
    assert [message.rpartition(" ")[2] for message in refusals] == ["sending", "sending", "sent"]


@pytest.mark.parametrize("end", [PUT_OFF, REFUSED, UNCERTAIN])
def test_a_mail_that_did_not_go_out_can_be_cancelled_or_sent_again(desk: Desk, end: Attempt) -> None:
    given_up, again = queue(desk), queue(desk)
    run(desk, RecordingSender([end]))
    cancel(desk, given_up.id)
    queued = resend(desk, again.id)
    assert (queued.attempts, queued.last_error, queued.claim) == (0, None, None)
    sender = RecordingSender()
    assert run(desk, sender) == Delivered(sent=1)
    assert sender.tried == [again.id]
    assert "undelivered" not in desk.ticket(given_up.ticket).holds


def test_who_cancels_or_sends_again_is_written_down(desk: Desk) -> None:
    first, second = queue(desk), queue(desk)
    run(desk, RecordingSender([REFUSED]))
    cancel(desk, first.id)
    resend(desk, second.id)
    done = [each for each in desk.store.conversations.done_by(desk.me.handle, 10) if each.entry is not None]
    assert [(each.what, each.ticket) for each in done[:2]] == [
        (Happened.RESENT, second.ticket),
        (Happened.CANCELLED, first.ticket),
    ]


@pytest.mark.parametrize("action", [cancel, resend])
def test_a_mail_that_was_sent_or_never_was_is_left_alone(
    desk: Desk, action: Callable[[Desk, OutboxId], OutboxEntry]
) -> None:
    entry = queue(desk)
    run(desk, RecordingSender())
    with pytest.raises(RefusedError, match="sent"):
        action(desk, entry.id)
    with pytest.raises(NoSuchEntry):
        action(desk, OutboxId(999))


def test_what_agents_set_meanwhile_is_kept(desk: Desk) -> None:
    entry = queue(desk)
    run(desk, RecordingSender(in_data=lambda: set_status(desk, entry.ticket, Status.CLOSED)))
    assert desk.ticket(entry.ticket).status is Status.CLOSED
