from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from textual import events

from desk.actions.assign import assign
from desk.actions.attend import attend
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.desk import Desk
from desk.outgoing import Answer, OutboxState
from desk.people import Address, Handle
from desk.presence import Doing
from desk.ticket import Status, TicketNumber
from tests.desks import acting_as, receive
from tests.tui.apps import NARROW, WIDE, Screen, open_desk, showing
from tui.screens.compose import ComposeScreen
from tui.screens.inbox import InboxScreen
from tui.signs import UNICODE

pytestmark = pytest.mark.real_time

BO = Handle("bo")


def fill(desk: Desk, *subjects: str) -> list[TicketNumber]:
    """One ticket for each subject; the first has waited longest, so it stands on top."""
    start = desk.clock() - timedelta(hours=3)
    with desk.store.transaction():
        return [
            receive(
                desk,
                subject=subject,
                sender=Address(f"customer{at}@corp.example", f"Customer {at}"),
                received=start + timedelta(minutes=at),
            ).number
            for at, subject in enumerate(subjects)
        ]


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


async def test_take_assign_and_undo(desk: Desk) -> None:
    (number,) = fill(desk, "Printer broken")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.press("i")
        await screen.sees("assigned to ana")
        assert desk.ticket(number).assignee == "ana"
        await screen.press("a", "p")
        await screen.sees("assigned to bo")
        await screen.press("u")
        await screen.sees("taken back on ticket 1: assigned")
        assert desk.ticket(number).assignee == "ana"


