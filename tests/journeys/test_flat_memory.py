"""The screen keeps no more of a long day than of a short one: random keys while mail comes in and colleagues work.

TANDEM_SOAK=1 makes it a thousand actions and eight hours, a mail each minute.
"""

from __future__ import annotations

import gc
import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from desk.actions.status import set_status
from desk.desk import Desk
from desk.people import Address
from desk.ticket import Status, TicketNumber
from tests.desks import SetClock, acting_as, make_desk, receive
from tests.journeys.key_places import written
from tests.tui.apps import WIDE, Screen, showing
from tui.screens.inbox import InboxScreen

_IS_LONG = os.environ.get("TANDEM_SOAK") == "1"
_ROUNDS = 500 if _IS_LONG else 20
"""Actions in each half; the first half fills what is kept on purpose."""
_OPEN = 40
_OURS = ("tui.", "desk.", "textual.", "macros.", "storage.", "rich.")
_BOUNDED = (
    *("textual.cache.FIFOCache", "textual.strip.Strip", "rich.segment.Segment", "rich.style.Style"),
    *("textual.style.Style", "textual.color.Color", "textual.geometry.Region", "textual.geometry.Spacing"),
    *("textual.css.model.RuleSet", "textual.css.model.Selector", "textual.css.model.SelectorSet"),
    *("desk.ticket.Ticket", "desk.people.Address"),
)
_MOST = 60_000
"""What is painted, what was read of style sheets, and the tickets around the cursor, are kept for the next time: never
more than so much of it."""
_GROWTH = 1.15
_JOBS = (
    *("j", "k", "ctrl+d", "ctrl+u", "G", "g g", "enter", "q", "x", "*", "escape", "g i", "g m", "g w", "g i"),
    *("e", "u", "U", "i", "s w", "s o", "p h", "u", "t escape", "m escape", "? escape", ": escape", "b escape"),
    *("r escape X X", "n escape X X", "w", "w escape", "/ r e escape", "o", "T", "z a"),
    *("g h q", "g o q", "g p q", "g s q", "v f q", "v l q", "v r q", "v h", "= escape", "% escape", "L escape"),
    *("P escape", "N escape X X", "c escape", "b f enter", "b escape", "` j enter", "` `", "+", "_", "S u", "S w"),
    *(": c l o escape", "? u n d o escape", "J", "K", "V escape", "* escape", "W", "u", "u"),
)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    desk = make_desk(tmp_path, clock=clock, agents=("ana", "bo"))
    yield desk
    desk.store.close()


def census() -> Counter[str]:
    """How many objects there are of each kind that a screen is made of."""
    gc.collect()
    kinds = (f"{type(each).__module__}.{type(each).__qualname__}" for each in cast("list[object]", gc.get_objects()))
    return Counter(each for each in kinds if each.startswith(_OURS))


def live(desk: Desk, clock: SetClock, chance: random.Random, at: int) -> None:
    """Another minute: a mail comes in, and a colleague closes an old one."""
    clock.go_on(minutes=1)
    sender = Address(f"c{at}@corp.example", f"Customer {at}")
    number = receive(desk, subject=f"Subject {chance.getrandbits(64):x}", sender=sender, received=clock()).number
    if number > _OPEN:
        set_status(acting_as(desk, "bo"), TicketNumber(number - _OPEN), Status.CLOSED)


async def work(screen: Screen, clock: SetClock, chance: random.Random, rounds: range) -> None:
    """Press keys; at the end the same short screen is the last that was left: that one is kept until the next is."""
    for at in rounds:
        live(screen.app.desk, clock, chance, at)
        await screen.press(*chance.choice(_JOBS).split(" "))
    while not isinstance(screen.app.screen, InboxScreen):
        await screen.app.pop_screen()
    await screen.press("escape", "escape", "escape", "escape")
    live(screen.app.desk, clock, chance, rounds.stop)
    await screen.press("?", "escape")
    await screen.at_the_list()
    await written(screen)


@pytest.mark.timeout(7200 if _IS_LONG else 600)
async def test_a_long_day_takes_no_more_memory_than_a_short_one(desk: Desk, clock: SetClock) -> None:
    chance = random.Random(11)
    for at in range(_OPEN):
        live(desk, clock, chance, -at)
    begun = census()  # other tests of this process have left theirs
    async with showing(desk, WIDE) as screen:
        await work(screen, clock, chance, range(_ROUNDS))
        before = census()
        await work(screen, clock, chance, range(_ROUNDS, 2 * _ROUNDS))
        assert screen.app.broken is None
        after = census()
    assert sum(after[kind] - begun[kind] for kind in _BOUNDED) < _MOST
    for kind in _BOUNDED:
        del before[kind], after[kind]
    grown = {kind: (before[kind], count) for kind, count in after.items() if count > before[kind] * 1.5 + 100}
    assert not grown
    assert after.total() < before.total() * _GROWTH
