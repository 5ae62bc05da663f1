"""A text that is with an editor: keys are for that, and what is saved there is never lost."""

from __future__ import annotations

import shlex
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.drivers.headless_driver import HeadlessDriver
from textual.widgets import TextArea

from desk.desk import Desk
from desk.ticket import Status
from tests.desks import receive
from tests.terminal import need_tmux
from tests.tui.apps import Screen, open_desk
from tests.tui.composing import ONE, answering, area, drafts, inbox, outbox
from tests.tui.held_up import slow_writes
from tests.tui.programs import edited_with, say_hello
from tui.screens.compose import ComposeScreen

_KEYS = ("w", "p", "X", "wp", "typed", "ee", "h")
_WAITS = 'touch "$HOME/open"; until [ -e "$HOME/go" ]; do sleep 0.05; done; '


class _Aside:
    """How often the terminal was given away, and how often it was taken back."""

    given = taken = 0


@pytest.fixture
def aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[_Aside]:
    """A driver that gives its terminal away, and an editor that waits for a file and adds a word."""
    told = _Aside()

    def give(_: HeadlessDriver) -> None:
        told.given += 1

    def take(_: HeadlessDriver) -> None:
        told.taken += 1

    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    monkeypatch.setattr(HeadlessDriver, "suspend_application_mode", give)
    monkeypatch.setattr(HeadlessDriver, "resume_application_mode", take)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("VISUAL", raising=False)
    edits_with(monkeypatch, _WAITS + 'printf " and more" >> "$0"')
    yield told
    (tmp_path / "go").touch()


def edits_with(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setenv("EDITOR", f"sh -c {shlex.quote(script)}")


@asynccontextmanager
async def reviewing(desk: Desk) -> AsyncGenerator[Screen]:
    receive(desk)
    async with answering(desk, "Hello") as screen:
        await screen.press("escape")
        await screen.sees("y send")
        yield screen


@pytest.mark.parametrize("keys", _KEYS)
async def test_keys_behind_the_one_that_opens_the_editor_do_nothing(
    desk: Desk, tmp_path: Path, aside: _Aside, keys: str
) -> None:
    async with reviewing(desk) as screen:
        screen.send("E")
        for key in keys:
            screen.send(key)
            await screen.pilot.pause(0.02)
        await screen.until((tmp_path / "open").exists)
        await screen.press(*keys, "escape", "ctrl+s")
        screen.app.post_message(events.Paste("pasted"))
        await screen.pilot.pause()
        assert isinstance(screen.app.screen, ComposeScreen)
        (tmp_path / "go").touch()
        await screen.until(lambda: area(screen).text.endswith("Hello and more"))
        await screen.until(lambda: [each.text for each in drafts(desk)] == [area(screen).text])
        assert outbox(desk) == []
        assert desk.ticket(ONE).status is Status.OPEN
        assert isinstance(screen.app.focused, TextArea)
        assert aside.given == aside.taken == 1
        await screen.press("X")
        await screen.until(lambda: "X" in area(screen).text)


async def test_keys_at_a_stroke_with_the_one_that_opens_the_editor_do_nothing(
    desk: Desk, tmp_path: Path, aside: _Aside
) -> None:
    del aside
    async with reviewing(desk) as screen:
        screen.send("E", "w")
        await screen.until((tmp_path / "open").exists)
        (tmp_path / "go").touch()
        await screen.until(lambda: area(screen).text.endswith("Hello and more"))
        await screen.press("!")
        await screen.until(lambda: "!" in area(screen).text)
        assert outbox(desk) == []


async def test_keys_behind_the_one_that_answers_in_the_editor_do_nothing(
    desk: Desk, tmp_path: Path, aside: _Aside
) -> None:
    del aside
    receive(desk)
    async with inbox(desk) as screen:
        screen.send("R")
        await screen.until((tmp_path / "open").exists)
        await screen.press("e", "y", "escape", "p")
        assert desk.ticket(ONE).status is Status.OPEN
        (tmp_path / "go").touch()
        await screen.sees("y send", "and more")
        assert outbox(desk) == []


async def test_the_file_of_a_text_stays_until_the_store_has_it(desk: Desk, tmp_path: Path, aside: _Aside) -> None:
    del aside
    async with reviewing(desk) as screen:
        await screen.press("E")
        await screen.until((tmp_path / "open").exists)
        with slow_writes(screen):
            (tmp_path / "go").touch()
            await screen.until(lambda: area(screen).text.endswith("and more"))
            assert [each.read_text("utf-8") for each in left(tmp_path)] == [area(screen).text]
        await screen.until(lambda: not left(tmp_path))
        assert [each.text for each in drafts(desk)] == [area(screen).text]


async def test_a_text_whose_composer_was_left_meanwhile_stays_in_its_file_and_is_offered(
    desk: Desk, tmp_path: Path, aside: _Aside
) -> None:
    async with reviewing(desk) as screen:
        await screen.press("E")
        await screen.until((tmp_path / "open").exists)
        screen.app.screen.dismiss(None)
        await screen.at_the_list()
        assert aside.taken == 0
        (tmp_path / "go").touch()
        await screen.sees("1 text was never saved")
        assert aside.given == aside.taken == 1
        (file,) = left(tmp_path)
        assert file.read_text("utf-8").endswith("Hello and more")


@pytest.mark.parametrize("script", ["kill -9 $$", "exit 127", 'rm -r "${0%/*}"'])
async def test_the_terminal_is_taken_back_however_the_editor_ends(
    desk: Desk, aside: _Aside, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    edits_with(monkeypatch, script)
    async with reviewing(desk) as screen:
        await screen.press("E")
        await screen.until(lambda: aside.taken == 1)
        await screen.press("p")
        await screen.at_the_list()
        assert "Hello" in drafts(desk)[0].text


async def test_an_editor_that_is_not_there_is_said_and_keys_act_again(
    desk: Desk, aside: _Aside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "no-such-editor")
    async with reviewing(desk) as screen:
        await screen.press("E")
        await screen.sees("no-such-editor cannot be started")
        assert aside.given == aside.taken == 1
        await screen.press("w")
        await screen.until(lambda: len(outbox(desk)) == 1)


@pytest.mark.parametrize("keys", ["Ew", "Ep", "Ee"])  # three that a busy machine brings at once would be a paste
def test_what_is_saved_in_a_real_editor_is_there_whatever_was_typed_behind_its_key(tmp_path: Path, keys: str) -> None:
    need_tmux()
    script = 'sleep 0.2; printf " and more" >> "$0"'
    with edited_with(tmp_path, script) as terminal:
        say_hello(terminal)
        for turn in range(1, 4):
            terminal.press("Escape")
            terminal.wait_for("y send")
            for key in keys:
                terminal.type(key)
                time.sleep(0.03)
            terminal.wait_for(" and more" * turn, "Esc review")
        with open_desk(tmp_path / "desk") as desk:
            assert desk.store.outbox.all() == []
            assert desk.ticket(ONE).status is Status.OPEN


def left(home: Path) -> list[Path]:
    """The files that editors have, or left."""
    return [*(home / "state" / "tandem" / "drafts").glob("*/*.txt")]
