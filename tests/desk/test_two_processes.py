"""Agents in processes of their own: what they want meets on the newest document, and undo goes by history."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from desk.actions.snooze import snooze
from desk.conversation import Event, Happened
from desk.desk import Desk
from desk.fields import as_told
from desk.ticket import Priority, Status, TicketNumber
from desk.views import parse_query
from storage.shared import open_shared
from tests.desk.hands import MANY, asked, hands, heard, tell
from tests.desks import make_desk, receive

ONE = TicketNumber(1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shared"


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    """A desk with many tickets, looked at from here."""
    made = make_desk(folder)
    with made.store.transaction():
        for number in MANY:
            receive(made, subject=f"Matter {number}", text=f"About {number}")
    yield made
    made.store.close()


def events(desk: Desk, number: TicketNumber) -> list[Event]:
    return [each for each in desk.store.conversations.of(number) if isinstance(each, Event)]


def test_what_several_agents_do_to_one_ticket_at_once_is_all_done(desk: Desk, folder: Path) -> None:
    with ExitStack() as stack:
        ana, bo, other = (stack.enter_context(hands(folder, each)) for each in ("ana", "bo", "ana"))
        tell(ana, "tags", ONE, "a", 60)
        tell(bo, "tags", ONE, "b", 60)
        tell(other, "to-and-fro", ONE, 60)
        assert [heard(each) for each in (ana, bo, other)] == ["done"] * 3
    ticket = desk.ticket(ONE)
    assert set(ticket.tags) == {f"{by}{at}" for by in "ab" for at in range(60)}
    assert ticket.priority is Priority.HIGH
    assert len(events(desk, ONE)) == 1 + 60 + 60 + 60


def test_nobody_ever_sees_half_of_a_bulk_act_its_undo_or_its_redo(desk: Desk, folder: Path) -> None:
    closed = parse_query("is:closed", me=None, now=desk.clock())
    seen = set[int]()
    with hands(folder, "ana") as ana:
        assert asked(ana, "swing") == "swinging"
        begun = time.monotonic()
        while time.monotonic() < begun + 1.5 or (len(seen) < 2 and time.monotonic() < begun + 60):
            seen.add(desk.store.tickets.count(closed))
    assert seen == {0, len(MANY)}


def test_one_agent_who_undoes_twice_at_once_undoes_each_act_once(desk: Desk, folder: Path) -> None:
    with hands(folder, "ana") as ana, hands(folder, "ana") as other, hands(folder, "bo") as bo:
        asked(bo, "tags", ONE, "b", 5)
        asked(ana, "tags", ONE, "a", 30)
        tell(ana, "undo-all")
        tell(other, "undo-all")
        first, second = heard(ana).split(), heard(other).split()
    done = {each.act for each in events(desk, ONE) if each.author == "ana" and each.what is Happened.TAGGED}
    assert sorted(first + second) == sorted(done)
    assert len(done) == 30
    assert set(desk.ticket(ONE).tags) == {f"b{at}" for at in range(5)}


def test_what_was_done_in_one_process_is_undone_in_a_second_and_redone_in_a_third(desk: Desk, folder: Path) -> None:
    with hands(folder, "ana") as one, hands(folder, "ana") as two, hands(folder, "ana") as three:
        asked(one, "close-many")
        assert asked(two, "undo") == "taken back on 20 tickets: status changed, now open"
        assert asked(three, "redo") == "done again on 20 tickets: status changed, now closed"
        assert asked(two, "redo").startswith("refused: ")
        assert {desk.ticket(number).status for number in MANY} == {Status.CLOSED}
        assert asked(three, "undo") == "taken back on 20 tickets: status changed, now open"
        asked(one, "status", 1, "waiting")
        assert "you have done something else since" in asked(two, "redo")


def test_a_colleague_in_another_process_stops_an_undo_and_is_named(desk: Desk, folder: Path) -> None:
    with hands(folder, "ana") as ana, hands(folder, "bo") as bo:
        asked(ana, "close-many")
        asked(bo, "status", 7, "spam")
        assert "the status of ticket 7 was changed again since, to “spam”, by bo" in asked(ana, "undo")
        assert {desk.ticket(number).status for number in MANY} == {Status.CLOSED, Status.SPAM}
        asked(bo, "undo")
        assert asked(ana, "undo") == "taken back on 20 tickets: status changed, now open"


def test_kill_9_in_the_middle_of_undo_and_redo_leaves_all_of_it_or_nothing(desk: Desk, folder: Path) -> None:
    r = random.Random(5)
    for _ in range(5):
        with hands(folder, "ana") as ana:
            assert asked(ana, "swing") == "swinging"
            time.sleep(r.uniform(0.02, 0.2))
            ana.kill()
        assert len({desk.ticket(number).status for number in MANY}) == 1
        for number in MANY:
            ticket, entries = desk.ticket(number), desk.store.conversations.of(number)
            assert as_told(ticket, entries).status is ticket.status
            assert (ticket.waiting_since is None) == (ticket.status is Status.CLOSED)
        with hands(folder, "ana") as ana:
            asked(ana, "undo-all")
        assert {desk.ticket(number).status for number in MANY} == {Status.OPEN}
    store = open_shared(folder / "desk.db")
    store.examine()
    store.close()


def test_of_several_processes_that_look_at_once_one_wakes_each_ticket(desk: Desk, folder: Path) -> None:
    until = desk.clock() + timedelta(seconds=2)
    with desk.store.transaction():
        for number in MANY:
            snooze(desk, number, until)
    with ExitStack() as stack:
        others = [stack.enter_context(hands(folder, each)) for each in ("ana", "bo", "ana")]
        for each in others:
            tell(each, "wake-many")
        woken = [int(number) for each in others for number in heard(each).split()[1:]]
    assert sorted(woken) == list(MANY)
    for number in MANY:
        assert [each.what for each in events(desk, number)].count(Happened.WOKEN) == 1
