"""A login that is refused stops the account, not each of its mails."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from desk.actions.resend import resend
from desk.conversation import Happened
from desk.delivery import GIVE_UP, PROBES, Delivered
from desk.delivery.accounts import ask_now, stopped
from desk.desk import Desk
from desk.errors import RefusedError
from desk.outgoing import Attempt, Limits, OutboxState, Verdict
from tests.desk.posting import DOWN, NOT_LET_IN, PUT_OFF, SENT, RecordingSender, now, queue, run, steps
from tests.desks import SetClock, make_desk


def test_a_refused_login_stops_the_account_and_no_mail_is_to_blame(desk: Desk, clock: SetClock) -> None:
    mails, sender = [queue(desk, f"Answer {number}") for number in range(5)], RecordingSender([NOT_LET_IN])
    for _ in range(50):
        assert run(desk, sender) == Delivered(held=5)
        clock.go_on(seconds=1)
    assert sender.tried == [mails[0].id]
    waiting = [now(desk, each) for each in mails]
    assert {(each.state, each.attempts, each.last_error) for each in waiting} == {(OutboxState.QUEUED, 0, None)}
    [account] = stopped(desk)
    assert (account.mailbox, account.said) == ("support", "535 wrong password")
    assert "535 wrong password" in account.in_words
    assert steps(desk, mails[0]) == [Happened.SENDING, Happened.WAITS_AGAIN]
    assert steps(desk, mails[1]) == []


def test_it_is_asked_again_ever_more_seldom_and_a_day_of_that_is_not_held_against_the_mails(
    desk: Desk, clock: SetClock
) -> None:
    mails, sender = [queue(desk, f"Answer {number}") for number in range(3)], RecordingSender([NOT_LET_IN])
    asked = [clock.now]
    end = clock.now + 2 * GIVE_UP
    while clock.now < end:
        before = len(sender.tried)
        run(desk, sender)
        if len(sender.tried) > before:
            asked.append(clock.now)
        clock.go_on(seconds=30)
    waits = [later - earlier for earlier, later in pairwise(asked[1:])]
    assert waits[: len(PROBES)] == list(PROBES)
    assert set(waits[len(PROBES) :]) == {PROBES[-1]}
    sender.ends = [PUT_OFF]
    clock.go_on(minutes=31)
    assert run(desk, sender) == Delivered(deferred=3)
    for _ in range(6):
        clock.now = max(now(desk, each).due for each in mails)
        run(desk, sender)
    assert {now(desk, each).state for each in mails} == {OutboxState.DEFERRED}


def test_once_it_is_let_in_everything_leaves_in_the_same_round(desk: Desk, clock: SetClock) -> None:
    for number in range(4):
        queue(desk, f"Answer {number}")
    sender = RecordingSender([NOT_LET_IN])
    run(desk, sender)
    sender.ends = [SENT]
    assert run(desk, sender) == Delivered(held=4)
    clock.now += PROBES[0]
    assert run(desk, sender) == Delivered(sent=4)
    assert stopped(desk) == []
    assert run(desk, sender) == Delivered()


def test_an_agent_has_it_asked_at_once(desk: Desk) -> None:
    first, second = queue(desk, "First"), queue(desk, "Second")
    sender = RecordingSender([NOT_LET_IN])
    run(desk, sender)
    assert resend(desk, second.id).state is OutboxState.QUEUED
    sender.ends = [SENT]
    assert run(desk, sender) == Delivered(sent=2)
    assert now(desk, first).state is OutboxState.SENT
    assert not ask_now(desk, "support")
    with pytest.raises(RefusedError, match="sent"):
        resend(desk, second.id)


def test_another_mailbox_goes_on_sending(desk: Desk) -> None:
    ours, theirs = queue(desk, "Ours"), queue(desk, "Theirs")
    desk.store.outbox.put(replace(theirs, mailbox="sales"))
    assert run(desk, RecordingSender([NOT_LET_IN, SENT])) == Delivered(sent=1, held=1)
    assert (now(desk, ours).state, now(desk, theirs).state) == (OutboxState.QUEUED, OutboxState.SENT)


def test_of_several_processes_one_asks(tmp_path: Path, clock: SetClock) -> None:
    desks = [make_desk(tmp_path, clock=clock) for _ in range(3)]
    queue(desks[0])
    senders = [RecordingSender([NOT_LET_IN]) for _ in desks]
    for _ in range(3):
        for desk, sender in zip(desks, senders, strict=True):
            run(desk, sender)
        clock.go_on(seconds=61)
        for desk, sender in zip(reversed(desks), reversed(senders), strict=True):
            run(desk, sender)
    assert sum(len(each.tried) for each in senders) == 2
    for desk in desks:
        desk.store.close()


def test_a_server_that_is_away_while_the_account_is_stopped_changes_nothing(desk: Desk, clock: SetClock) -> None:
    entry, sender = queue(desk), RecordingSender([NOT_LET_IN, DOWN])
    run(desk, sender)
    clock.now += PROBES[0]
    assert run(desk, sender) == Delivered(held=1)
    assert (now(desk, entry).state, now(desk, entry).attempts) == (OutboxState.QUEUED, 0)
    assert len(stopped(desk)) == 1


def test_a_mail_that_waited_before_waits_as_it_did(desk: Desk, clock: SetClock) -> None:
    entry, sender = queue(desk), RecordingSender([PUT_OFF, NOT_LET_IN])
    run(desk, sender)
    waiting = now(desk, entry)
    clock.now = waiting.due
    run(desk, sender)
    after = now(desk, entry)
    assert (after.state, after.due, after.attempts) == (waiting.state, waiting.due, waiting.attempts)
    assert after.last_error == waiting.last_error


def test_what_the_server_offers_is_remembered_until_it_offers_something_else(desk: Desk, clock: SetClock) -> None:
    small, large = Limits(1_000, smtputf8=False, dsn=True), Limits(None, smtputf8=True, dsn=True)
    sender = RecordingSender([Attempt(Verdict.SENT, "250", limits=each) for each in (small, small, large)])
    for number, expected in enumerate((small, small, large)):
        queue(desk, f"Answer {number}")
        run(desk, sender)
        [known] = desk.store.senders.all()
        assert (known.mailbox, known.limits) == ("support", expected)
        clock.go_on(hours=1)
