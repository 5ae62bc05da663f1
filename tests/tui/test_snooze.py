"""Putting tickets off by keys: the picker, what is shown of sleepers, and how they come back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desk.actions.snooze import snooze
from desk.desk import Desk
from desk.ticket import Status
from desk.waking import wake
from tests.desks import SetClock, receive
from tests.tui.apps import NARROW, WIDE, Screen, showing
from tests.tui.composing import answering, ended, inbox
from tui.actions.naps import naps
from tui.screens.snooze import SnoozeScreen

FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
EARLY = datetime(2026, 11, 27, 7, 30, tzinfo=UTC).time()


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The agents of these tests live in UTC, and the clock says Tuesday 24 November 2026, 10:00."""
    with monkeypatch.context() as environment:
        environment.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 11, 24, 10, 0, tzinfo=UTC))


async def opened(screen: Screen) -> None:
    await screen.press("b")
    await screen.until(lambda: isinstance(screen.app.screen, SnoozeScreen))


@pytest.mark.parametrize("ahead", range(7))
def test_on_every_day_of_the_week_the_first_choice_for_f_is_the_next_friday(clock: SetClock, ahead: int) -> None:
    clock.go_on(days=ahead)
    friday = naps("f", clock())[0].at
    assert (friday.weekday(), friday.hour, clock() < friday <= clock() + timedelta(days=7)) == (4, 9, True)


async def test_friday_is_three_keys_away(desk: Desk) -> None:
    number = receive(desk).number
    async with inbox(desk) as screen:
        await screen.press("b", "f", "enter")
        await screen.until(lambda: desk.ticket(number).snoozed_until is not None)
    assert desk.ticket(number).snoozed_until == FRIDAY


async def test_friday_begins_when_the_desk_says_that_a_morning_does(desk: Desk) -> None:
    number = receive(desk).number
    async with inbox(replace(desk, settings=replace(desk.settings, morning=EARLY))) as screen:
        await screen.press("b", "f")
        await screen.sees("07:30")
        await screen.press("enter")
        await screen.until(lambda: desk.ticket(number).snoozed_until is not None)
    assert desk.ticket(number).snoozed_until == FRIDAY - timedelta(hours=1, minutes=30)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_the_choices_show_their_day_and_time(desk: Desk, size: tuple[int, int]) -> None:
    receive(desk)
    async with inbox(desk, size=size) as screen:
        await opened(screen)
        await screen.sees("In 3 hours", "Tue 24 Nov 13:00", "This evening", "Tue 24 Nov 18:00", "Tomorrow morning")
        await screen.sees("Friday", "Fri 27 Nov 09:00", "In 2 weeks", "Next month", "Tue  1 Dec 09:00")
        await screen.sees("Tue 24 Nov 13:00, in 3 hours", "wakes on an answer")
        assert screen.text.count("Mon 30 Nov 09:00") == 1


async def test_words_are_understood_while_they_are_typed(desk: Desk) -> None:
    number = receive(desk).number
    async with inbox(desk) as screen:
        await opened(screen)
        await screen.type("3 business days")
        await screen.sees("Fri 27 Nov 09:00, in 3 days")
        await screen.press(*(["backspace"] * 15))
        await screen.type("5/6")
        await screen.sees("“5/6” can be read in two ways")
        await screen.press("enter")
        assert desk.ticket(number).snoozed_until is None
        await screen.press(*(["backspace"] * 3))
        await screen.type("fri 14:30")
        await screen.sees("Fri 27 Nov 14:30, in 3 days")
        await screen.press("enter")
        await screen.sees("1 sleeps until Fri 27 Nov 14:30, u takes it back")
    assert desk.ticket(number).snoozed_until == FRIDAY.replace(hour=14, minute=30)


async def test_the_day_that_it_is_puts_nothing_off_by_a_year(desk: Desk) -> None:
    number = receive(desk).number
    async with inbox(desk) as screen:
        await opened(screen)
        await screen.type("24 nov")
        await screen.sees("“24 nov” is today, and 09:00 is past", "24 Nov 2027")
        await screen.press("enter")
        assert desk.ticket(number).snoozed_until is None
        await screen.type(" 18:00")
        await screen.sees("Tue 24 Nov 18:00, in 8 hours")
        await screen.press(*(["backspace"] * 12))
        await screen.type("23 nov")
        await screen.sees("Tue 23 Nov 2027 09:00, in 52 weeks")


