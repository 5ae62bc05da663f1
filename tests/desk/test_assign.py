"""A ticket that changes hands: who takes what a colleague has just taken is told before anything happens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.actions.assign import Seen, assign
from desk.actions.undo import undo
from desk.desk import Desk
from desk.errors import AlreadyAssigned
from desk.people import Handle
from tests.desks import SetClock, acting_as, receive

ANA, BO = Handle("ana"), Handle("bo")


def test_what_changed_hands_since_it_was_seen_is_refused(desk: Desk) -> None:
    number = receive(desk).number
    assign(acting_as(desk, "bo"), number, BO)
    with pytest.raises(AlreadyAssigned, match=r"bo has just taken 1 \(again takes it from bo\)"):
        assign(desk, number, ANA, seen=Seen(None, desk.clock() - timedelta(hours=1)))
    assert desk.ticket(number).assignee == BO


def test_what_a_colleague_gives_to_the_agent_is_not_given_away_unawares(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    assign(acting_as(desk, "bo"), number, ANA)
    clock.go_on(minutes=1)
    with pytest.raises(AlreadyAssigned, match=r"bo has just given 1 to you \(again gives it away\)"):
        assign(desk, number, BO, seen=Seen(None, desk.clock()))
    assert assign(desk, number, BO, seen=Seen(ANA, desk.clock())).assignee == BO


def test_what_was_taken_just_before_was_not_seen_whatever_is_on_the_screen(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    assign(acting_as(desk, "bo"), number, BO)
    clock.go_on(seconds=1)
    with pytest.raises(AlreadyAssigned):
        assign(desk, number, ANA, seen=Seen(BO, desk.clock()))
    clock.go_on(seconds=1)
    assert assign(desk, number, ANA, seen=Seen(BO, desk.clock())).assignee == ANA


def test_a_clock_that_is_set_back_refuses_nobody(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    assign(acting_as(desk, "bo"), number, BO)
    clock.go_on(hours=-1)
    assert assign(desk, number, ANA, seen=Seen(BO, desk.clock())).assignee == ANA


def test_what_the_agent_did_elsewhere_or_a_colleague_took_back_is_no_reason_to_refuse(
    desk: Desk, clock: SetClock
) -> None:
    number, bo = receive(desk).number, acting_as(desk, "bo")
    assign(desk, number, BO)
    assert assign(desk, number, ANA, seen=Seen(None, desk.clock())).assignee == ANA
    assign(bo, number, BO)
    undo(bo)
    clock.go_on(seconds=2)
    assert assign(desk, number, None, seen=Seen(ANA, desk.clock())).assignee is None
