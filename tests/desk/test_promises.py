"""What was promised by when: made, kept, taken back, and forgotten with the person it was promised to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.actions.erase import erase
from desk.actions.merge import merge
from desk.actions.promise import keep_promise, keep_promises, promise
from desk.actions.redo import redo
from desk.actions.undo import undo
from desk.desk import Desk
from desk.erasure import WORDS
from desk.errors import NoSuchEntry, RedoTooLate, RefusedError, UndoTooLate
from desk.promised import promised_on
from desk.promises import PromiseId
from desk.shift import end_of_shift
from tests.desks import SetClock, acting_as, receive


def test_promises_stand_in_the_order_in_which_they_are_due(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    late = promise(desk, number, clock.now + timedelta(days=2), "the refund  goes out")
    soon = promise(desk, number, clock.now + timedelta(hours=2), "a call")
    assert [each.text for each in desk.store.promises.standing()] == ["a call", "the refund goes out"]
    clock.go_on(hours=3)
    assert [each.is_late(clock.now) for each in (soon, late)] == [True, False]


def test_a_promise_that_was_kept_stands_no_more_until_that_is_undone(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    made = promise(desk, number, clock.now + timedelta(days=2), "the refund goes out")
    kept = keep_promise(acting_as(desk, "bo"), made.id)
    assert (kept.kept, kept.kept_by) == (clock.now, "bo")
    assert desk.store.promises.standing() == []
    undo(acting_as(desk, "bo"))
    assert desk.store.promises.standing() == [made]
    redo(acting_as(desk, "bo"))
    assert desk.store.promises.standing() == []


def test_making_a_promise_is_undone_and_done_again(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    made = promise(desk, number, clock.now + timedelta(days=2), "the refund goes out")
    assert undo(desk).said == f"taken back on ticket {number}: promised"
    assert desk.store.promises.standing() == []
    redo(desk)
    assert desk.store.promises.standing() == [made]


def test_a_promise_that_a_colleague_kept_is_not_taken_back(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    made = promise(desk, number, clock.now + timedelta(days=2), "the refund goes out")
    keep_promise(acting_as(desk, "bo"), made.id)
    with pytest.raises(UndoTooLate, match="bo kept the promise"):
        undo(desk)


def test_all_that_was_promised_on_a_ticket_is_kept_at_once(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    for hours in (1, 2):
        promise(desk, number, clock.now + timedelta(hours=hours), f"{hours} hours")
    assert len(keep_promises(desk, number)) == 2
    with pytest.raises(RefusedError, match="nothing is promised"):
        keep_promises(desk, number)


def test_a_promise_is_kept_on_the_ticket_that_goes_on_for_its_own(desk: Desk, clock: SetClock) -> None:
    one, two, three = (receive(desk, subject=each).number for each in ("one", "two", "three"))
    made = promise(desk, one, clock.now + timedelta(days=2), "a call")
    merge(desk, [one], two)
    merge(desk, [two], three)
    assert promised_on(desk, three) == [made]
    assert [each.ticket for each in end_of_shift(desk).promises] == [three]
    keep_promises(acting_as(desk, "bo"), three)
    assert promised_on(desk, three) == []
    undo(acting_as(desk, "bo"))
    undo(desk)
    undo(desk)
    assert (promised_on(desk, one), promised_on(desk, three)) == ([made], [])


def test_what_cannot_be_promised_is_refused(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    with pytest.raises(RefusedError, match="what is promised"):
        promise(desk, number, clock.now + timedelta(hours=1), " \n")
    with pytest.raises(RefusedError, match="in the future"):
        promise(desk, number, clock.now, "yesterday")
    with pytest.raises(RefusedError, match="at most 200"):
        promise(desk, number, clock.now + timedelta(hours=1), "x" * 201)
    with pytest.raises(NoSuchEntry):
        keep_promise(desk, PromiseId(7))


def test_promises_are_erased_with_the_person(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    promise(desk, number, clock.now + timedelta(hours=1), "Dana Petrova gets her money")
    assert erase(desk, ["dana@corp.example"]).amounts.notes == 1
    assert [(each.text, each.stands) for each in desk.store.promises.of(number)] == [(WORDS, False)]


def test_a_promise_that_was_erased_does_not_come_back(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    promise(desk, number, clock.now + timedelta(hours=1), "Dana Petrova gets her money")
    undo(desk)
    erase(acting_as(desk, "bo"), ["dana@corp.example"])
    with pytest.raises(RedoTooLate):
        redo(desk)
    assert desk.store.promises.standing() == []
