"""Pickers answer keys in order, against the text as it was typed, however many of them come together."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from textual.widgets import Input

from desk.actions.tag import tag
from desk.desk import Desk
from desk.people import Agent, Handle
from desk.ticket import Status, TicketNumber
from tests.desks import receive
from tests.terminal import need_tmux
from tests.tui.apps import Screen, open_desk
from tests.tui.composing import ONE, area, inbox
from tests.tui.programs import edited_with
from tui.screens.compose import ComposeScreen
from tui.screens.help import HelpScreen
from tui.screens.palette import PaletteScreen
from tui.screens.plans import MergeScreen
from tui.screens.targets import TargetPicker

_NAMED = {" ": "space", "\r": "enter", "↓": "down", "↑": "up", "⇥": "tab"}

SPEEDS = (0, 2, 3, None)
"""Into how many parts a text comes: 0 is key by key, None all of it at a stroke."""


async def typed(screen: Screen, text: str, parts: int | None) -> None:
    """Type a text at a stroke, in packets, or key by key."""
    keys = [_NAMED.get(each, each) for each in text]
    if parts == 0:
        await screen.press(*keys)
        return
    size = -(-len(keys) // (parts or 1))
    for at in range(0, len(keys), size):
        screen.send(*keys[at : at + size])
        await asyncio.sleep(0.1)


_TAGGED = {
    "crm vip\r": {"crm", "vip"},
    "foo bar\r": {"foo", "bar"},
    "zeta yota\r": {"zeta", "yota"},
    "refu \r": {"refund"},
    "a↓ \r": {"apart"},
    "obar obar refu\r": {"refund"},
    "paid\r": {"paid"},
}
"""What is typed among tags, and what comes of it."""


@pytest.mark.parametrize("parts", SPEEDS)
async def test_tags_are_those_that_were_typed_at_any_speed(desk: Desk, parts: int | None) -> None:
    for text in _TAGGED:
        receive(desk, subject=f"Ticket for {text.strip()}")
    other = receive(desk, subject="Other matter").number
    tag(desk, other, ("alarm", "apart", "billing", "delivery", "obar", "refund", "unpaid"))
    async with inbox(desk) as screen:
        done = set[TicketNumber]()
        for text, wanted in _TAGGED.items():
            while screen.cursor is None or screen.cursor in {other, *done}:
                await screen.press("j")
            done.add(number := TicketNumber(screen.cursor))
            await screen.press("t")
            await screen.sees("[ ] billing")
            await typed(screen, text, parts)
            await screen.until(lambda at=number: bool(desk.ticket(at).tags))  # type: ignore[misc]
            assert set(desk.ticket(number).tags) == wanted
            await screen.at_the_list()


async def test_tags_that_are_typed_with_the_key_that_asks_for_them_are_those(desk: Desk) -> None:
    number = receive(desk).number
    tag(desk, receive(desk, subject="Other").number, ("billing", "delivery"))
    async with inbox(desk) as screen:
        while screen.cursor != number:
            await screen.press("j")
        screen.send("t")
        await asyncio.sleep(0.02)
        await typed(screen, "crm vip\r", None)
        await screen.until(lambda: set(desk.ticket(number).tags) == {"crm", "vip"})


@pytest.mark.parametrize("parts", SPEEDS)
async def test_an_arrow_behind_letters_goes_about_in_what_they_leave_of_the_keys(desk: Desk, parts: int | None) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("?")
        await screen.until(lambda: isinstance(screen.app.screen, HelpScreen))
        await typed(screen, "snooze↓", parts)
        help_screen = screen.app.screen
        assert isinstance(help_screen, HelpScreen)
        slowly = [str(at) for at in help_screen._found("snooze")]  # noqa: SLF001 - the rows are numbers
        await screen.until(lambda: help_screen.chosen == slowly[1])
        await screen.pilot.pause(0.1)
        assert help_screen.chosen == slowly[1]


@pytest.mark.parametrize("parts", SPEEDS)
async def test_a_command_is_the_one_that_was_typed_and_chosen_at_any_speed(desk: Desk, parts: int | None) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press(":")
        await screen.until(lambda: isinstance(screen.app.screen, PaletteScreen))
        await typed(screen, "close\r", parts)
        await screen.until(lambda: desk.ticket(ONE).status is Status.CLOSED)


@pytest.mark.parametrize("parts", SPEEDS)
async def test_a_macro_is_the_one_that_was_typed_at_any_speed(desk: Desk, macros: Path, parts: int | None) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        await screen.press("m")
        await screen.sees("Plain answer", "Goodbye")
        await typed(screen, "good\r", parts)
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.until(lambda: area(screen).text == "Goodbye.")


@pytest.mark.parametrize("parts", SPEEDS)
async def test_a_colleague_is_the_one_that_was_typed_and_moved_to_at_any_speed(desk: Desk, parts: int | None) -> None:
    number = receive(desk).number
    for handle in ("xa", "xb", "aa"):
        desk.store.agents.put(Agent(handle=Handle(handle), name=f"Agent {handle}"))
    async with inbox(desk) as screen:
        await screen.press("a", "o")
        await screen.sees("Assign 1 to", "Agent xb")
        await typed(screen, "x↓\r", parts)
        await screen.until(lambda: desk.ticket(number).assignee == "xb")


@pytest.mark.parametrize("text", ["close and go to the next\rthank you", "close\r\nanswer", "close\rthis one"])
async def test_a_line_end_within_a_text_that_is_pasted_as_keys_chooses_nothing(desk: Desk, text: str) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press(":")
        await screen.until(lambda: isinstance(screen.app.screen, PaletteScreen))
        screen.send(*({"\r": "enter", "\n": "ctrl+j", " ": "space"}.get(each, each) for each in text))
        await screen.sees("of what was pasted only the first line is here")
        await screen.pilot.pause(0.1)
        assert isinstance(screen.app.screen, PaletteScreen)
        assert screen.app.screen.query_one(Input).value == text.partition("\r")[0]
        assert desk.ticket(ONE).status is Status.OPEN


async def test_a_merge_is_seen_before_it_is_done_however_fast_enter_is_pressed(desk: Desk) -> None:
    first, second = (receive(desk, subject=each).number for each in ("First matter", "Second matter"))
    async with inbox(desk) as screen:
        while screen.cursor != first:
            await screen.press("j")
        await screen.press("=")
        await screen.until(lambda: isinstance(screen.app.screen, TargetPicker))
        await typed(screen, f"{second}\r\r", None)
        await screen.until(lambda: isinstance(screen.app.screen, MergeScreen))
        await screen.sees("First matter", "Second matter", "Enter merges")
        await screen.pilot.pause(0.2)
        assert isinstance(screen.app.screen, MergeScreen)
        screen.send("down", "enter")  # it is for the other one then, which was not seen
        await screen.pilot.pause(0.2)
        assert isinstance(screen.app.screen, MergeScreen)
        assert not any(desk.ticket(each).merged_into for each in (first, second))
        await screen.press("enter")
        await screen.until(lambda: any(desk.ticket(each).merged_into for each in (first, second)))


def test_tags_that_a_terminal_sends_in_one_piece_or_in_three_are_those_that_were_typed(tmp_path: Path) -> None:
    need_tmux()
    with open_desk(tmp_path / "desk") as desk:
        tag(desk, receive(desk, subject="Other").number, ("billing", "delivery", "obar"))
    with edited_with(tmp_path, "true") as terminal:
        terminal.wait_for("Other")
        terminal.press("j")
        for pieces, told in ((["crm vip\r"], "+crm +vip"), (["fo", "o b", "ar\r"], "+foo +bar")):
            terminal.press("t")
            terminal.wait_for("Enter applies")
            for each in pieces:
                terminal.type(each)
                time.sleep(0.3)
            terminal.wait_for(told, gone="Enter applies")
