from __future__ import annotations

import pytest

from desk.desk import Desk
from tests.tui.apps import showing
from tests.tui.filling import fill

pytestmark = pytest.mark.real_time


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
