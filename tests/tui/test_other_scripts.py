"""Whose keyboard is set to another script is told so, in words that they read."""

from __future__ import annotations

import pytest

from desk.desk import Desk
from tests.desks import receive
from tests.tui.composing import begun, inbox, write
from tests.tui.dressing import dressed
from tui.settings import ScreenSettings

HINT = "is no key here: switch the keyboard to Latin letters"


@pytest.mark.parametrize("keys", [("й",), ("g", "ш"), ("enter", "ж")], ids=["list", "chord", "reader"])
async def test_a_letter_of_another_script_says_what_to_do(desk: Desk, keys: tuple[str, ...]) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press(*keys)
        await screen.sees(f"{keys[-1]} {HINT}")
        await screen.press("ц")
        assert f"{keys[-1]} {HINT}" in screen.text


async def test_it_is_said_in_the_review_too(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "r")
        write(screen, "Hello")
        await screen.press("escape")
        await screen.sees("y send")
        await screen.press("н")
        await screen.sees(f"н {HINT}")


@pytest.mark.parametrize(("language", "words"), [("ru", "латин"), ("bg", "латин")])
async def test_it_is_said_in_the_language_of_the_screen(desk: Desk, language: str, words: str) -> None:
    receive(desk)
    async with dressed(desk, ScreenSettings(language=language)) as screen:
        await screen.press("ж")
        await screen.sees(words)


async def test_a_latin_letter_that_does_nothing_is_told_as_ever(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("é")
        await screen.sees("é does nothing here")
