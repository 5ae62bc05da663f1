"""What a key needs is read off the event loop: a disk that does not answer holds up that key, and nothing else."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from desk.desk import Desk
from tests.desks import receive
from tests.tui.apps import Screen
from tests.tui.composing import begun, inbox, notes
from tui.screens.compose import ComposeScreen
from tui.widgets.draft import DraftArea


@contextmanager
def reads_nothing(screen: Screen) -> Generator[None]:
    """While what is opened and the macros' files cannot be read, as on a disk that does not answer."""
    answers = Event()
    screen.app.fetch("slow", lambda _: answers.wait(), lambda _: None, lambda: None)
    screen.app.look("slow", lambda _: answers.wait(), lambda _: None)
    try:
        yield
    finally:
        answers.set()


async def test_what_is_typed_behind_a_key_that_waits_for_the_disk_is_all_there(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        with reads_nothing(screen):
            await screen.press("r", *"Hello")
            await screen.sees("still reading what this key needs", "Esc lets it be")
            assert not isinstance(screen.app.screen, ComposeScreen)
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.until(lambda: "Hello" in screen.app.screen.query_one(DraftArea).text)


async def test_what_is_typed_behind_a_macros_name_stands_behind_its_text_and_escape_lets_it_be(
    desk: Desk, tmp_path: Path
) -> None:
    receive(desk)
    (folder := tmp_path / "own").mkdir()
    (folder / "greet.md").write_text("---\nname: Greet\nreply: public\n---\nGood day,\n")
    async with inbox(desk, folder) as screen:
        await begun(screen, "r")
        text = screen.app.screen.query_one(DraftArea)
        await screen.type(":greet")
        with reads_nothing(screen):
            await screen.press("tab", "x")
            await screen.sees("still reading what this key needs")
            assert text.text.startswith(":greet")
            assert "x" not in text.text
            await screen.press("escape")
            await screen.press("y")
            assert text.text.startswith(":greety")
            await screen.press("backspace", "tab", *"to you")
        await screen.until(lambda: text.text.startswith("Good day,to you"))


@pytest.mark.parametrize("keys", ["m", "=", "ao", ",q"])
async def test_escape_lets_a_key_be_that_waits_for_the_disk_and_the_list_goes_on(desk: Desk, keys: str) -> None:
    numbers = [receive(desk, subject=f"Subject {each}").number for each in range(3)]
    async with inbox(desk) as screen:
        stack = list(screen.app.screen_stack)
        with reads_nothing(screen):
            await screen.press(*keys)
            await screen.sees("Esc lets it be")
            await screen.press("escape", "j")
            assert screen.cursor == numbers[1]
        await begun(screen, "n")
        assert len(screen.app.screen_stack) == len(stack) + 1
        assert not any(notes(desk, each) for each in numbers)


async def test_a_macro_whose_file_is_new_acts_on_its_hot_key_at_once(desk: Desk, tmp_path: Path) -> None:
    number = receive(desk).number
    (folder := tmp_path / "own").mkdir()
    async with inbox(desk, folder) as screen:
        await screen.press(",", "escape")
        (folder / "late.md").write_text("---\nname: Late\nreply: none\nkey: q\ndo:\n  - note: It is late\n---\n")
        await screen.press(",", "q")
        await screen.until(lambda: notes(desk, number) == ["It is late"])
