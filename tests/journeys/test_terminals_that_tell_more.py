"""Terminals that answer late, tell more of a key than was asked, or have keys that nobody read: as bytes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.ticket import Status, TicketNumber
from tests.desks import receive
from tests.journeys.wire import Wire, wire
from tests.tui.apps import open_desk
from tests.tui.composing import drafts
from tests.tui.programs import ROOT

_ANSWERS = (
    b"\x1b[>41;351;0c",
    b"\x1b[?62;22;52c",
    b"\x1b[?0u",
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    b"\x1bP>|tmux 3.4\x1b\\",
)
_UNREAD = (b"\x1b[97;1:3u", b"\x1b[1;1:3B", b"\x1b[3;5:3~", b"\x1b[1114112u", b"\x1b[999999999999u", b"\x1b[:u")
_LONGER_THAN_ESC = 0.7
"""Seconds after which an Esc alone is one, far away too."""
_BREAKS = """
from tui.terminal.ear import Ear
def hear(self, data, heard=Ear.hear):
    if b"!" in data: raise ZeroDivisionError
    return heard(self, data)
Ear.hear = hear
"""
_ENDLESS = f"""{_BREAKS}
def hear(self, data, heard=hear, broken=[]):
    broken += [b"!"] * (b"!" in data)
    return heard(self, data + b"".join(broken))
Ear.hear, Ear.patience = hear, 0.0
"""
_CANNOT_READ = """
import os
from tui.terminal.ear import Ear
def patience(self):
    if os.path.exists(os.environ["BROKEN"]): raise OSError(5, "Input/output error")
    return 0.05
Ear.patience = property(patience)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_desk(tmp_path) as desk:
        receive(desk, subject="Subject 0", text="About it")
    return tmp_path


def answer(screen: Wire) -> None:
    screen.wait_for("Subject 0", "help")
    screen.press(b"r")
    screen.wait_for("Reply to", "Esc review")


def test_what_a_terminal_tells_is_no_part_of_an_answer(folder: Path) -> None:
    with wire(folder, SSH_CONNECTION="there") as screen:
        answer(screen)
        screen.press(b"one ")
        for told in (*_ANSWERS, *_UNREAD):
            screen.press(told)
        for told in _ANSWERS:
            screen.send(told[:6])
            time.sleep(_LONGER_THAN_ESC)
            screen.press(told[6:])
        screen.press(b"\x1b[97:65;2;65u")
        screen.press(b" two")
        screen.wait_for("one A two", "Esc review")


def test_what_a_terminal_tells_over_the_list_presses_nothing(folder: Path) -> None:
    with wire(folder) as screen:
        screen.wait_for("Subject 0", "help")
        screen.settle()
        for told in (*_ANSWERS, *_UNREAD):
            screen.send(told)
        screen.send(b"\x1b[?2026;2")
        time.sleep(_LONGER_THAN_ESC)
        screen.press(b"$y")
        screen.press(b"e")
        screen.wait_for("Nothing is open")


def test_keys_that_an_editor_did_not_read_act_on_nothing_when_it_ends(folder: Path) -> None:
    script = f'touch {folder}/open; until [ -e {folder}/go ]; do sleep 0.05; done; echo "new text" > "$0"'
    with wire(folder, EDITOR=f"sh -c '{script}'") as screen:
        answer(screen)
        screen.press(b"Hi")
        screen.press(b"\x07")
        until((folder / "open").exists)
        screen.press(b"more")
        for key in (b"\x1b", b"Y"):
            screen.send(key)
            time.sleep(_LONGER_THAN_ESC)
        (folder / "go").touch()
        screen.wait_for("new text", "Esc review")
        screen.press(b"!")
        screen.wait_for("new text!")
    with open_desk(folder) as desk:
        assert desk.store.outbox.all() == []
        assert desk.ticket(TicketNumber(1)).status is Status.OPEN


def test_a_defect_in_hearing_the_terminal_is_told_and_what_is_typed_next_is_heard(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_BREAKS, "utf-8")
    with wire(folder, PYTHONPATH=f"{ROOT}:{tmp_path}") as screen:
        answer(screen)
        screen.press(b"one")
        screen.press(b"!")
        screen.wait_for("something went wrong: ZeroDivisionError; nothing you wrote is lost")
        screen.press(b" two")
        screen.wait_for("one two")


def test_a_screen_that_ends_by_a_defect_puts_what_was_just_typed_into_a_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_ENDLESS, "utf-8")
    with wire(folder, PYTHONPATH=f"{ROOT}:{tmp_path}") as screen:
        answer(screen)
        screen.send(b"one")
        screen.wait_for("one")
        screen.send(b"!")
        assert screen.ended() == 1
        told = screen.words.replace("\r\n", "")
        assert "Tandem stumbled: ZeroDivisionError; the log has more" in told
    texts = [each.read_text("utf-8") for each in (folder / "state").rglob("*.txt")]
    with open_desk(folder) as desk:
        assert "one" in {*texts, *(each.text for each in drafts(desk))}


def test_a_terminal_that_cannot_be_read_any_more_ends_the_screen_and_keeps_the_text(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(_CANNOT_READ, "utf-8")
    with wire(folder, PYTHONPATH=f"{ROOT}:{tmp_path}", BROKEN=str(tmp_path / "broken")) as screen:
        answer(screen)
        screen.press(b"one")
        (tmp_path / "broken").touch()
        assert screen.ended() == 0
    with open_desk(folder) as desk:
        assert [each.text for each in drafts(desk)] == ["one"]


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + 45.0
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
