"""A terminal that becomes too small for anything loses no letter that was typed before, and takes none after."""

from __future__ import annotations

import pytest

from desk.desk import Desk
from tests.desks import receive
from tests.tui.apps import NARROW
from tests.tui.composing import area, inbox
from tests.tui.held_up import slow_opening, slow_writes
from tui.screens.compose import ComposeScreen
from tui.screens.tiny import TinyScreen


async def test_what_was_typed_before_a_terminal_became_too_small_arrives(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        with slow_writes(screen):
            screen.send("n")
            await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
            screen.send("H", "i")
            await screen.pilot.resize_terminal(30, 8)
            await screen.sees("make me a little bigger")
        screen.send("X")
        await screen.pilot.pause()
        await screen.pilot.resize_terminal(*NARROW)
        await screen.misses("make me a little bigger")
        await screen.until(lambda: area(screen).text == "Hi")
        await screen.type("!")
        await screen.until(lambda: area(screen).text == "Hi!")


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((12, 4), ("make me a", "little", "bigger")),
        ((12, 2), ("too small",)),
        ((5, 2), ("too", "small")),
        ((4, 2), ("…",)),
    ],
)
async def test_it_is_said_in_as_many_words_as_find_room(
    desk: Desk, size: tuple[int, int], words: tuple[str, ...]
) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.pilot.resize_terminal(*size)
        await screen.until(lambda: [each.strip() for each in screen.text.splitlines() if each.strip()] == [*words])


async def test_a_text_that_is_begun_while_the_terminal_is_too_small_is_there_once_it_is_not(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.sees("Dana Petrova")
        with slow_opening(screen):
            screen.send("r")
            await screen.until(screen.app.is_preparing)
            screen.send("H", "i")
            await screen.pilot.resize_terminal(30, 8)
            await screen.until(lambda: isinstance(screen.app.screen, TinyScreen))
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.pilot.resize_terminal(*NARROW)
        await screen.until(lambda: area(screen).text.startswith("Hi"))
        await screen.press("escape", "p")
        await screen.at_the_list()
        assert not any(isinstance(each, TinyScreen) for each in screen.app.screen_stack)
