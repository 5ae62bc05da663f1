"""No keys, at whatever moment, end the screen or leave it deaf: bursts, sizes that change, a colleague at once.

TANDEM_SOAK=1 presses fifteen times as many, with other seeds too.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual import events
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size

from desk.actions.assign import assign
from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.desk import Desk
from desk.errors import TandemError
from desk.people import Handle
from desk.ticket import Status, TicketNumber
from tests.desks import acting_as, receive
from tests.journeys.key_places import desk_of_all, written
from tests.tui.apps import WIDE, Screen, showing
from tui.screens.help import HelpScreen
from tui.screens.inbox import InboxScreen

_IS_LONG = os.environ.get("TANDEM_SOAK") == "1"
_SEEDS, _KEYS = ((1, 2, 3, 4), 1500) if _IS_LONG else ((1,), 100)
_JOBS = (
    *(
        "j",
        "k",
        "G",
        "g g",
        "pagedown",
        "enter",
        "enter escape",
        "q",
        "x j x",
        "*",
        "escape",
        "g i",
        "g m",
        "g o",
        "g p",
    ),
    *(
        "g s",
        "g h",
        "g a",
        "g z",
        "g d",
        "e",
        "u",
        "U",
        "i",
        "s w",
        "s o",
        "p h",
        "S u",
        "t",
        "t x y space enter",
        "t b",
    ),
    *("m", "m enter", "m escape", "m pagedown", ", p", ", q", "m a s k enter 5 enter", "r", "a", "f", "n", "W", "c"),
    *(
        "r h i escape y",
        "r h i escape X X",
        "n h i escape y",
        "escape X X",
        "escape Y",
        "ctrl+t",
        "ctrl+t enter escape",
    ),
    *(
        "?",
        "? u n d o enter",
        "? escape",
        ":",
        ": c l o enter",
        ": b o enter",
        ": 2 enter",
        "b f enter",
        "b",
        "b escape",
    ),
    *(
        "= 2 enter",
        "= enter",
        "%",
        "% enter",
        "L 3 enter",
        "` j enter",
        "`",
        "P",
        "P k i m enter",
        "P ctrl+s",
        "v f",
        "v r",
    ),
    *(
        "/ r e enter",
        "/ r e escape",
        "/ enter",
        "H b o enter",
        "V",
        "J",
        "K",
        "left",
        "right",
        "tab",
        "shift+tab",
        "down",
    ),
    *("g s j enter", "g s y", "g o j x", "g o r", "g p d", "N", "N escape X X", "ctrl+c", "ctrl+r", "1", "ж", "f24"),
)
_SIZES = (*((12, 4), (20, 50), (39, 9), (40, 10), (80, 24)), *((100, 30), (120, 36), (160, 6), (160, 50)))
_GAPS = (0.0, 0.0, 0.005, 0.03)
_ACTS: tuple[Callable[[Desk, TicketNumber], object], ...] = (
    lambda desk, number: set_status(desk, number, Status.CLOSED),
    lambda desk, number: set_status(desk, number, Status.OPEN),
    lambda desk, number: assign(desk, number, Handle("bo")),
    lambda desk, number: add_note(desk, number, "Look at this, @ana"),
    lambda desk, number: tag(desk, number, ["refund"]),
    lambda desk, number: merge(desk, [number], TicketNumber(number % 4 + 1)),
    lambda desk, number: receive(desk, subject=f"Like {number}"),
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    made = desk_of_all(tmp_path / "desk")
    yield made
    made.store.close()


def resize(screen: Screen, size: Size) -> None:
    """Tell of another size without waiting until it is painted, as Pilot does."""
    driver = screen.app._driver  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - there is no public way
    assert isinstance(driver, HeadlessDriver)
    driver._size = size  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - likewise
    screen.app.post_message(events.Resize(size, size))


async def storm(screen: Screen, chance: random.Random) -> None:
    """A terminal that changes its size faster than anything is painted."""
    for _ in range(chance.randrange(1, 5)):
        resize(screen, Size(*chance.choice(_SIZES)))
        await asyncio.sleep(chance.choice(_GAPS))


def act(desk: Desk, chance: random.Random) -> None:
    """Something that a colleague does, where it can be done."""
    try:
        chance.choice(_ACTS)(acting_as(desk, "bo"), TicketNumber(chance.randrange(1, 7)))
    except TandemError:
        return


async def hammer(screen: Screen, chance: random.Random) -> int:
    """One to three things an agent does, with no time to look between; returns how many keys that took."""
    keys = [key for _ in range(chance.choice((1, 1, 2, 3))) for key in chance.choice(_JOBS).split()]
    gap = chance.choice(_GAPS)
    for key in keys:
        screen.send(key)
        await asyncio.sleep(gap)
    if chance.random() < 0.1:
        await storm(screen, chance)
    if chance.random() < 0.2:
        act(screen.app.desk, chance)
    await asyncio.sleep(chance.choice(_GAPS))
    return len(keys)


@pytest.mark.timeout(1800 if _IS_LONG else 300)
@pytest.mark.parametrize("seed", _SEEDS)
async def test_whatever_is_pressed_the_screen_goes_on_and_hears_the_next_key(desk: Desk, seed: int) -> None:
    chance, pressed = random.Random(seed), 0
    async with showing(desk, WIDE) as screen:
        while pressed < _KEYS:
            pressed += await hammer(screen, chance)
            assert screen.app.broken is None
        resize(screen, Size(*WIDE))
        await screen.pilot.pause()
        while not isinstance(screen.app.screen, InboxScreen):
            await screen.app.pop_screen()
        await asyncio.sleep(0.6)  # what was taken for a paste has an end
        await screen.press("escape", "escape", "escape", "escape", "?")
        await screen.until(lambda: isinstance(screen.app.screen, HelpScreen))
        await written(screen)
        assert screen.app.broken is None
