"""Who is at which ticket, and on which screen: told to colleagues, and never in anybody's way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.attend import attend, leave
from desk.desk import Desk, new_screen
from desk.presence import TIME_TO_LIVE, Doing
from desk.ticket import TicketNumber
from tests.desks import SetClock, receive


@pytest.fixture
def other(desk: Desk) -> Desk:
    """The same agent on another screen."""
    return replace(desk, screen=new_screen())


def seen(desk: Desk) -> list[tuple[str, TicketNumber, Doing]]:
    return [(each.agent, each.ticket, each.doing) for each in desk.store.presences.all(desk.clock())]


def test_two_screens_of_one_agent_do_not_wipe_each_other(desk: Desk, other: Desk) -> None:
    one, two = receive(desk).number, receive(desk, subject="Another matter").number
    attend(desk, one, Doing.ANSWERING)
    attend(other, two, Doing.READING)
    assert seen(desk) == [("ana", one, Doing.ANSWERING), ("ana", two, Doing.READING)]
    leave(other)
    assert seen(desk) == [("ana", one, Doing.ANSWERING)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_agent_with_two_screens_at_a_ticket_is_there_once_answering(
    desk: Desk, other: Desk, order: tuple[int, int]
) -> None:
    number = receive(desk).number
    screens = [(desk, Doing.ANSWERING), (other, Doing.READING)]
    for at in order:
        attend(screens[at][0], number, screens[at][1])
    assert seen(desk) == [("ana", number, Doing.ANSWERING)]
    leave(desk)
    assert seen(desk) == [("ana", number, Doing.READING)]


def test_a_screen_is_at_one_ticket_at_a_time(desk: Desk) -> None:
    one, two = receive(desk).number, receive(desk, subject="Another matter").number
    attend(desk, one, Doing.READING)
    attend(desk, two, Doing.READING)
    assert seen(desk) == [("ana", two, Doing.READING)]


def test_a_screen_that_ended_without_a_word_is_gone_after_its_time(desk: Desk, other: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    attend(other, number, Doing.ANSWERING)
    clock.go_on(seconds=TIME_TO_LIVE.total_seconds() - 1)
    assert seen(desk) == [("ana", number, Doing.ANSWERING)]
    clock.go_on(seconds=1)
    assert seen(desk) == []


def test_what_has_run_out_is_forgotten_by_whoever_comes_next(desk: Desk, other: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    attend(other, number, Doing.ANSWERING)
    clock.go_on(minutes=1)
    attend(desk, number, Doing.READING)
    clock.go_on(seconds=-30)
    assert seen(desk) == [("ana", number, Doing.READING)]
