"""What a real terminal shows of hostile letters and in a window of twelve by four: everything in its place."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from desk.people import Address
from desk.ticket import TicketNumber
from tests.desks import receive
from tests.journeys.test_wire import _HOSTILE
from tests.terminal import Terminal, need_tmux
from tests.tui.apps import open_desk

_ROOT = Path(__file__).parents[2]


def terminal(folder: Path, *, columns: int, rows: int) -> Terminal:
    environment = {"LANG": "C.UTF-8", "TERM": "xterm-256color", "PATH": os.environ["PATH"], "HOME": str(folder)}
    environment |= {"TANDEM_TOUR": "off", "PYTHONPATH": str(_ROOT)}
    return Terminal(
        [sys.executable, "-m", "tests.tui.terminal_app", str(folder / "desk")], environment, columns=columns, rows=rows
    )


@pytest.mark.parametrize("name", ["selectors", "right to left", "marks"], ids=["selectors", "right-to-left", "marks"])
def test_hostile_letters_move_nothing_on_a_terminal(tmp_path: Path, name: str) -> None:
    need_tmux()
    with open_desk(tmp_path / "desk") as desk:
        for subject in ("Plain one", f"Odd {_HOSTILE[name]}", "Plain two"):
            receive(
                desk,
                subject=subject,
                text=f"About it: {subject}",
                sender=Address(f"c{len(subject)}@corp.example", "Customer"),
            )
    with terminal(tmp_path, columns=120, rows=24) as screen:
        text = screen.wait_for("Plain one", "Odd", "Plain two", "help")
        rows = [line for line in text.splitlines() if "Customer" in line and "*" in line]
        assert len(rows) == 3
        assert len({line.index("Customer") for line in rows}) == 1
        edges = {line.index("▏") for line in text.splitlines() if "▏" in line and "Odd" not in line}
        assert len(edges) == 1
        assert all(len(line) <= 120 or "\u0301" in line for line in text.splitlines())


def test_a_window_of_twelve_by_four_asks_for_more_room(tmp_path: Path) -> None:
    need_tmux()
    with open_desk(tmp_path / "desk") as desk:
        receive(desk, subject="Plain one")
    with terminal(tmp_path, columns=12, rows=4) as screen:
        text = screen.wait_for("make me a", "little", "bigger")
        assert len(text.splitlines()) <= 4
        screen.press("e", "e")
        assert screen.is_alive
    with open_desk(tmp_path / "desk") as desk:
        assert [each.status.value for each in desk.store.tickets.many([TicketNumber(1)])] == ["open"]
