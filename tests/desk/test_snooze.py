"""Tickets that sleep: put off, hidden, brought back in time or by an answer, and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.run_macro import run_macro
from desk.actions.snooze import snooze
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.conversation import Event, Happened, Message
from desk.desk import Desk, new_act
from desk.errors import MergedAway, NoSuchTicket, RedoTooLate, RefusedError, UndoTooLate
from desk.judging import AWAY_BY_SUBJECT
from desk.moments import moment_of
from desk.outgoing import Answer
from desk.plan import KeptStep
from desk.steps import MacroUse, SnoozeStep, StatusStep
from desk.ticket import Status, Ticket, TicketNumber
from desk.views import VIEWS, parse_query
from desk.waking import wake
from tests.desks import SetClock, acting_as, receive

FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
"""A week after the clock of these tests."""


def in_view(desk: Desk, name: str) -> set[int]:
    query = next(each.query for each in VIEWS if each.name == name)
    return set(desk.store.tickets.numbers(parse_query(query, me=desk.me.handle, now=desk.clock())))


def events(desk: Desk, number: TicketNumber, what: Happened) -> list[Event]:
    return [each for each in desk.store.conversations.of(number) if isinstance(each, Event) and each.what is what]


def answered(desk: Desk, ticket: Ticket, automatic: str | None = None) -> Ticket:
    mails = [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Message)]
    return receive(desk, answers=(mails[0].message_id,), text="Any news?", automatic=automatic)


def test_a_sleeper_is_out_of_inbox_mine_and_new_and_in_all_other_views(desk: Desk) -> None:
    number, other = receive(desk).number, receive(desk, subject="Another matter").number
    snooze(desk, number, FRIDAY)
    assert {name: in_view(desk, name) for name in ("inbox", "new", "snoozed", "all")} == {
        "inbox": {other},
        "new": {other},
        "snoozed": {number},
        "all": {number, other},
    }
    set_status(desk, number, Status.WAITING)
    assert in_view(desk, "waiting") == in_view(desk, "snoozed") == {number}


def test_views_leave_a_sleeper_in_again_at_its_moment_even_where_nobody_wakes_it(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    snooze(desk, number, FRIDAY)
    clock.now = FRIDAY
    assert (in_view(desk, "inbox"), in_view(desk, "snoozed")) == ({number}, set())


def test_a_ticket_wakes_once_in_time_to_be_read_and_says_why(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    snooze(desk, number, FRIDAY)
    clock.now = FRIDAY - timedelta(seconds=1)
    assert wake(desk) == ()
    clock.now = FRIDAY
    assert [wake(desk), wake(desk)] == [(number,), ()]
    ticket, [event] = desk.ticket(number), events(desk, number, Happened.WOKEN)
    assert (ticket.snoozed_until, ticket.snoozed_by, ticket.unread) == (None, None, True)
    assert (event.author, event.detail, event.at) == (None, {"why": "time", "by": "ana"}, FRIDAY)
    assert "came_back" in ticket.holds
    add_note(desk, number, "Seen.")
    assert "came_back" not in desk.ticket(number).holds


@pytest.mark.parametrize("status", [Status.WAITING, Status.CLOSED])
def test_what_waited_or_was_closed_is_open_when_it_comes_back(desk: Desk, clock: SetClock, status: Status) -> None:
    number = receive(desk).number
    set_status(desk, number, status)
    assert snooze(desk, number, FRIDAY).status is status
    clock.now = FRIDAY
    wake(desk)
    assert desk.ticket(number).status is Status.OPEN


def test_a_closed_ticket_that_comes_back_makes_nobody_wait_for_what_its_closing_settled(
    desk: Desk, clock: SetClock
) -> None:
    number = receive(desk).number
    set_status(desk, number, Status.CLOSED)
    snooze(desk, number, FRIDAY)
    clock.now = FRIDAY
    wake(desk)
    assert desk.ticket(number).waiting_since is None


def test_an_answer_wakes_a_ticket_before_its_moment(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    set_status(desk, ticket.number, Status.WAITING)
    snooze(desk, ticket.number, FRIDAY)
    clock.go_on(days=1)
    after = answered(desk, ticket)
    assert (after.status, after.snoozed_until, after.unread) == (Status.OPEN, None, True)
    [event] = events(desk, ticket.number, Happened.WOKEN)
    assert (event.author, event.detail) == (None, {"why": "answer", "by": "ana"})
    clock.now = FRIDAY
    assert wake(desk) == ()


def test_who_was_told_to_sleep_through_answers_does(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    set_status(desk, ticket.number, Status.WAITING)
    snooze(desk, ticket.number, FRIDAY, through=True)
    after = answered(desk, ticket)
    assert (after.status, after.snoozed_until) == (Status.OPEN, FRIDAY)
    assert in_view(desk, "inbox") == set()
    clock.now = FRIDAY
    assert wake(desk) == (ticket.number,)


def test_automatic_mail_wakes_nobody(desk: Desk) -> None:
    ticket = receive(desk)
    snooze(desk, ticket.number, FRIDAY)
    assert answered(desk, ticket, automatic=AWAY_BY_SUBJECT).snoozed_until == FRIDAY


def test_one_undo_takes_a_sleep_of_many_back_and_a_redo_puts_it_on_again(desk: Desk) -> None:
    numbers = [receive(desk, subject=f"Matter {each}").number for each in "abc"]
    act = new_act()
    for number in numbers:
        snooze(desk, number, FRIDAY, through=number == numbers[0], act=act)
    slept = [desk.ticket(each) for each in numbers]
    undo(desk)
    assert [desk.ticket(each).snoozed_until for each in numbers] == [None] * 3
    redo(desk)
    for was, number in zip(slept, numbers, strict=True):
        now = desk.ticket(number)
        assert (now.snoozed_until, now.snoozed_by, now.sleeps_through) == (
            was.snoozed_until,
            was.snoozed_by,
            was.sleeps_through,
        )


def test_waking_by_hand_is_told_and_taken_back_with_whose_sleep_it_was(desk: Desk) -> None:
    number = receive(desk).number
    snooze(desk, number, FRIDAY)
    bo = acting_as(desk, "bo")
    assert snooze(bo, number, None).snoozed_until is None
    assert events(desk, number, Happened.WOKEN)[0].author == "bo"
    undo(bo)
    assert (desk.ticket(number).snoozed_until, desk.ticket(number).snoozed_by) == (FRIDAY, "ana")


def test_another_sleep_in_its_place_is_taken_back_to_the_first(desk: Desk) -> None:
    number = receive(desk).number
    snooze(desk, number, FRIDAY)
    snooze(desk, number, FRIDAY + timedelta(days=1), through=True)
    undo(desk)
    assert (desk.ticket(number).snoozed_until, desk.ticket(number).sleeps_through) == (FRIDAY, False)


def test_an_undo_that_would_hide_what_a_colleague_put_off_otherwise_is_refused(desk: Desk) -> None:
    number = receive(desk).number
    snooze(desk, number, FRIDAY)
    snooze(acting_as(desk, "bo"), number, FRIDAY + timedelta(days=1))
    with pytest.raises(UndoTooLate, match=f"ticket {number} was put to sleep once more since, by bo"):
        undo(desk)


def test_undoing_a_sleep_that_is_over_by_itself_is_no_quarrel(desk: Desk, clock: SetClock) -> None:
    one, other = receive(desk), receive(desk, subject="Another matter")
    act = new_act()
    for each in (one, other):
        snooze(desk, each.number, FRIDAY, act=act)
    answered(desk, one)
    clock.go_on(minutes=1)
    undo(desk)
    assert [desk.ticket(each.number).snoozed_until for each in (one, other)] == [None, None]


def test_a_redo_hides_no_answer_that_came_meanwhile(desk: Desk) -> None:
    ticket = receive(desk)
    snooze(desk, ticket.number, FRIDAY)
    undo(desk)
    answered(desk, ticket)
    with pytest.raises(RedoTooLate, match="Dana Petrova wrote a mail"):
        redo(desk)
    assert desk.ticket(ticket.number).snoozed_until is None


@pytest.mark.parametrize("status", [Status.CLOSED, Status.SPAM, Status.OPEN])
def test_whoever_settles_a_sleeper_ends_its_sleep_and_gets_it_back_by_undo(desk: Desk, status: Status) -> None:
    number = receive(desk).number
    snooze(desk, number, FRIDAY)
    after = set_status(desk, number, status)
    assert (after.status, after.snoozed_until) == (status, None)
    undo(desk)
    assert (desk.ticket(number).status, desk.ticket(number).snoozed_until) == (Status.OPEN, FRIDAY)


def test_a_sleeper_that_waits_for_its_customer_sleeps_on(desk: Desk) -> None:
    number = receive(desk).number
    snooze(desk, number, FRIDAY)
    assert set_status(desk, number, Status.WAITING).snoozed_until == FRIDAY


def test_the_same_sleep_again_and_waking_who_is_awake_leave_no_event(desk: Desk) -> None:
    number, awake = receive(desk).number, receive(desk, subject="Another matter").number
    snooze(desk, number, FRIDAY)
    snooze(desk, number, FRIDAY.astimezone(timezone(timedelta(hours=2))))
    snooze(desk, awake, None)
    assert (len(events(desk, number, Happened.SNOOZED)), events(desk, awake, Happened.WOKEN)) == (1, [])


@pytest.mark.parametrize("until", [timedelta(0), timedelta(days=-1), timedelta(days=2000)], ids=["now", "past", "far"])
def test_a_moment_that_cannot_be_waited_for_is_refused(desk: Desk, until: timedelta) -> None:
    number = receive(desk).number
    with pytest.raises(RefusedError, match=r"past|five years"):
        snooze(desk, number, desk.clock() + until)
    assert desk.ticket(number).snoozed_until is None


def test_spam_what_was_merged_away_and_what_is_not_there_do_not_sleep(desk: Desk) -> None:
    spam, gone, into = (receive(desk, subject=f"Matter {each}").number for each in "abc")
    set_status(desk, spam, Status.SPAM)
    merge(desk, [gone], into)
    for number, error in ((spam, RefusedError), (gone, MergedAway), (TicketNumber(99), NoSuchTicket)):
        with pytest.raises(error):
            snooze(desk, number, FRIDAY)


def test_merging_wakes_what_somebody_has_to_look_at_and_keeps_the_shorter_of_two_sleeps(desk: Desk) -> None:
    awake, one, two = (receive(desk, subject=f"Matter {each}").number for each in "abc")
    snooze(desk, one, FRIDAY, through=True)
    snooze(desk, two, FRIDAY + timedelta(days=1))
    merged = merge(desk, [two], one).ticket
    assert (merged.snoozed_until, merged.sleeps_through) == (FRIDAY, False)
    assert desk.ticket(two).snoozed_until is None
    assert merge(desk, [awake], one).ticket.snoozed_until is None
    undo(desk)
    undo(desk)
    assert (desk.ticket(one).snoozed_until, desk.ticket(two).snoozed_until) == (FRIDAY, FRIDAY + timedelta(days=1))


def test_a_macro_puts_its_ticket_off_whatever_else_it_does_and_one_undo_takes_all_back(desk: Desk) -> None:
    number = receive(desk).number
    steps = (SnoozeStep("3 business days"), StatusStep(Status.CLOSED))
    run_macro(desk, number, steps, MacroUse("later", "0" * 12))
    after = desk.ticket(number)
    assert (after.status, after.snoozed_until and after.snoozed_until.date()) == (Status.CLOSED, date(2026, 11, 25))
    undo(desk)
    assert (desk.ticket(number).status, desk.ticket(number).snoozed_until) == (Status.OPEN, None)


def test_the_desks_own_morning_is_when_a_day_begins_that_is_said_without_a_time(desk: Desk) -> None:
    early = replace(desk, settings=replace(desk.settings, morning=time(7, 30)))
    number = receive(early).number
    run_macro(early, number, (SnoozeStep("3 business days"),), MacroUse("later", "0" * 12))
    at = early.ticket(number).snoozed_until
    assert at is not None
    assert f"{at.astimezone():%H:%M}" == f"{moment_of(early, 'tomorrow morning').astimezone():%H:%M}" == "07:30"


def test_a_macro_whose_moment_has_passed_does_nothing_at_all(desk: Desk) -> None:
    number = receive(desk).number
    with pytest.raises(RefusedError, match="“2026-11-19” was Thu 19 Nov 2026"):
        run_macro(desk, number, (StatusStep(Status.CLOSED), SnoozeStep("2026-11-19")), MacroUse("late", "0" * 12))
    assert desk.ticket(number).status is Status.OPEN


def test_a_sleep_is_kept_with_a_draft_as_it_was_chosen() -> None:
    for step in (SnoozeStep("fri 9"), SnoozeStep("2 weeks", through=True)):
        assert KeptStep.of(step).step == step


def test_an_answer_puts_its_ticket_off_in_the_same_commit(desk: Desk) -> None:
    number = receive(desk).number
    reply(desk, number, Answer(text="We are on it.", status=Status.WAITING, snooze=SnoozeStep("fri 9", through=True)))
    after = desk.ticket(number)
    assert (after.status, after.sleeps_through) == (Status.WAITING, True)
    assert after.snoozed_until is not None
    undo(desk)
    assert (desk.ticket(number).status, desk.ticket(number).snoozed_until) == (Status.OPEN, None)


def test_nobody_is_put_to_sleep_again_until_a_moment_that_has_come(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    snooze(desk, number, FRIDAY)
    set_status(desk, number, Status.CLOSED)
    clock.now = FRIDAY
    assert undo(desk).said.endswith(f"; ticket {number} stays awake, since its time has come")
    assert (desk.ticket(number).status, desk.ticket(number).snoozed_until) == (Status.OPEN, None)
    undo(desk)
    assert redo(desk).said.endswith("stays awake, since its time has come")
    assert wake(desk) == ()
