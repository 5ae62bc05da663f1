"""Answers to tickets that were closed long ago."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desk.actions.assign import assign
from desk.actions.note import add_note
from desk.actions.status import set_status
from desk.conversation import Event, Happened
from desk.desk import Desk
from desk.settings import FollowUp
from desk.ticket import Status, Ticket, TicketNumber
from tests.desks import DANA, SetClock, acting_as, receive

ONE = TicketNumber(1)
AWAY = "it says that it was sent automatically"


@pytest.fixture
def closed(desk: Desk) -> Ticket:
    receive(desk, message_id="<1@corp.example>")
    assign(desk, ONE, desk.agent(desk.me.handle).handle)
    return set_status(desk, ONE, Status.CLOSED)


def answer(desk: Desk, text: str = "again", automatic: str | None = None) -> Ticket:
    return receive(desk, subject="Re: Refund", text=text, answers=("<1@corp.example>",), automatic=automatic)


def ruled(desk: Desk, **rule: Any) -> Desk:
    follow_up = replace(FollowUp(), **rule)
    return replace(desk, settings=replace(desk.settings, follow_up=follow_up))


@pytest.mark.parametrize(("days", "opened"), [(30, 1), (30.1, 2)])
def test_an_answer_opens_a_ticket_again_until_it_was_closed_for_thirty_days(
    desk: Desk, clock: SetClock, closed: Ticket, days: float, opened: int
) -> None:
    clock.go_on(days=days)
    after = answer(desk)
    assert (after.number, after.status) == (opened, Status.OPEN)
    assert (desk.ticket(ONE).status is Status.CLOSED) == (opened == 2)
    assert closed.status is Status.CLOSED


def test_the_new_ticket_and_the_old_one_tell_of_each_other(desk: Desk, clock: SetClock, closed: Ticket) -> None:
    clock.go_on(days=31)
    after = answer(desk)
    assert (after.follows, after.customer, after.assignee) == (closed.number, DANA, closed.assignee)
    told = [
        each.detail
        for number in (closed.number, after.number)
        for each in desk.store.conversations.of(number)
        if isinstance(each, Event) and each.what is Happened.FOLLOWED
    ]
    assert told == [{"followed_by": "2"}, {"follows": "1"}]


def test_what_is_written_later_to_the_old_ticket_goes_on_in_the_new_one(
    desk: Desk, clock: SetClock, closed: Ticket
) -> None:
    clock.go_on(days=31)
    assert answer(desk, "one").number == answer(desk, "two").number == 2
    clock.go_on(days=5)
    set_status(desk, TicketNumber(2), Status.CLOSED)
    clock.go_on(days=5)
    assert (answer(desk, "three").number, desk.ticket(TicketNumber(2)).status) == (2, Status.OPEN)
    set_status(desk, TicketNumber(2), Status.CLOSED)
    clock.go_on(days=31)
    assert answer(desk, "four").follows == 2
    assert closed.number == 1


def test_what_happened_to_a_closed_ticket_since_does_not_keep_it_young(
    desk: Desk, clock: SetClock, closed: Ticket
) -> None:
    clock.go_on(days=29)
    add_note(desk, closed.number, "still in my mind")
    answer(desk, "I am away", automatic=AWAY)
    clock.go_on(days=2)
    assert answer(desk).number == 2


def test_automatic_mail_opens_neither_a_ticket_nor_one_again(desk: Desk, clock: SetClock, closed: Ticket) -> None:
    clock.go_on(days=300)
    after = answer(desk, "I am away", automatic=AWAY)
    assert (after.number, after.status) == (closed.number, Status.CLOSED)


@pytest.mark.parametrize(("days", "opened"), [(None, 1), (0, 2), (400, 1)])
def test_a_desk_may_have_another_rule(
    desk: Desk, clock: SetClock, closed: Ticket, days: int | None, opened: int
) -> None:
    clock.go_on(days=365)
    assert answer(ruled(desk, days=days)).number == opened
    assert closed.number == 1


def test_the_assignee_may_be_dropped_and_is_when_gone(desk: Desk, clock: SetClock, closed: Ticket) -> None:
    clock.go_on(days=31)
    assert answer(ruled(desk, keeps_assignee=False)).assignee is None
    set_status(desk, TicketNumber(2), Status.CLOSED)
    assign(desk, TicketNumber(2), acting_as(desk, "bo").me.handle)
    desk.store.agents.remove(acting_as(desk, "bo").me.handle)
    clock.go_on(days=31)
    after = answer(desk)
    assert (after.follows, after.assignee) == (2, None)
    assert closed.number == 1
