"""How the program ends when the store is locked, when the system says so, and when something breaks."""

from __future__ import annotations

import os
import re
import shlex
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from desk.actions.draft import take_over
from desk.draft import DraftKind
from desk.ticket import Status
from desk.written import Written
from tests.desks import acting_as, make_desk, receive
from tests.terminal import Terminal, need_tmux
from tests.tui.apps import open_desk
from tests.tui.composing import ONE, drafts
from tests.tui.held_up import locked
from tests.tui.programs import ROOT, pid, shell
from tui.screens.compose import AUTOSAVE
from tui.terminal.ending import LAST_RESORT

PATIENCE = LAST_RESORT + 30.0
"""Seconds that a process gets to end in: what the program allows itself, and a slow machine."""
BREAKS = """
from tui.app import TandemApp
async def broken(self): secret = "a mail"; raise KeyError(secret)
async def endless(self): self.call_next(self.action_sync); raise KeyError("a mail")
TandemApp.action_sync = broken
"""
"""A module in which a defect is made."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    desk = make_desk(tmp_path / "desk")
    receive(desk)
    desk.store.close()
    return tmp_path / "desk"


@pytest.fixture(autouse=True)
def tmux() -> None:
    need_tmux()


@contextmanager
def writing(folder: Path, text: str, **more: str) -> Generator[Terminal]:
    """The application with this text just typed."""
    with shell(folder, **more) as terminal:
        terminal.press("r")
        terminal.wait_for("Reply to")
        terminal.type(text)
        terminal.wait_for(text)
        yield terminal


def gone(process: int) -> None:
    """Wait until a process has ended."""
    deadline = time.monotonic() + PATIENCE
    while Path(f"/proc/{process}").exists():
        assert time.monotonic() < deadline, f"{process} still runs"
        time.sleep(0.05)


def kept(folder: Path) -> list[str]:
    with open_desk(folder) as desk:
        return [each.text for each in drafts(desk)]


def texts_in(folder: Path) -> list[tuple[str, int]]:
    """The texts that were put into files below a folder, each with the mode of its file."""
    return [
        (each.read_text("utf-8"), each.stat().st_mode & 0o777)
        for each in folder.glob(".local/state/tandem/drafts/tandem-*/*.txt")
    ]


def presences(folder: Path) -> int:
    with open_desk(folder) as desk:
        return len(desk.store.presences.all(desk.clock()))


def test_leaving_waits_for_what_is_still_being_written(folder: Path) -> None:
    with shell(folder) as terminal:
        with locked(folder):
            terminal.press("e", "q", "q")
            terminal.wait_for("still saving, a moment … (again leaves at once): closed 1")
        terminal.wait_for("ended with 0")
    with open_desk(folder) as desk:
        assert desk.ticket(ONE).status is Status.CLOSED


def test_asking_again_leaves_at_once_and_says_what_was_not_written(folder: Path) -> None:
    with shell(folder) as terminal, locked(folder):
        terminal.press("e", "q", "q")
        terminal.wait_for("still saving, a moment")
        terminal.wait_for("again leaves at once: closed 1 waits for")
        terminal.press("q")
        terminal.wait_for("this could not be saved before the end: closed 1", "ended with 1")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_keeps_the_text_and_gives_the_terminal_back(folder: Path, number: signal.Signals) -> None:
    with writing(folder, "Half a sentence") as terminal:
        os.kill(pid(folder), number)
        terminal.wait_for("ended with 0", gone="Half a sentence")
    assert kept(folder) == ["Half a sentence"]
    assert presences(folder) == 0


def test_what_was_typed_two_seconds_ago_outlives_the_end_without_warning(folder: Path) -> None:
    with writing(folder, "Half a sentence") as terminal:
        time.sleep(AUTOSAVE + 0.5)
        os.kill(pid(folder), signal.SIGKILL)
        terminal.wait_for("ended with 137")
    with shell(folder) as terminal:
        terminal.press("r")
        terminal.wait_for("Half a sentence", "your draft of")
        assert presences(folder) == 1


@pytest.mark.parametrize("wait", [0.0, 3.0], ids=["free", "locked for a while"])
def test_a_connection_that_breaks_off_loses_no_word(folder: Path, wait: float) -> None:
    with writing(folder, "Half a sentence") as terminal:
        with locked(folder) if wait else nullcontext():
            terminal.hang_up()
            time.sleep(wait)
        gone(pid(folder))
    assert kept(folder) == ["Half a sentence"]
    with shell(folder) as terminal:
        terminal.press("r")
        terminal.wait_for("Half a sentence", "your draft of")


def test_a_signal_waits_for_its_turn_to_write(folder: Path) -> None:
    with writing(folder, "Half a sentence") as terminal:
        with locked(folder):
            os.kill(pid(folder), signal.SIGHUP)
            terminal.wait_for("still saving, a moment")
            assert kept(folder) == []
        terminal.wait_for("ended with 0")
    assert kept(folder) == ["Half a sentence"]


def test_a_second_signal_leaves_a_locked_store_at_once_and_puts_the_text_into_a_file(folder: Path) -> None:
    with writing(folder, "Half a sentence") as terminal, locked(folder):
        os.kill(pid(folder), signal.SIGTERM)
        terminal.wait_for("still saving, a moment")
        os.kill(pid(folder), signal.SIGTERM)
        shown = terminal.wait_for("could not be saved before the end", "ended with 1").replace("\n", "")
    assert re.search(rf"a text, which is in {folder}/\.local/state/tandem/drafts/tandem-[\w-]+/1-reply-\d+\.txt", shown)
    assert texts_in(folder) == [("Half a sentence", 0o600)]
    with shell(folder) as terminal:
        terminal.wait_for("1 text was never saved")
        terminal.press("g", "e")
        terminal.wait_for("Tandem ended before a text was saved", "Half a sentence")
        terminal.press("Enter")
        terminal.wait_for("Reply to", "Half a sentence")
    assert kept(folder) == ["Half a sentence"]


def test_a_line_that_breaks_while_the_store_stays_locked_leaves_the_text_in_a_file_until_the_store_has_it(
    folder: Path,
) -> None:
    with writing(folder, "Half a sentence") as terminal:
        with locked(folder):
            terminal.hang_up()
            deadline = time.monotonic() + PATIENCE
            while texts_in(folder) != [("Half a sentence", 0o600)]:
                assert time.monotonic() < deadline, texts_in(folder)
                time.sleep(0.05)
        gone(pid(folder))
    assert (kept(folder), texts_in(folder)) == (["Half a sentence"], [])


def test_a_program_that_is_woken_without_having_slept_ends_all_the_same_and_gives_the_terminal_back(
    folder: Path,
) -> None:
    """The system wakes whoever was on a line that breaks; the shell does so after `kill -STOP`."""
    with shell(folder) as terminal:
        for _ in range(10):
            os.kill(pid(folder), signal.SIGCONT)
            time.sleep(0.05)
        terminal.press("j")  # one of those that read would take it, and the others wait on
        os.kill(pid(folder), signal.SIGTERM)
        terminal.wait_for("ended with 0")
        terminal.type("the shell echoes this")
        terminal.wait_for("the shell echoes this")


@pytest.mark.parametrize("how", ["hang up", "SIGTERM"])
def test_a_screen_that_hangs_ends_at_the_last_resort_with_the_text_in_a_file(
    folder: Path, tmp_path: Path, how: str
) -> None:
    late = "import time\nfrom pathlib import Path\nimport tui.terminal.ending\ntui.terminal.ending.LAST_RESORT = 1.0\n"
    stuck = "def stuck(self): Path.home().joinpath('stuck').touch(); time.sleep(100)\n"
    hangs = f"{late}{stuck}from tui.screens.compose import ComposeScreen\nComposeScreen.action_editor = stuck\n"
    (tmp_path / "sitecustomize.py").write_text(hangs, "utf-8")
    with writing(folder, "Half a sentence", PYTHONPATH=f"{ROOT}:{tmp_path}") as terminal:
        terminal.press("C-g")
        while not (folder / "stuck").exists():
            time.sleep(0.05)
        if how == "SIGTERM":
            os.kill(pid(folder), signal.SIGTERM)
            terminal.wait_for("the screen did not end in time", "ended with 1")
        else:
            terminal.hang_up()
        gone(pid(folder))
    assert texts_in(folder) == [("Half a sentence", 0o600)]


def test_the_last_resort_names_what_a_store_never_took(folder: Path, tmp_path: Path) -> None:
    soon = "import tui.terminal.ending\ntui.terminal.ending.LAST_RESORT = 1.0\n"
    (tmp_path / "sitecustomize.py").write_text(soon, "utf-8")
    with shell(folder, PYTHONPATH=f"{ROOT}:{tmp_path}") as terminal, locked(folder):
        terminal.press("e")
        terminal.wait_for("closed 1")
        os.kill(pid(folder), signal.SIGTERM)
        terminal.wait_for("did not end in time; this could not be saved: closed 1", "ended with 1")


@pytest.mark.parametrize("how", ["hang up", "SIGTERM"])
def test_what_was_saved_in_an_editor_is_kept_when_the_end_comes_from_outside(folder: Path, how: str) -> None:
    script = 'echo ", saved in the editor" >> "$0"; touch "$HOME/saved"; sleep 100'
    with writing(folder, "Half a sentence", EDITOR=f"sh -c {shlex.quote(script)}") as terminal:
        terminal.press("C-g")
        while not (folder / "saved").exists():
            time.sleep(0.05)
        if how == "SIGTERM":
            os.kill(pid(folder), signal.SIGTERM)
            terminal.wait_for("ended with 0")
        else:
            terminal.hang_up()
        gone(pid(folder))
    assert kept(folder) == ["Half a sentence, saved in the editor"]
    assert texts_in(folder) == []


def test_what_was_saved_in_an_editor_is_in_a_file_where_the_store_is_locked(folder: Path) -> None:
    script = 'echo ", saved in the editor" >> "$0"; touch "$HOME/saved"; sleep 100'
    with writing(folder, "Half a sentence", EDITOR=f"sh -c {shlex.quote(script)}") as terminal:
        with locked(folder):
            terminal.press("C-g")
            while not (folder / "saved").exists():
                time.sleep(0.05)
            os.kill(pid(folder), signal.SIGTERM)
            terminal.wait_for("still saving, a moment")
            os.kill(pid(folder), signal.SIGTERM)
            terminal.wait_for("could not be saved before the end", "ended with 1")
        assert ("Half a sentence, saved in the editor", 0o600) in texts_in(folder)


def test_words_typed_on_a_screen_that_lost_the_draft_outlive_its_end_too(folder: Path) -> None:
    with writing(folder, "Half a sentence") as terminal:
        terminal.press("C-s")
        terminal.wait_for(" saved ")
        with open_desk(folder) as desk:
            take_over(acting_as(desk, "bo"), ONE, DraftKind.REPLY, Written(""))
        terminal.wait_for("bo took this draft over")
        terminal.type(", and more")
        terminal.wait_for("and more")
        os.kill(pid(folder), signal.SIGHUP)
        terminal.wait_for("ended with 0")
    assert kept(folder) == ["Half a sentence", "Half a sentence, and more"]


def test_a_defect_is_one_sentence_and_no_variables_and_the_screen_goes_on(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BREAKS, "utf-8")
    with shell(folder, PYTHONPATH=f"{ROOT}:{tmp_path}") as terminal:
        terminal.press("C-r")
        shown = terminal.wait_for("something went wrong: KeyError; nothing you wrote is lost")
        terminal.press("C-q")
        shown += terminal.wait_for("ended with 0")
    assert "a mail" not in shown
    assert "secret" not in shown


def test_a_screen_that_does_nothing_but_break_ends_with_one_sentence_and_no_variables(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"{BREAKS}TandemApp.action_sync = endless\n", "utf-8")
    with shell(folder, PYTHONPATH=f"{ROOT}:{tmp_path}") as terminal:
        terminal.press("C-r")
        shown = terminal.wait_for("Tandem stumbled: KeyError; the log has more", "ended with 1")
    assert "a mail" not in shown
    assert "secret" not in shown
