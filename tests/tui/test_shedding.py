"""What a dialog painted goes with it."""

from __future__ import annotations

import gc
from collections import Counter
from typing import cast

from desk.desk import Desk
from tests.desks import receive
from tests.tui.apps import Screen
from tests.tui.composing import inbox


def kept() -> Counter[str]:
    """How many objects of each kind there are, also of what is gone."""
    gc.collect()
    return Counter(type(each).__name__ for each in cast("list[object]", gc.get_objects()))


async def look_at_help(screen: Screen, times: int) -> None:
    for _ in range(times):
        await screen.press("?")
        await screen.sees("in the list")
        await screen.press("escape")
        await screen.misses("in the list")


async def test_of_dialogs_that_were_left_only_the_last_is_still_kept(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await look_at_help(screen, 2)
        before = kept()
        await look_at_help(screen, 6)
        grown = kept() - before
    assert before["StylesCache"] > 0
    assert grown["HelpScreen"] <= 1
    assert grown["StylesCache"] < 6
    assert grown["Strip"] < 100
