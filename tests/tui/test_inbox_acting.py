from __future__ import annotations

from pathlib import Path

import pytest

from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.desk import Desk
from desk.outgoing import Answer
from desk.ticket import Status
from tests.desks import acting_as
from tests.tui.apps import NARROW, WIDE, showing
from tests.tui.filling import fill

pytestmark = pytest.mark.real_time


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
        await screen.sees("Nothing is open. ^r looks for mail, c writes to somebody")
        set_status(desk, first, Status.WAITING)
        await screen.sees("Nothing is open. g w shows what waits for customers.")


async def test_close_while_reading_opens_the_next_ticket(desk: Desk) -> None:
    fill(desk, "First matter", "Second matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("enter", "e")
        await screen.sees("Second matter", "customer1@corp.example")
        await screen.press("e")
        await screen.sees("Nothing is open")


async def test_a_range_begins_where_its_key_was_pressed_first(desk: Desk) -> None:
    fill(desk, "First matter", "Second matter", "Third matter", "Fourth matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("V", "j", "j", "V")
        await screen.sees("3 marked:")
        await screen.press("escape", "j", "V", "k", "V")
        await screen.sees("2 marked:")


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


@pytest.mark.parametrize("keys", [("a", "m"), ("i",), ("s", "w")])
async def test_after_a_bulk_action_the_cursor_is_on_the_ticket_that_followed(desk: Desk, keys: tuple[str, ...]) -> None:
    numbers = fill(desk, *(f"Matter {each}" for each in "abcdefg"))
    async with showing(desk) as screen:
        await screen.sees("Matter a")
        await screen.press("g", "n")
        await screen.until(lambda: screen.cursor == numbers[0])
        await screen.press("V", "j", "j", "V", *keys)
        await screen.until(lambda: list(screen.inbox.tickets.numbers) == numbers[3:])
        assert screen.cursor == numbers[3]
        assert any("Matter d" in line and ">" in line for line in screen.text.splitlines()[:4])


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
