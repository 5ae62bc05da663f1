"""Tab in a question for a path goes as far as all that fits agrees, and takes no file that was not pointed at."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from desk.desk import Desk
from tests.desks import receive
from tests.tui.apps import Screen
from tests.tui.composing import begun, inbox, write
from tests.tui.test_files import attached
from tui.composer.paths import candidates
from tui.screens.attach import AttachScreen
from tui.screens.save import SaveScreen


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with files whose names begin alike."""
    home = tmp_path / "home"
    (home / "cases").mkdir(parents=True)
    for name in ("report-2025.pdf", "report-2026.pdf"):
        (home / "cases" / name).write_bytes(b"x")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return home


def path(screen: Screen) -> str:
    return screen.app.screen.query_one(Input).value


async def asked_for_a_path(screen: Screen, prompt: str) -> None:
    """Have the question for a path on the screen, with the home folder in its line."""
    if prompt == "attach":
        await begun(screen, "r")
        write(screen, "Hello")
        await screen.press("escape", "a")
        await screen.until(lambda: isinstance(screen.app.screen, AttachScreen))
    else:
        await screen.press("enter")
        await screen.until(lambda: screen.inbox.reader.has_focus)
        await screen.press("v", "f")
        await screen.sees("scan.pdf")
        await screen.press("s")
        await screen.until(lambda: isinstance(screen.app.screen, SaveScreen) and path(screen) != "")
        await screen.press("ctrl+u")
        await screen.type("~/")
    await screen.sees("cases/")


@pytest.mark.parametrize("prompt", ["attach", "save"])
async def test_tab_takes_the_first_of_several_only_when_it_is_pressed_again(
    desk: Desk, home: Path, prompt: str
) -> None:
    receive(desk, attachments=(attached(desk, "scan.pdf", b"%PDF-1.4"),))
    async with inbox(desk) as screen:
        await asked_for_a_path(screen, prompt)
        await screen.press("tab")
        await screen.until(lambda: path(screen) == "~/cases/")
        await screen.sees("report-2026.pdf")
        await screen.type("r")
        await screen.press("tab")
        await screen.until(lambda: path(screen) == "~/cases/report-202")
        await screen.press("backspace")
        await screen.type("2")
        await screen.press("tab")
        await screen.sees("all agree so far: type on, or Tab again takes")
        assert path(screen) == "~/cases/report-202"
        await screen.press("tab")
        await screen.until(lambda: path(screen) == "~/cases/report-2025.pdf")


async def test_tab_takes_at_once_what_an_arrow_key_marked(desk: Desk, home: Path) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await asked_for_a_path(screen, "attach")
        await screen.type("cases/report-202")
        await screen.press("down", "tab")
        await screen.until(lambda: path(screen) == "~/cases/report-2026.pdf")


def test_all_that_fits_agrees_also_what_there_is_no_room_to_show(home: Path) -> None:
    for number in range(250):
        (home / f"mail-{number:03}").touch()
    (home / "main.c").touch()
    found = candidates("~/m")
    assert len(found.found) == 200
    assert found.common == "~/mai"
