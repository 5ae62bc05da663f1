"""Letters that do nothing where they are pressed: that is said, quietly, and nothing else."""

from __future__ import annotations

import pytest

from desk.desk import Desk
from tests.desks import receive
from tests.tui.composing import answering, inbox
from tests.tui.dressing import dressed, rebound
from tui.settings import ScreenSettings

IDLE = "does nothing here, ? shows what does"


@pytest.mark.parametrize(
    ("way", "letter"),
    [((), "Q"), (("enter",), "Z"), (("g", "o"), "Q"), (("g", "s"), "Q")],
    ids=["list", "reader", "outbox", "stats"],
)
async def test_a_letter_without_an_action_says_so_until_the_next_key(
    desk: Desk, way: tuple[str, ...], letter: str
) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press(*way, letter)
        await screen.sees(f"{letter} {IDLE}")
        await screen.press("ctrl+l")
        await screen.misses(IDLE)


async def test_in_the_review_too_a_letter_without_an_action_says_so(desk: Desk) -> None:
    receive(desk)
    async with answering(desk) as screen:
        await screen.press("escape", "z")
        await screen.sees(f"z {IDLE}")
        await screen.press("e", "z")
        await screen.misses(IDLE)


@pytest.mark.parametrize(
    ("settings", "undo"), [(ScreenSettings(), "u"), (rebound(("undo", "f5")), "F5")], ids=["built in", "an own keymap"]
)
async def test_a_z_that_takes_back_in_other_programs_is_told_what_takes_back_here(
    desk: Desk, settings: ScreenSettings, undo: str
) -> None:
    receive(desk)
    async with dressed(desk, settings) as screen:
        await screen.press("z")
        await screen.sees(f"z does nothing here, {undo} takes back, ? shows what does")


async def test_news_are_not_hidden_by_a_letter_without_an_action(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("i")
        await screen.sees("1: assigned to ana")
        await screen.press("z", "z")
        await screen.sees("1: assigned to ana")
        assert IDLE not in screen.text


async def test_what_a_slow_line_leaves_of_an_arrow_key_says_nothing(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("escape", "[", "B")
        await screen.press("escape", "O", "D")
        assert IDLE not in screen.text
        await screen.press("Q")
        await screen.sees(f"Q {IDLE}")
