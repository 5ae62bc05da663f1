"""Mails that a process has, had or left: who goes on with them, and that none leaves twice."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk.actions.cancel import cancel
from desk.actions.resend import resend
from desk.conversation import Happened
from desk.delivery import CLAIM_LEASE, DATA_LEASE, Delivered, deliver
from desk.desk import Desk
from desk.outgoing import Attempt, OutboxEntry, OutboxState
from desk.unsent import make_uncertain
from storage.database import open_store
from storage.shared import SharedStore
from tests.desk.posting import (
    PUT_OFF,
    REFUSED,
    SENT,
    UNCERTAIN,
    RecordingSender,
    events,
    now,
    queue,
    run,
)
from tests.desks import SetClock, make_desk


def leave(desk: Desk, entry: OutboxEntry, state: OutboxState, lease: timedelta, clock: SetClock) -> None:
    """The row of a process that stopped in this state."""
    desk.store.outbox.put(replace(entry, state=state, claim="dead#1", lease_until=clock.now + lease, attempts=1))


@pytest.mark.parametrize("way", ["its process is gone", "its lease ran out"])
def test_a_mail_left_before_data_is_sent_and_one_left_in_data_is_uncertain(
    desk: Desk, clock: SetClock, way: str
) -> None:
    claimed, in_data = queue(desk), queue(desk)
    leave(desk, claimed, OutboxState.CLAIMED, CLAIM_LEASE, clock)
    leave(desk, in_data, OutboxState.IN_DATA, DATA_LEASE, clock)
    sender = RecordingSender()
    assert run(desk, sender, gone="elsewhere") == Delivered()
    if way == "its lease ran out":
        clock.now += DATA_LEASE
    assert run(desk, sender, gone="dead") == Delivered(sent=1, uncertain=1)
    assert sender.tried == [claimed.id]
    assert [what for what, _ in events(desk, claimed)] == [Happened.SENT]
    assert [what for what, _ in events(desk, in_data)] == [Happened.UNCERTAIN]
    assert now(desk, in_data).state is OutboxState.UNCERTAIN
    clock.go_on(days=2)
    assert run(desk, sender, gone="dead") == Delivered()


@pytest.mark.parametrize(("claim", "lease"), [(None, CLAIM_LEASE), ("dead#1", None)])
def test_a_mail_of_which_nobody_says_who_has_it_is_seen_to_at_once(
    desk: Desk, clock: SetClock, claim: str | None, lease: timedelta | None
) -> None:
    entry = queue(desk)
    until = clock.now + lease if lease else None
    desk.store.outbox.put(replace(entry, state=OutboxState.CLAIMED, claim=claim, lease_until=until))
    assert run(desk, RecordingSender()) == Delivered(sent=1)


def test_a_mail_that_was_sent_while_we_asked_who_has_it_stays_sent(desk: Desk, clock: SetClock) -> None:
    entry = queue(desk)
    leave(desk, entry, OutboxState.IN_DATA, DATA_LEASE, clock)

    def end_just_now(claim: str) -> bool:
        desk.store.outbox.put(replace(now(desk, entry), state=OutboxState.SENT, sent_at=clock.now))
        return True

    sender = RecordingSender()
    assert deliver(desk, sender, owner="me", is_gone=end_just_now) == Delivered()
    assert (now(desk, entry).state, sender.tried, events(desk, entry)) == (OutboxState.SENT, [], [])


@pytest.mark.parametrize("state", [OutboxState.CLAIMED, OutboxState.IN_DATA])
def test_a_mail_that_another_process_took_over_while_we_asked_is_left_to_it(
    desk: Desk, clock: SetClock, state: OutboxState
) -> None:
    entry = queue(desk)
    leave(desk, entry, state, CLAIM_LEASE, clock)

    def take_over(claim: str) -> bool:
        desk.store.outbox.put(replace(now(desk, entry), claim="faster#2"))
        return True

    sender = RecordingSender()
    assert deliver(desk, sender, owner="me", is_gone=take_over) == Delivered()
    assert (now(desk, entry).state, now(desk, entry).claim, sender.tried) == (state, "faster#2", [])


def test_a_mail_that_was_erased_while_we_asked_is_no_trouble(desk: Desk, clock: SetClock, tmp_path: Path) -> None:
    entry = queue(desk)
    leave(desk, entry, OutboxState.CLAIMED, CLAIM_LEASE, clock)

    def erase(claim: str) -> bool:
        with open_store(tmp_path / "desk" / "desk.db") as store:
            return store.table("outbox").remove(doc_ids=[entry.id]) != []

    assert deliver(desk, RecordingSender(), owner="me", is_gone=erase) == Delivered()
    assert desk.store.outbox.get(entry.id) is None


def test_a_slow_process_whose_mail_was_taken_over_does_not_send(desk: Desk, clock: SetClock) -> None:
    entry, faster = queue(desk), RecordingSender()

    def be_slow() -> None:
        clock.now += CLAIM_LEASE
        assert run(desk, faster, owner="faster") == Delivered(sent=1)

    slow = RecordingSender(before_data=be_slow)
    assert run(desk, slow, owner="slow") == Delivered()
    assert (len(faster.sent), slow.sent) == (1, [])
    assert events(desk, entry) == [(Happened.SENT, "250 taken")]


@pytest.mark.parametrize("end", [SENT, PUT_OFF, REFUSED])
def test_a_process_that_was_only_slow_in_data_knows_better_than_who_gave_it_up(
    desk: Desk, clock: SetClock, end: Attempt
) -> None:
    entry, other = queue(desk), RecordingSender()

    def be_slow() -> None:
        clock.now += DATA_LEASE
        assert run(desk, other, owner="other") == Delivered(uncertain=1)

    run(desk, RecordingSender([end], in_data=be_slow), owner="slow")
    assert now(desk, entry).state.value == end.verdict.value
    assert other.tried == []
    assert [what for what, _ in events(desk, entry)] == [Happened.UNCERTAIN, Happened(end.verdict.value)]


def test_news_that_a_mail_was_sent_stops_the_second_copy(desk: Desk, clock: SetClock) -> None:
    entry, other = queue(desk), RecordingSender()

    def be_slow_until_an_agent_loses_patience() -> None:
        clock.now += DATA_LEASE
        run(desk, other, owner="other")
        resend(desk, entry.id)

    run(desk, RecordingSender(in_data=be_slow_until_an_agent_loses_patience), owner="slow")
    assert now(desk, entry).state is OutboxState.SENT
    assert run(desk, other, owner="other") == Delivered()
    assert other.tried == []


def test_a_failure_of_an_attempt_that_was_taken_over_changes_nothing(desk: Desk, clock: SetClock) -> None:
    entry = queue(desk)

    def be_slow_until_an_agent_cancels() -> None:
        clock.now += DATA_LEASE
        run(desk, RecordingSender(), owner="other")
        cancel(desk, entry.id)

    run(desk, RecordingSender([PUT_OFF], in_data=be_slow_until_an_agent_cancels), owner="slow")
    assert now(desk, entry).state is OutboxState.CANCELLED


def test_two_processes_send_each_mail_once_between_them(tmp_path: Path) -> None:
    desks = [make_desk(tmp_path), make_desk(tmp_path)]
    mails = [queue(desks[0], f"Answer {number}") for number in range(12)]
    sender = RecordingSender()
    workers = [
        threading.Thread(target=run, args=(each, sender), kwargs={"owner": str(index)})
        for index, each in enumerate(desks)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(message_id for message_id, _ in sender.sent) == sorted(each.message_id for each in mails)
    assert {now(desks[0], each).state for each in mails} == {OutboxState.SENT}
    for each in desks:
        each.store.close()


@pytest.mark.parametrize("end", [SENT, REFUSED, PUT_OFF, UNCERTAIN])
def test_how_a_mail_ended_says_nothing_of_the_mail_that_another_desk_restored_meanwhile_has_in_its_place(
    desk: Desk, clock: SetClock, tmp_path: Path, end: Attempt
) -> None:
    ours, other = queue(desk, "Ours."), make_desk(tmp_path / "other", clock=clock)
    theirs = queue(other, "Theirs.")
    make_uncertain(other, "restored")
    held = now(other, theirs)
    other.store.close()
    assert theirs.id == ours.id
    clock.go_on(seconds=3)
    store = desk.store
    assert isinstance(store, SharedStore)
    sender = RecordingSender([end], in_data=lambda: store.become(tmp_path / "other" / "desk.db"))
    assert run(desk, sender) == Delivered()
    assert now(desk, ours) == held