async def test_close_goes_to_the_next_ticket_and_the_closed_one_leaves_the_list(desk: Desk) -> None:
    first, second, third = fill(desk, "First matter", "Second matter", "Third matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("j", "e")
        await screen.misses("Second matter")
        assert screen.cursor == third
        assert desk.ticket(second).status is Status.CLOSED
        await screen.press("e")
        await screen.misses("Third matter")
        assert screen.cursor == first
        await screen.press("e")
        await screen.sees("Nothing is open", "g w")


async def test_close_while_reading_opens_the_next_ticket(desk: Desk) -> None:
    fill(desk, "First matter", "Second matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("enter", "e")
        await screen.sees("Second matter", "customer1@corp.example")
        await screen.press("e")
        await screen.sees("Nothing is open")


async def test_marked_tickets_are_acted_on_together_and_one_undo_takes_all_back(desk: Desk) -> None:
    numbers = fill(desk, "First matter", "Second matter", "Third matter", "Fourth matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("space", "j", "V")
        await screen.sees("3 marked: e close · a assign · t tag", "Esc clears")
        await screen.press("e")
        await screen.sees("3 tickets: closed")
        await screen.misses("First matter", "Second matter", "Third matter")
        assert screen.cursor == numbers[3]
        await screen.press("u")
        await screen.sees("First matter", "Second matter", "Third matter")
        assert {desk.ticket(number).status for number in numbers} == {Status.OPEN}


async def test_escape_takes_marks_off_before_anything_else(desk: Desk) -> None:
    fill(desk, "First matter", "Second matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("*")
        await screen.sees("2 marked")
        await screen.press("escape")
        await screen.misses("marked")


async def test_status_chords(desk: Desk) -> None:
    first, second = fill(desk, "First matter", "Second matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("s")
        await screen.sees("status:", "w waiting", "c closed")
        await screen.press("w")
        await screen.misses("First matter")
        assert desk.ticket(first).status is Status.WAITING
        await screen.press("!")
        await screen.sees("2: spam")
        assert desk.ticket(second).status is Status.SPAM
        await screen.press("g", "w")
        await screen.sees("First matter", "is:waiting")
        await screen.press("E")
        await screen.sees("1: open again")


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


async def seen_after(screen: Screen, other: Desk, subject: str) -> float:
    """Seconds until a screen shows a ticket that came in elsewhere."""
    receive(other, subject=subject)
    committed = time.monotonic()
    await screen.sees(subject)
    return time.monotonic() - committed


async def test_a_colleague_on_the_same_store_is_seen_within_a_second(desk: Desk, tmp_path: Path) -> None:
    (number,) = fill(desk, "Printer broken")
    with open_desk(tmp_path / "desk", "bo") as other:
        async with showing(desk, WIDE) as ana, showing(other, WIDE) as bo:
            await ana.sees("Printer broken")
            await bo.sees("Printer broken")
            await bo.press("enter")
            await ana.sees("bo reads 1")
            await bo.press("i")
            await ana.until(lambda: desk.ticket(number).assignee == "bo")
            await ana.sees("bo took it")
            await bo.press("e")
            await ana.sees("Nothing is open")
            assert min([await seen_after(ana, other, f"Another {at}") for at in range(3)]) < 1.0


async def test_who_is_answering_stands_in_the_list_and_in_the_top_line(desk: Desk) -> None:
    (number,) = fill(desk, "Printer broken")
    bo = acting_as(desk, "bo")
    async with showing(desk, WIDE) as screen:
        await screen.sees("Printer broken")
        attend(bo, number, Doing.ANSWERING)
        await screen.sees("bo is answering 1", "bo ✎")


async def test_leaving_takes_the_presence_away(desk: Desk) -> None:
    fill(desk, "Printer broken")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.press("enter")
        await screen.until(lambda: bool(desk.store.presences.all(desk.clock())))
    assert desk.store.presences.all(desk.clock()) == []


async def test_a_macro_hot_key_answers_and_closes_in_four_keys_and_the_list_is_on_the_next_ticket(
    desk: Desk, tmp_path: Path
) -> None:
    first, second = fill(desk, "First matter", "Second matter")
    macros = tmp_path / "macros"
    macros.mkdir()
    (macros / "ours.md").write_text("---\nname: Ours\nkey: q\n---\nHello {{ customer.name }}, all is well.\n")
    async with showing(desk, macros=macros) as screen:
        await screen.sees("First matter")
        await screen.press(",")
        await screen.sees("q Ours")
        await screen.press("q")
        await screen.sees("all is well")
        await screen.press("escape")
        await screen.sees("send+close")
        await screen.press("Y")
        await screen.misses("First matter")
        assert screen.cursor == second
        assert desk.ticket(first).status is Status.CLOSED
        assert [mail.ticket for mail in desk.store.outbox.all()] == [first]
        await screen.press("u")
        await screen.sees("all is well")
        assert desk.ticket(first).status is Status.OPEN


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_after_a_reply_the_cursor_stays_on_its_row_and_the_next_ticket_moves_up_under_it(
    desk: Desk, size: tuple[int, int]
) -> None:
    numbers = fill(desk, *(f"Subject {at}" for at in range(60)))
    async with showing(desk, size) as screen:
        await screen.sees("Subject 0")
        await screen.press("ctrl+d", "ctrl+d", "k", "k", "k")
        tickets = screen.inbox.tickets
        replied = screen.cursor
        assert replied is not None
        at = tickets.numbers.index(replied)
        row = at - tickets.scroll_offset.y
        await screen.press("r")
        await screen.until(lambda: bool(screen.app.screen.query("DraftArea")))
        await screen.type("All is well.")
        await screen.press("escape", "y")
        await screen.until(lambda: tickets.numbers[-1] == replied)
        assert screen.cursor == numbers[at + 1]
        assert tickets.numbers.index(numbers[at + 1]) - tickets.scroll_offset.y == row


async def test_a_reply_that_is_kept_leaves_the_cursor_on_its_ticket_when_that_moved_meanwhile(desk: Desk) -> None:
    first, _, _ = fill(desk, "First matter", "Second matter", "Third matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("r")
        await screen.until(lambda: bool(screen.app.screen.query("DraftArea")))
        reply(acting_as(desk, "bo"), first, Answer(text="On its way."))
        await screen.until(lambda: screen.inbox.tickets.numbers[-1] == first)
        await screen.press("escape", "p")
        await screen.until(lambda: screen.app.screen is screen.inbox)
        await screen.until(lambda: screen.cursor == first)


async def test_while_reading_the_next_ticket_after_a_reply_is_the_one_that_followed_it(desk: Desk) -> None:
    first, second, _ = fill(desk, "First matter", "Second matter", "Third matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("enter", "r")
        await screen.until(lambda: bool(screen.app.screen.query("DraftArea")))
        await screen.type("All is well.")
        await screen.press("escape", "y")
        await screen.until(lambda: screen.inbox.tickets.numbers[-1] == first)
        await screen.sees("First matter", "All is well.")
        await screen.press("J")
        await screen.sees("Second matter", "customer1@corp.example")
        assert screen.cursor == second


@pytest.mark.parametrize("opened", [(), ("enter",)])
async def test_undoing_a_close_puts_the_cursor_on_the_ticket_that_came_back(
    desk: Desk, opened: tuple[str, ...]
) -> None:
    _, second, third = fill(desk, "First matter", "Second matter", "Third matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("j", *opened, "e")
        await screen.until(lambda: second not in screen.inbox.tickets.numbers)
        assert screen.cursor == third
        await screen.press("u")
        await screen.until(lambda: screen.cursor == second)
        await screen.sees("Second matter")


async def test_the_palette_finds_actions_and_tickets(desk: Desk) -> None:
    fill(desk, "First matter", "Second matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press(":")
        await screen.sees("Command")
        await screen.type("closed ti")
        await screen.press("enter")
        await screen.sees("is:closed")
        await screen.press("ctrl+p")
        await screen.press("2", "enter")
        await screen.sees("Second matter", "customer1@corp.example")


async def test_the_palette_says_when_there_is_no_such_ticket(desk: Desk) -> None:
    fill(desk, "First matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press(":", "9", "9", "enter")
        await screen.sees("there is no ticket 99")


async def test_help_is_searchable_and_runs_what_is_chosen(desk: Desk) -> None:
    fill(desk, "First matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("?")
        await screen.sees("Keys", "write a reply")
        await screen.type("take assign")
        await screen.press("enter")
        await screen.sees("assigned to ana")


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
        await screen.pilot.pause(0.1)
        assert desk.ticket(number).status is Status.OPEN
        await screen.press("i")
        await screen.sees("assigned to ana")


async def test_the_outbox_says_in_words_how_each_mail_stands(desk: Desk) -> None:
    (number,) = fill(desk, "First matter")
    reply(desk, number, Answer(text="On its way."))
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("Outbox", "customer0@corp.example", "queued, leaves in")
        await screen.press("enter")
        await screen.sees("First matter", "On its way.")


async def test_a_reply_is_taken_back_in_the_outbox_and_written_on(desk: Desk) -> None:
    (number,) = fill(desk, "First matter")
    reply(desk, number, Answer(text="On its way."))
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("u takes it back", "u undo")
        await screen.press("u")
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.sees("On its way.", "taken back on ticket 1")
        assert [mail.state for mail in desk.store.outbox.all()] == [OutboxState.CANCELLED]
        assert screen.app.screen_stack[:-1] == [screen.inbox]


async def test_undo_acts_beside_the_figures_and_what_cannot_be_undone_is_said(desk: Desk) -> None:
    (number,) = fill(desk, "First matter")
    assign(desk, number, BO)
    async with showing(desk) as screen:
        await screen.press("g", "s", "u")
        await screen.sees("taken back on ticket 1: assigned", "Last 7 days")
        assert desk.ticket(number).assignee is None
        await screen.press("u")
        await screen.sees("there is nothing of yours to undo")


async def test_figures_for_each_agent_and_who_waits(desk: Desk) -> None:
    first, second = fill(desk, "First matter", "Second matter")
    assign(desk, first, Handle("ana"))
    set_status(desk, second, Status.CLOSED)
    async with showing(desk) as screen:
        await screen.press("g", "s")
        await screen.sees("Last 7 days", "first answer", "team", "unanswered now: 1")
        await screen.press("d")
        await screen.sees("Last 24 hours")
        await screen.press("q")
        await screen.sees("First matter")


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
