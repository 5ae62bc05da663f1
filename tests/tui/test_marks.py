"""Marks stay while a filter narrows their view and widens it again, and are let go, in words, in another view."""

from __future__ import annotations

import pytest

from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.desk import Desk
from desk.ticket import Status
from tests.desks import acting_as
from tests.tui.apps import Screen, showing
from tests.tui.filling import fill

pytestmark = pytest.mark.real_time


async def filtered(screen: Screen, words: str) -> None:
    """Narrow the list, and wait for what is left."""
    await screen.press("/")
    await screen.type(words)
    await screen.press("enter")
    await screen.until(lambda: not screen.inbox.is_narrowing)


async def test_marks_stay_while_the_list_is_narrowed_and_widened(desk: Desk) -> None:
    numbers = fill(desk, "Printer broken", "Where is my parcel", "A lamp")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.press("x", "j", "x")
        await screen.sees("2 marked: e close")
        await filtered(screen, "parcel")
        await screen.sees("1 marked, 1 more not shown: e close", "Esc filter off")
        await screen.press("escape")
        await screen.sees("2 marked: e close", "Esc clears", "Printer broken")
        await screen.press("escape")
        await screen.misses("marked")
        assert len(screen.inbox.tickets.numbers) == len(numbers)


async def test_tickets_of_two_searches_are_collected_and_acted_on_together(desk: Desk) -> None:
    printer, parcel, lamp = fill(desk, "Printer broken", "Where is my parcel", "A lamp")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await filtered(screen, "printer")
        await screen.press("x")
        await screen.press("escape")
        await filtered(screen, "lamp")
        await screen.sees("1 marked, not shown", "A lamp")
        await screen.press("x", "escape")
        await screen.sees("2 marked: e close", "Where is my parcel")
        await screen.press("e")
        await screen.until(lambda: desk.ticket(lamp).status is desk.ticket(printer).status is Status.CLOSED)
        assert desk.ticket(parcel).status is Status.OPEN


async def test_nothing_is_done_to_marked_tickets_that_are_not_shown(desk: Desk) -> None:
    printer, _, lamp = numbers = fill(desk, "Printer broken", "Where is my parcel", "A lamp")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.press("*")
        await screen.sees("3 marked:")
        await filtered(screen, "parcel")
        await screen.sees("1 marked, 2 more not shown:")
        await screen.press("e")
        await screen.sees("closed", "2 marked, not shown")
        assert [desk.ticket(each).status for each in numbers] == [Status.OPEN, Status.CLOSED, Status.OPEN]
        await screen.press("escape")
        await screen.sees("2 marked: e close", "Printer broken", "A lamp")
        await filtered(screen, "lamp")
        await screen.sees("1 marked, 1 more not shown:")
        set_status(acting_as(desk, "bo"), printer, Status.CLOSED)
        await screen.press("escape")
        await screen.sees("1 marked: e close", "1 mark was let go")
        assert screen.inbox.tickets.marked == (lamp,)


async def test_a_filter_that_hides_all_marks_leaves_the_keys_to_the_ticket_under_the_cursor(desk: Desk) -> None:
    printer, parcel = fill(desk, "Printer broken", "Where is my parcel")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.until(lambda: screen.cursor == printer)
        await screen.press("x")
        await filtered(screen, "parcel")
        await screen.sees("1 marked, not shown  Enter open")
        await screen.press("i")
        await screen.until(lambda: desk.ticket(parcel).assignee == "ana")
        assert desk.ticket(printer).assignee is None


async def test_marks_are_let_go_in_another_view_and_that_is_said(desk: Desk) -> None:
    fill(desk, "Printer broken", "Where is my parcel")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.press("*", "g", "i")
        await screen.sees("2 marked:")
        await filtered(screen, "parcel")
        await screen.press("g", "w")
        await screen.sees("2 marks were let go", "No customer owes us")
        await screen.press("g", "i")
        await screen.sees("Printer broken")
        await screen.misses("marked")


async def test_a_kept_view_stands_in_the_top_line_with_its_count_at_once(desk: Desk) -> None:
    numbers = fill(desk, "Printer broken", "Where is my parcel", "A lamp")
    for each in numbers[:2]:
        tag(desk, each, ["refund"])
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await filtered(screen, "tag:refund")
        await screen.press("*", "g", "+")
        await screen.type("Refunds")
        await screen.press("tab")
        await screen.type("r")
        await screen.press("enter")
        await screen.sees("kept as “Refunds”, g r leads there, 2 marks were let go", "  Refunds 2  ")
        await screen.press("g", "c")
        await screen.misses("Refunds 2")
        set_status(desk, numbers[0], Status.CLOSED)
        await screen.sees("Closed 1")
        await screen.press("g", "r")
        await screen.sees("  Refunds 1  ")
