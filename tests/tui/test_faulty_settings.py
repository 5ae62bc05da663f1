"""A slip in a settings file keeps nobody from their mail: what cannot be used is left out and told at the start."""

from __future__ import annotations

import pytest

from desk.desk import Desk
from desk.errors import ConfigError
from desk.ticket import Status
from tests.desks import receive
from tests.tui.apps import WIDE, Screen
from tests.tui.dressing import dressed
from tui.keys.keymap import Rebinding
from tui.settings import ScreenSettings, Wishes, settled


def with_keys(*lines: tuple[str, str], language: str = "en") -> ScreenSettings:
    """The settings of somebody whose file has these keys, one a line."""
    changes = [Rebinding(name, (key,), None, "/home/ana/screen.toml", f"keys.{name}") for name, key in lines]
    found = settled(Wishes(keys=changes, language=language, tour=False), {}, "utf-8")
    lines_of = {f"keys.{name}": at for at, (name, _) in enumerate(lines, 2)}
    told = tuple(each.on_line(lines_of[each.key]) for each in found.faults)
    return ScreenSettings(actions=found.actions, faults=told, language=found.language)


def words(screen: Screen) -> str:
    """What is painted, as one line."""
    return " ".join(screen.text.split())


async def test_one_fault_is_told_whole_and_the_key_does_what_it_did(desk: Desk) -> None:
    number = receive(desk).number
    async with dressed(desk, with_keys(("undo", "f5"), ("close", "n"))) as screen:
        await screen.sees("not used: screen.toml:3: keys.close: “n” would mean two things in the")
        assert "give the other one another key too, or none: note = []" in words(screen)
        await screen.press("e")
        await screen.until(lambda: desk.ticket(number).status is Status.CLOSED)
        await screen.press("f5")
        await screen.until(lambda: desk.ticket(number).status is Status.OPEN)


async def test_of_several_faults_every_place_is_told(desk: Desk) -> None:
    receive(desk)
    settings = with_keys(("close", "n"), ("clsoe", "x"), ("help", "hyper"), ("sync", "ctrl+i"))
    async with dressed(desk, settings) as screen:
        await screen.sees("not used: ")
        assert all(each.place in words(screen) for each in settings.faults)
        assert "`tandem doctor` says why" in words(screen)


@pytest.mark.parametrize("language", ["ru", "bg"])
async def test_it_is_told_in_the_language_of_the_screen(desk: Desk, language: str) -> None:
    async with dressed(desk, with_keys(("clsoe", "x"), language=language), WIDE) as screen:
        await screen.until(lambda: "screen.toml:2" in screen.text)
        assert "not used" not in screen.text


async def test_a_sentence_stands_until_something_else_is_said(desk: Desk) -> None:
    fault = ConfigError("/desk/config.toml", "screen.theme", "must be one of auto, dark", "for example dark")
    receive(desk)
    async with dressed(desk, ScreenSettings(faults=(fault,))) as screen:
        await screen.sees("not used: config.toml: screen.theme: must be one of")
        await screen.press("e")
        await screen.misses("not used")
