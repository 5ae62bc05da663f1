from __future__ import annotations

from datetime import timedelta

import pytest
from textual import events

from desk.actions.assign import assign
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.desk import Desk
from desk.outgoing import Answer
from desk.people import Handle
from desk.ticket import Status, TicketNumber
from tests.desks import acting_as, receive
from tests.tui.apps import NARROW, WIDE, showing
from tests.tui.filling import BO, fill
from tui.screens.inbox import InboxScreen
from tui.style.signs import UNICODE

pytestmark = pytest.mark.real_time


async def test_the_list_shows_who_wrote_what_and_how_long_it_waits(desk: Desk) -> None:
    fill(desk, "Printer broken", "Where is my parcel")
    async with showing(desk) as screen:
        await screen.sees(
            "Inbox 2", "New 2", "Customer 0", "Printer broken", "Where is my parcel", " 3h", " 2h", "? help"
        )


async def test_moving_about(desk: Desk) -> None:
    numbers = fill(desk, *(f"Subject {at}" for at in range(40)))
    async with showing(desk) as screen:
        await screen.sees("Subject 0")
        await screen.press("j", "down", "k")
        assert screen.cursor == numbers[1]
        await screen.press("G")
        await screen.sees("Subject 39")
        assert screen.cursor == numbers[-1]
        await screen.press("ctrl+u")
        assert screen.cursor == numbers[-1 - screen.inbox.tickets.size.height // 2]
        await screen.press("g", "g")
        await screen.sees("Subject 0")
        assert screen.cursor == numbers[0]


async def test_a_narrow_screen_shows_one_pane_at_a_time(desk: Desk) -> None:
    fill(desk, "Printer broken", "Second matter")
    async with showing(desk, NARROW) as screen:
        await screen.sees("Second matter")
        await screen.press("enter")
        await screen.sees("I returned the printer")
        assert "Second matter" not in screen.text
        await screen.press("q")
        await screen.sees("Second matter")
        assert "I returned the printer" not in screen.text


async def test_a_wide_screen_shows_the_ticket_under_the_cursor_beside_the_list(desk: Desk) -> None:
    fill(desk, "Printer broken", "Second matter")
    async with showing(desk, WIDE) as screen:
        await screen.sees("Second matter", "I returned the printer", "customer0@corp.example")
        await screen.press("j")
        await screen.sees("Printer broken", "customer1@corp.example")
        assert desk.ticket(TicketNumber(2)).unread


async def test_opening_a_ticket_marks_it_read(desk: Desk) -> None:
    (number,) = fill(desk, "Printer broken")
    async with showing(desk) as screen:
        await screen.sees("* Printer broken")
        await screen.press("enter")
        await screen.until(lambda: not desk.ticket(number).unread)
        await screen.press("q")
        await screen.misses("* Printer broken")


async def test_a_ticket_that_stays_beside_the_list_for_two_seconds_is_read(desk: Desk) -> None:
    (number,) = fill(desk, "Printer broken")
    async with showing(desk, WIDE) as screen:
        await screen.until(lambda: not desk.ticket(number).unread)


async def test_next_and_previous_ticket_while_reading(desk: Desk) -> None:
    fill(desk, "First matter", "Second matter", "Third matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("o", "J", "J")
        await screen.sees("Third matter", "customer2@corp.example")
        await screen.press("K")
        await screen.sees("Second matter", "customer1@corp.example")
        await screen.press("q")
        assert screen.cursor == 2


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_keys_that_come_with_the_one_that_opens_a_ticket_are_for_that_ticket(
    desk: Desk, size: tuple[int, int]
) -> None:
    fill(desk, "First matter", "Second matter", "Third matter")
    async with showing(desk, size) as screen:
        await screen.sees("First matter")
        await screen.type("oJJ")
        await screen.sees("Third matter", "customer2@corp.example")


async def test_views_by_chord(desk: Desk) -> None:
    first, second, third = fill(desk, "First matter", "Second matter", "Third matter")
    assign(desk, first, Handle("ana"))
    assign(desk, second, BO)
    set_status(desk, third, Status.CLOSED)
    async with showing(desk) as screen:
        await screen.sees("Inbox 2", "Mine 1", "First matter", "Second matter")
        await screen.press("g", "m")
        await screen.misses("Second matter")
        await screen.press("g", "c")
        await screen.sees("Third matter", "Closed")
        await screen.press("g", "a")
        await screen.sees("First matter", "Second matter", "closed Third matter")
        await screen.press("q")
        await screen.misses("Third matter")


async def test_live_filter_and_its_errors_in_words(desk: Desk) -> None:
    fill(desk, "Printer broken", "Where is my parcel")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.press("/")
        await screen.type("parcel")
        await screen.misses("Printer broken")
        await screen.type(" is:nonsense")
        await screen.sees("^ “is:” does not know “nonsense”")
        await screen.press("escape")
        await screen.sees("Printer broken", "Where is my parcel")


async def test_a_filter_is_kept_with_enter_and_taken_off_with_escape(desk: Desk) -> None:
    fill(desk, "Printer broken", "Where is my parcel")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.press("/")
        await screen.type("parcel")
        await screen.press("enter")
        await screen.sees("is:open -is:snoozed parcel", "1 found")
        await screen.misses("Printer broken")
        await screen.press("e")
        await screen.sees("Nothing fits")
        await screen.press("escape")
        await screen.sees("Printer broken")


async def test_quitting_is_asked_for_twice(desk: Desk) -> None:
    fill(desk, "Printer broken")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.press("q")
        await screen.sees("leave Tandem? q again")
        assert screen.app.is_running
        await screen.press("q")
        await screen.until(lambda: not screen.app.is_running)


async def test_another_key_takes_the_question_back_and_q_asks_again(desk: Desk) -> None:
    fill(desk, "Printer broken", "Second matter")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.press("q")
        await screen.sees("leave Tandem?")
        await screen.press("j")
        assert "leave Tandem?" not in screen.text
        await screen.press("q")
        await screen.sees("leave Tandem?")
        assert screen.app.is_running


async def test_the_question_goes_when_its_time_is_over_and_q_asks_again(desk: Desk) -> None:
    fill(desk, "Printer broken")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.press("i")
        await screen.sees("assigned to ana")
        await screen.press("q")
        await screen.sees("leave Tandem?")
        await screen.misses("leave Tandem?")
        await screen.press("q")
        await screen.sees("leave Tandem?")
        assert screen.app.is_running


async def test_the_cursor_stays_on_its_ticket_and_row_when_tickets_come_in_above(desk: Desk) -> None:
    numbers = fill(desk, *(f"Subject {at}" for at in range(40)))
    async with showing(desk) as screen:
        await screen.sees("Subject 0")
        await screen.press("G", "k", "k")
        tickets = screen.inbox.tickets
        row = tickets.numbers.index(numbers[37]) - tickets.scroll_offset.y
        receive(desk, subject="An older wait", received=desk.clock() - timedelta(days=1))
        receive(desk, subject="An even older wait", received=desk.clock() - timedelta(days=2))
        await screen.sees("Inbox 42", "2 new")
        assert screen.cursor == numbers[37]
        assert tickets.numbers.index(numbers[37]) - tickets.scroll_offset.y == row


@pytest.mark.parametrize("comes_in", [False, True], ids=["it-is-answered", "others-come-in-above"])
async def test_a_narrow_list_comes_back_on_the_ticket_that_hid_it_wherever_that_went(
    desk: Desk, *, comes_in: bool
) -> None:
    numbers = fill(desk, *(f"Subject {at}" for at in range(60)))
    async with showing(desk, NARROW) as screen:
        await screen.sees("Subject 0")
        await screen.press("j", "j", "enter")
        await screen.sees("q back")
        if comes_in:
            for days in range(1, 40):
                receive(desk, subject="An older wait", received=desk.clock() - timedelta(days=days))
        else:
            reply(acting_as(desk, "bo"), numbers[2], Answer(text="On its way."))
        tickets = screen.inbox.tickets
        await screen.until(lambda: tickets.numbers.index(numbers[2]) == (41 if comes_in else 59))
        await screen.press("q")
        await screen.sees("Subject 2 ", "Enter open")
        assert screen.cursor == numbers[2]
        assert any("> " in line and "Subject 2 " in line for line in screen.text.splitlines())


async def test_a_terminal_that_is_too_small_says_so_and_keys_are_dead(desk: Desk) -> None:
    (number,) = fill(desk, "First matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.pilot.resize_terminal(39, 24)
        await screen.sees("make me a little bigger")
        await screen.press("e", "i")
        await screen.pilot.resize_terminal(80, 24)
        await screen.sees("First matter")
        assert desk.ticket(number).status is Status.OPEN
        assert desk.ticket(number).assignee is None


async def test_a_text_pasted_as_keys_does_nothing(desk: Desk) -> None:
    (number,) = fill(desk, "First matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.type("please close")
        await screen.sees("a pasted text was dropped")
        await screen.pilot.pause(0.6)
        assert desk.ticket(number).status is Status.OPEN
        await screen.press("i")
        await screen.sees("assigned to ana")


async def test_the_customers_address_is_copied_clean(desk: Desk) -> None:
    fill(desk, "First matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("y", "e")
        await screen.sees("copied: customer0@corp.example")
        assert screen.app.clipboard == "customer0@corp.example"


async def test_a_letter_typed_right_after_escape_is_both_even_where_the_terminal_calls_it_alt(desk: Desk) -> None:
    (number,) = fill(desk, "First matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("g")
        screen.app.post_message(events.Key("alt+i", "i"))
        await screen.sees("assigned to ana")
        assert desk.ticket(number).assignee == "ana"


async def test_before_there_is_a_list_keys_act_nowhere(desk: Desk) -> None:
    async with showing(desk):
        assert InboxScreen(desk, UNICODE).context is None


async def test_light_and_dark_colours(desk: Desk) -> None:
    fill(desk, "First matter")
    async with showing(desk) as screen:
        assert screen.app.current_theme.dark
        await screen.press(":")
        await screen.type("light")
        await screen.press("enter")
        await screen.until(lambda: not screen.app.current_theme.dark)
        await screen.sees("First matter")
