"""Slow lines, pastes, storms and hostile letters, as bytes on a real terminal."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest

from desk.desk import Desk
from desk.people import Address
from desk.safe import DANGEROUS
from desk.ticket import Status, TicketNumber
from tests.desks import receive
from tests.journeys.wire import wire
from tests.tui.apps import open_desk

_SLOW = 0.2
_HOSTILE = {
    "selectors": "❤️ 1️⃣ 👍🏽 👩‍👩‍👧 \U0001f1e7\U0001f1ec",
    "right to left": "שלום \u202egpj.exe\u2066 مرحبا",
    "marks": "e" + "\u0301" * 10_000 + " end",
    "terminal": "\x1b]0;PWNED\x07\x1b[2J\x1b]52;c;UFdORUQ=\x07\x9b2J",
}
_PLACES = re.compile(r"\x1b\[\d+;(\d+)H")


def fill(folder: Path, subjects: list[str]) -> None:
    with open_desk(folder) as desk:
        for at, subject in enumerate(subjects):
            sender = Address(f"c{at}@corp.example", f"Customer {at}")
            receive(desk, subject=subject, text=f"About it: {subject}", sender=sender)


def statuses(desk: Desk, count: int) -> list[Status]:
    return [desk.ticket(TicketNumber(number)).status for number in range(1, count + 1)]


def test_arrow_keys_that_a_slow_line_splits_move_and_do_nothing_else(tmp_path: Path) -> None:
    fill(tmp_path, [f"Subject {at}" for at in range(5)])
    with wire(tmp_path, SSH_CONNECTION="there") as screen:
        screen.wait_for("Subject 4", "help")
        screen.settle()
        for _ in range(3):
            screen.send(b"\x1b")
            time.sleep(_SLOW)
            screen.press(b"[B")
        screen.forget()
        screen.press(b"\r")
        screen.wait_for("About it: Subject 3")
        screen.send(b"\x1b")
        time.sleep(_SLOW)
        screen.press(b"[A")
        assert b"\x1b[?1049l" not in screen.written
    with open_desk(tmp_path) as desk:
        assert statuses(desk, 5) == [Status.OPEN] * 5


def test_a_paste_over_the_list_without_brackets_acts_on_nothing(tmp_path: Path) -> None:
    fill(tmp_path, ["Subject 0", "Subject 1"])
    with wire(tmp_path) as screen:
        screen.wait_for("Subject 1", "help")
        screen.settle()
        screen.press(b"Dear team, please see every ticket ea ie EE u\rsa sc X\r")
        screen.forget()
        screen.press(b"\x0c")
        screen.wait_for("Subject 0", "Subject 1")
    with open_desk(tmp_path) as desk:
        assert statuses(desk, 2) == [Status.OPEN] * 2
        assert desk.ticket(TicketNumber(1)).assignee is None


def test_a_bracketed_paste_is_text_whatever_it_holds_and_however_it_is_cut(tmp_path: Path) -> None:
    fill(tmp_path, ["Subject 0", "Subject 1"])
    with wire(tmp_path, EDITOR=f"touch {tmp_path / 'opened'}") as screen:
        screen.wait_for("Subject 1", "help")
        screen.press(b"r")
        screen.forget()
        for part in (b"\x1b[20", b"0~Kind \x1b]52;c;UFdO\x07\x1b", b"\x1by words\x1b[201", b"~ and more"):
            screen.press(part)
        screen.wait_for("Kind ]52;c;UFdOy words and more")
    assert not (tmp_path / "opened").exists()
    with open_desk(tmp_path) as desk:
        assert statuses(desk, 2) == [Status.OPEN] * 2


def test_a_sign_typed_right_behind_esc_acts_after_it(tmp_path: Path) -> None:
    fill(tmp_path, ["Subject 0", "Other 1"])
    with wire(tmp_path, SSH_CONNECTION="there") as screen:
        screen.wait_for("Subject 0", "help")
        screen.press(b"\r")
        screen.wait_for("About it")
        screen.settle()
        for keys in (b"\x1b/oth", b"\r", b"\r"):
            screen.press(keys)
        screen.wait_for("About it: Other 1")


@pytest.mark.parametrize("way", [b"", b"g", b"t"], ids=["list", "chord", "picker"])
def test_a_letter_typed_right_behind_esc_is_that_letter_though_some_read_both_as_a_key(
    tmp_path: Path, way: bytes
) -> None:
    fill(tmp_path, ["Subject 0", "Other 1"])
    with wire(tmp_path, SSH_CONNECTION="there") as screen:
        screen.wait_for("Subject 0", "help")
        screen.press(way)
        screen.forget()
        screen.press(b"\x1bb")
        screen.wait_for("Snooze 1")


def test_a_key_that_moves_by_words_goes_on_doing_so_in_a_text(tmp_path: Path) -> None:
    fill(tmp_path, ["Subject 0"])
    with wire(tmp_path, SSH_CONNECTION="there") as screen:
        screen.wait_for("Subject 0", "help")
        screen.press(b"n")
        screen.press(b"one two")
        screen.press(b"\x1b[1;5D")
        screen.press(b"and ")
        screen.wait_for("one and two")


def test_a_storm_of_resizes_and_a_window_of_twelve_by_four(tmp_path: Path) -> None:
    fill(tmp_path, ["Subject 0", "Subject 1"])
    chance = random.Random(7)
    with wire(tmp_path) as screen:
        screen.wait_for("Subject 1", "help")
        for _ in range(60):
            screen.resize(chance.randint(1, 300), chance.randint(1, 80))
        screen.resize(12, 4)
        screen.settle()
        screen.forget()
        screen.press(b"ee")
        assert all(int(place[1]) <= 12 for place in _PLACES.finditer(screen.written.decode("utf-8", "replace")))
        screen.resize(80, 24)
        screen.forget()
        screen.press(b"\x0c")
        screen.wait_for("Subject 0", "Subject 1", "help")
    with open_desk(tmp_path) as desk:
        assert statuses(desk, 2) == [Status.OPEN] * 2


@pytest.mark.parametrize("name", list(_HOSTILE), ids=[each.replace(" ", "-") for each in _HOSTILE])
def test_hostile_letters_reach_no_terminal(tmp_path: Path, name: str) -> None:
    fill(tmp_path, [f"First {_HOSTILE[name]}", "Second"])
    with wire(tmp_path, columns=120, rows=36) as screen:
        screen.wait_for("First", "Second", "help")
        screen.press(b"\r")
        screen.wait_for("About it")
        screen.settle()
    assert not DANGEROUS.search(re.sub(r"[\r\n]", "", screen.words))
    assert b"\x1b]0;" not in screen.written
    assert b"\x1b]52" not in screen.written
    assert "\u0301" * 3 not in screen.words


def test_keys_pressed_before_the_screen_stands_are_not_lost(tmp_path: Path) -> None:
    fill(tmp_path, ["Subject 0", "Subject 1"])
    with wire(tmp_path) as screen:
        while b"\x1b[?1049h" not in screen.written:
            screen.settle()
        screen.send(b"\r")
        screen.wait_for("About it: Subject 0")


def test_a_filter_and_what_is_done_with_its_ticket_can_be_typed_ahead(tmp_path: Path) -> None:
    fill(tmp_path, ["Subject 0", "Subject 1"])
    with wire(tmp_path) as screen:
        while b"\x1b[?1049h" not in screen.written:
            screen.settle()
        screen.send(b"\x1b/id:2\r\rf")
        screen.wait_for("Fwd: Subject 1")


@pytest.mark.parametrize("is_told", [True, False], ids=["told", "untold"])
def test_a_line_that_breaks_ends_the_program_and_keeps_what_was_done(tmp_path: Path, *, is_told: bool) -> None:
    fill(tmp_path, ["Subject 0", "Subject 1"])
    with wire(tmp_path, is_controlled=is_told) as screen:
        screen.wait_for("Subject 1", "help")
        screen.settle()
        screen.press(b"e")
        screen.hang_up()
        screen.ended()
    with open_desk(tmp_path) as desk:
        assert statuses(desk, 2) == [Status.CLOSED, Status.OPEN]