async def test_what_is_typed_reaches_a_terminal_only_cleaned(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await opened(screen)
        await screen.type("[/b] fri")
        await screen.sees("“[/b] fri”: “[/b]” means no day and no time")


async def test_all_marked_tickets_sleep_and_one_undo_wakes_them(desk: Desk) -> None:
    numbers = [receive(desk, subject=f"Matter {each}").number for each in "abc"]
    left = receive(desk, subject="Matter d").number
    async with inbox(desk) as screen:
        await screen.press("x", "j", "x", "j", "x", "b")
        await screen.sees("Snooze 3 tickets")
        await screen.press("f", "enter")
        await screen.sees("3 tickets sleep until Fri 27 Nov 09:00")
        await screen.until(lambda: list(screen.inbox.tickets.numbers) == [left])
        await screen.press("u")
        await screen.until(lambda: len(screen.inbox.tickets.numbers) == 4)
    assert [desk.ticket(each).snoozed_until for each in numbers] == [None] * 3


async def test_a_sleeper_is_found_told_and_woken_where_it_sleeps(desk: Desk) -> None:
    number = receive(desk).number
    snooze(desk, number, FRIDAY, through=True)
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "z")
        await screen.sees("z Fri", "sleeps until Fri 27 Nov 09:00 (ana); sleeps through answers")
        await screen.press("b")
        await screen.sees("Snooze 1  sleeps until Fri 27 Nov 09:00 (ana)", "Wake up now", "sleeps through answers")
        await screen.press("w", "enter")
        await screen.sees("1 is awake")
    assert desk.ticket(number).snoozed_until is None


async def test_tab_lets_answers_wake_nobody(desk: Desk) -> None:
    number = receive(desk).number
    async with inbox(desk) as screen:
        await opened(screen)
        await screen.press("f")
        await screen.sees("wakes on an answer")
        await screen.press("tab")
        await screen.sees("sleeps through answers   Tab wakes on one")
        await screen.press("enter")
        await screen.until(lambda: desk.ticket(number).snoozed_until is not None)
    assert desk.ticket(number).sleeps_through


async def test_the_reader_goes_on_to_the_next_ticket(desk: Desk) -> None:
    first = receive(desk, subject="First matter").number
    receive(desk, subject="Second matter")
    async with inbox(desk) as screen:
        await screen.press("enter", "b", "f", "enter")
        await screen.until(lambda: desk.ticket(first).snoozed_until is not None)
        await screen.sees("Second matter")
        assert screen.inbox.is_reading


async def test_esc_leaves_everything_as_it_was(desk: Desk) -> None:
    number = receive(desk).number
    async with inbox(desk) as screen:
        await opened(screen)
        await screen.press("f", "escape")
        await screen.until(lambda: screen.app.screen is screen.inbox)
    assert desk.ticket(number).snoozed_until is None


async def test_a_ticket_that_woke_up_comes_into_an_open_inbox_and_says_why(desk: Desk, clock: SetClock) -> None:
    number = receive(desk, subject="Sleepy matter").number
    snooze(desk, number, FRIDAY)
    async with showing(desk, WIDE) as screen:
        await screen.misses("Sleepy matter")
        clock.now = FRIDAY
        wake(desk)
        await screen.sees("woke up: Sleepy matter", "Tandem woke it up, as ana wanted")


async def test_an_answer_is_sent_and_its_ticket_sleeps_until_somebody_answers(desk: Desk) -> None:
    number = receive(desk).number
    async with answering(desk, "We are on it.") as screen:
        await screen.press("escape", "b")
        await screen.sees("Send and snooze 1", "Fri 27 Nov 09:00")
        await screen.press("f", "enter")
        await ended(screen)
        await screen.until(lambda: desk.ticket(number).snoozed_until == FRIDAY)
        assert desk.ticket(number).status is Status.WAITING
        await screen.press("u")
        await screen.until(lambda: desk.ticket(number).snoozed_until is None)
    assert desk.ticket(number).status is Status.OPEN


async def test_a_gap_is_filled_before_anything_is_put_off(desk: Desk) -> None:
    number = receive(desk).number
    async with answering(desk, "Hello \u27e6name\u27e7") as screen:
        await screen.press("escape", "b")
        await screen.sees("not sent:")
    assert desk.ticket(number).snoozed_until is None


async def test_the_last_sleep_is_repeated_by_one_key_and_counted_from_then(desk: Desk, clock: SetClock) -> None:
    one, other = receive(desk, subject="First matter").number, receive(desk, subject="Second matter").number
    async with inbox(desk) as screen:
        await screen.press("b", "enter")
        await screen.until(lambda: desk.ticket(one).snoozed_until == clock() + timedelta(hours=3))
        clock.go_on(hours=1)
        await screen.until(lambda: screen.cursor == other)
        await screen.press(".")
        await screen.until(lambda: desk.ticket(other).snoozed_until == clock() + timedelta(hours=3))
