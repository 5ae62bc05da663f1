"""The end of a shift: when it began, what changed, what waits for whom, and how it is handed over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.actions.assign import assign
from desk.actions.erase import erase
from desk.actions.hand_shift_over import hand_shift_over, see_shifts, take_shift_back
from desk.actions.note import add_note
from desk.actions.promise import promise
from desk.actions.snooze import snooze
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.desk import Desk
from desk.erasure import WORDS
from desk.errors import NothingToUndo, RefusedError, UndoTooLate
from desk.people import Address, Handle
from desk.shift import Began, end_of_shift, handed_to
from desk.ticket import Status, TicketNumber
from tests.desks import SetClock, acting_as, receive

BO = Handle("bo")


def test_a_shift_begins_with_the_first_thing_done_after_a_long_pause(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    tag(desk, number, ["yesterday"])
    clock.go_on(hours=10)
    tag(desk, number, ["morning"])
    began = clock.now
    clock.go_on(hours=3)
    tag(desk, number, ["noon"])
    clock.go_on(hours=2)
    shift = end_of_shift(desk)
    assert (shift.since, shift.began) == (began, Began.WORK)
    assert [each.words for each in shift.done] == ["ana tagged +morning, tagged +noon"]


def test_a_shift_that_was_handed_over_begins_another(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    tag(desk, number, ["morning"])
    clock.go_on(hours=1)
    handed = hand_shift_over(desk, BO, "All is quiet.")
    clock.go_on(hours=1)
    shift = end_of_shift(desk)
    assert (shift.since, shift.began) == (handed.at, Began.HANDED_OVER)
    assert shift.done == ()


def test_what_changed_is_a_line_for_each_ticket_that_says_who_did_what(desk: Desk, clock: SetClock) -> None:
    one = receive(desk)
    two = receive(desk, subject="Another", sender=Address("leo@corp.example", "Leo"))
    clock.go_on(minutes=5)
    assign(desk, one.number, Handle("ana"))
    add_note(acting_as(desk, "bo"), one.number, "I know him")
    set_status(desk, one.number, Status.CLOSED)
    tag(desk, two.number, ["gone"])
    undo(desk)
    shift = end_of_shift(desk, clock.now)
    assert [(each.ticket, each.words) for each in shift.done] == [
        (one.number, "ana took it, closed it; bo left a note")
    ]


def test_what_waits_stands_with_whom_it_waits_for(desk: Desk, clock: SetClock) -> None:
    def arrive(subject: str) -> TicketNumber:
        clock.go_on(minutes=1)
        return receive(desk, subject=subject, sender=Address(f"{subject}@corp.example")).number

    mine, nobodys, bos, theirs, asleep = map(arrive, ["m", "n", "b", "t", "z"])
    assign(desk, mine, Handle("ana"))
    assign(desk, bos, BO)
    set_status(desk, theirs, Status.WAITING)
    snooze(desk, asleep, clock.now + timedelta(days=2))
    promised = promise(desk, bos, clock.now + timedelta(days=1), "a call")
    shift = end_of_shift(desk)
    assert [each.number for each in shift.ours] == [mine, nobodys]
    assert [each.number for each in shift.colleagues] == [bos]
    assert [each.number for each in shift.theirs] == [theirs]
    assert [each.number for each in shift.asleep] == [asleep]
    assert shift.promises == (promised,)


def test_who_is_handed_a_shift_reads_it_once(desk: Desk, clock: SetClock) -> None:
    number, bo = receive(desk).number, acting_as(desk, "bo")
    tag(desk, number, ["morning"])
    hand_shift_over(desk, BO, "\nThe bank calls at 5.\n")
    assert [each.remark for each in handed_to(bo, BO)] == ["The bank calls at 5."]
    (read,) = see_shifts(bo)
    assert [(each.ticket, each.words) for each in read.done] == [(number, "customer wrote; ana tagged +morning")]
    assert see_shifts(bo) == []


def test_a_shift_is_taken_back_as_long_as_nobody_read_it(desk: Desk) -> None:
    with pytest.raises(NothingToUndo):
        take_shift_back(desk)
    hand_shift_over(desk, BO, "first")
    take_shift_back(desk)
    assert handed_to(desk, BO) == []
    hand_shift_over(desk, BO, "second")
    see_shifts(acting_as(desk, "bo"))
    with pytest.raises(UndoTooLate, match="bo has read"):
        take_shift_back(desk)


def test_a_shift_is_handed_to_somebody_else(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="somebody else"):
        hand_shift_over(desk, Handle("ana"))


@pytest.mark.parametrize(
    ("remark", "left"),
    [
        ("Ask dana@corp.example about the bank.", WORDS),
        ("Dana Petrova calls at 5.", WORDS),
        ("Dana calls at 5.", WORDS),
        ("The bank calls at 5.", "The bank calls at 5."),
    ],
    ids=["address", "name", "first-name", "others"],
)
def test_a_remark_about_a_person_is_erased_with_them(desk: Desk, remark: str, left: str) -> None:
    tag(desk, receive(desk).number, ["morning"])
    hand_shift_over(desk, BO, remark)
    erase(desk, ["dana@corp.example"])
    assert [each.remark for each in desk.store.handovers.all()] == [left]
