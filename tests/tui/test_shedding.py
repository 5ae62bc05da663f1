"""What a dialog painted goes with it, and a painted line keeps little."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections import Counter
from typing import cast

from rich.segment import Segment
from textual.cache import FIFOCache
from textual.strip import Strip

from desk.desk import Desk
from tests.desks import receive
from tests.tui.apps import Screen
from tests.tui.composing import inbox
from tui.shedding import spare_lines


def kept() -> Counter[str]:
    """How many objects of each kind there are, also of what is gone."""
    gc.collect()
    return Counter(type(each).__name__ for each in cast("list[object]", gc.get_objects()))


def caches_of(line: Strip) -> list[object]:
    return [each for each in cast("list[object]", gc.get_referents(line)) if isinstance(each, FIFOCache)]


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


def test_a_painted_line_has_only_the_caches_that_it_was_asked_for() -> None:
    spare_lines()
    line = Strip([Segment("Refund for order")])
    assert not caches_of(line)
    line.crop(0, 6)
    assert line.crop(0, 6) is line.crop(0, 6)
    assert 0 < len(caches_of(line)) < 7


def test_a_painted_line_that_is_gone_leaves_nothing_to_the_garbage_collector() -> None:
    spare_lines()
    gc.collect()
    gc.disable()
    try:
        line = Strip([Segment("Refund for order")])
        assert [each.text for each in line.divide([6, 16])] == ["Refund", " for order"]
        assert list(line.divide([16, 80])) == [line]
        del line
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_textual_makes_no_other_caches_for_a_painted_line_than_ours() -> None:
    code = """
from textual.cache import FIFOCache
from textual.strip import Strip
line = Strip([])
made = {name: getattr(line, name)._maxsize for name in Strip.__slots__ if isinstance(getattr(line, name), FIFOCache)}
from tui.shedding import _CACHES
assert made == _CACHES, made
"""
    subprocess.run([sys.executable, "-c", code], check=True)
