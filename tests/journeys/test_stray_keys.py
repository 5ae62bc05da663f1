"""Keys that no action has: the ones that another program taught a hand, and those that only some keyboards send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase

import pytest

from desk.desk import Desk
from desk.people import Address
from tests.desks import receive
from tests.journeys.key_places import written
from tests.journeys.test_every_key import standing
from tests.tui.apps import WIDE, open_desk, showing
from tui.keys import ACTIONS

_NAMED = ("insert", "delete", "backspace", "pause", "print_screen", "shift+enter", "ctrl+at", "f24")
_TURNED = ("shift+up", "ctrl+down", "alt+left", "ctrl+home", "shift+f3")
_CTRL = tuple(f"ctrl+{letter}" for letter in ascii_lowercase)
_ALT = ("alt+b", "alt+d", "alt+e", "alt+f", "alt+x")
_SIGNS = ("ж", "é", "1", "~", "\\")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as desk:
        for at in range(4):
            receive(desk, subject=f"Subject {at}", sender=Address(f"c{at}@corp.example", f"Customer {at}"))
        yield desk


def stray() -> list[str]:
    """All of them that are in no row of the table, whatever the context."""
    known = {part for each in ACTIONS for key in each.keys for part in key.split(" ")}
    return [key for key in (*_NAMED, *_TURNED, *_CTRL, *_ALT, *_SIGNS) if key not in known]


@pytest.mark.parametrize(
    "way", ["", "enter", "g o", "g p", "g h", "w", "grave_accent"], ids=["list", "reader", *"oph", "customer", "views"]
)
async def test_a_key_that_no_action_has_does_nothing(desk: Desk, way: str) -> None:
    async with showing(desk, WIDE) as screen:
        await screen.sees("Subject 3")
        await screen.press(*way.split())
        before, here = standing(desk), screen.app.place()
        for key in stray():
            await screen.press(key)
            assert screen.app.broken is None, key
            assert screen.app.place() is here, key
        assert not screen.app.is_leaving
        await written(screen)
        assert standing(desk) == before


async def test_ctrl_c_says_how_to_leave(desk: Desk) -> None:
    async with showing(desk, WIDE) as screen:
        await screen.sees("Subject 3")
        await screen.press("ctrl+c")
        await screen.sees("nothing is interrupted: q goes back, ^q leaves Tandem")
