"""What the screen puts off comes, however often the machine stalls."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import textual._time

from desk.desk import Desk
from tests.desks import receive
from tests.tui.apps import WIDE, open_desk, showing


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as desk:
        for subject in ("First", "Second", "Third"):
            receive(desk, subject=subject, text=f"{subject}, as was said")
        yield desk


def stall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a fifth of a second pass at every other look of a timer at the clock, as where others have the processor."""
    looks = count()
    monkeypatch.setattr(textual._time, "get_time", lambda: time.monotonic() + next(looks) // 2 / 5)  # noqa: SLF001 - Textual's clock


async def test_no_key_is_lost_and_what_rests_is_shown_where_the_machine_stalls(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with showing(desk, WIDE) as screen:
        await screen.sees("First, as was said")
        stall(monkeypatch)
        await screen.press("j", "j")
        await screen.sees("Third, as was said")
        await screen.press("r")
        await screen.type("Thank you")
        await screen.sees("Reply to", "Thank you")
        await screen.press("escape")
        await screen.sees("send+close")


async def test_what_is_looked_for_is_found_where_the_machine_stalls(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with showing(desk, WIDE) as screen:
        await screen.sees("First, as was said")
        stall(monkeypatch)
        await screen.press(":")
        await screen.type("third")
        await screen.sees("Dana Petrova  Third")
        await screen.press("enter")
        await screen.until(lambda: screen.inbox.is_reading)
