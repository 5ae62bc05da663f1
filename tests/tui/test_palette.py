from __future__ import annotations

from pathlib import Path

import pytest

from desk.desk import Desk
from desk.people import Address
from tests.desks import receive
from tests.tui.apps import Screen, showing
from tests.tui.filling import fill
from tests.tui.held_up import slow_files
from tui.screens.pickers import Choices

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


async def test_a_number_that_is_no_tickets_finds_the_tickets_that_name_it(desk: Desk) -> None:
    fill(desk, "First matter")
    number = receive(desk, subject="Refund for order 77123", sender=Address("dana@corp.example", "Dana")).number
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press(":")
        await screen.type("77123")
        await screen.sees("Refund for order 77123", f"{number}  Dana")
        await screen.misses("open ticket 77123")
        await screen.press("enter")
        await screen.until(lambda: screen.shown == number)


async def test_the_ticket_of_a_number_comes_before_those_that_name_it(desk: Desk) -> None:
    for at in range(11):
        receive(desk, subject=f"Matter {at}")
    last = receive(desk, subject="It is about invoice 11").number
    async with showing(desk) as screen:
        await screen.sees("Matter 10")
        await screen.press(":")
        await screen.type("11")
        await screen.sees("open ticket 11", f"{last}  ", "invoice 11")
        assert "open ticket 11" in marked(screen)
        await screen.press("escape", ":")
        screen.send("1", "1", "enter")
        await screen.until(lambda: screen.shown == 11)


async def test_of_what_kind_a_row_is_stands_there_once(desk: Desk, macros: Path) -> None:
    async with showing(desk, macros=macros) as screen:
        await screen.press(":")
        await screen.type("goodbye")
        await screen.sees("macro: Goodbye")
        [line] = (each for each in screen.text.split("\n") if "macro: Goodbye" in each)
        assert line.count("macro") == 1


async def test_help_is_searchable_and_runs_what_is_chosen(desk: Desk) -> None:
    fill(desk, "First matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        await screen.press("?")
        await screen.sees("Keys", "write a reply")
        await screen.type("take assign")
        await screen.press("enter")
        await screen.sees("assigned to ana")


def marked(screen: Screen) -> str:
    """The row of the palette that Enter does."""
    choices = screen.app.screen.query_one(Choices)
    return "" if choices.highlighted is None else str(choices.get_option_at_index(choices.highlighted).prompt)


async def test_the_palette_of_a_screen_offers_what_only_acts_there_before_what_is_done_often(desk: Desk) -> None:
    fill(desk, "First matter")
    async with showing(desk) as screen:
        await screen.sees("First matter")
        for chosen in ("every ticket", "every ticket", "contrast"):
            await screen.press(":")
            await screen.type(chosen)
            await screen.press("enter")
            await screen.at_the_list()
        await screen.press("g", "s")
        await screen.sees("Last 7 days")
        await screen.press(":")
        await screen.until(lambda: "the last day" in marked(screen))
        await screen.type("mo")
        await screen.until(lambda: "the last 30 days" in marked(screen))
        await screen.press("enter")
        await screen.sees("Last 30 days")


@pytest.mark.parametrize("arrows", [(), ("down", "up")], ids=["enter alone", "with arrows"])
async def test_what_is_typed_ahead_in_the_palette_finds_what_only_the_store_knows(
    desk: Desk, arrows: tuple[str, ...]
) -> None:
    receive(desk, subject="Of another", sender=Address("eve@corp.example", "Eve"))
    number = receive(desk, subject="Her matter", sender=Address("dana@corp.example", "Dana")).number
    async with showing(desk) as screen:
        await screen.sees("Of another")
        await screen.press(":")
        screen.send(*"dana", *arrows, "enter")
        await screen.until(lambda: list(screen.inbox.tickets.numbers) == [number] or screen.shown == number)
        await screen.at_the_list()


async def test_the_best_row_is_marked_however_late_it_comes_unless_the_agent_moved(desk: Desk, macros: Path) -> None:
    fill(desk, "Goodbye printer", "Goodbye fax")
    async with showing(desk, macros=macros) as screen:
        await screen.sees("Goodbye fax")
        for arrows, stands in ((), "macro: Goodbye"), (("down",), "Goodbye printer"):
            with slow_files(screen):
                await screen.press(":")
                await screen.type("goodbye")
                await screen.sees("2  Customer 1")
                await screen.press(*arrows)
            await screen.sees("macro: Goodbye")
            assert stands in marked(screen)
            await screen.press("escape")


async def test_enter_does_what_stood_marked_when_it_was_pressed(desk: Desk, macros: Path) -> None:
    fill(desk, "Goodbye printer", "Goodbye fax")
    async with showing(desk, macros=macros) as screen:
        await screen.sees("Goodbye fax")
        with slow_files(screen):
            await screen.press(":")
            await screen.type("goodbye")
            await screen.sees("2  Customer 1")
            stood = marked(screen)
            await screen.press("enter")
            await screen.until(lambda: screen.shown is not None)
        assert stood.split()[0] == str(screen.shown)
