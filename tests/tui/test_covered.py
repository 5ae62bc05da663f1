"""While a box is open, the last line names none of the keys that would act without it."""

from __future__ import annotations

import pytest

from desk.desk import Desk
from tests.desks import receive
from tests.tui.apps import Screen, showing
from tests.tui.composing import answering

pytestmark = pytest.mark.real_time


def last_line(screen: Screen) -> str:
    return screen.text.split("\n")[-1].strip()


def is_covered(screen: Screen) -> bool:
    """Whether nothing stands on the last line, or the keys of a box that is as high as the screen."""
    return not last_line(screen) or last_line(screen).endswith("Esc leaves")


@pytest.mark.parametrize("key", ["b", "t", "?", ":", "P", "="])
async def test_the_last_line_is_empty_below_a_box_and_tells_its_keys_again_after_that(desk: Desk, key: str) -> None:
    receive(desk, subject="First matter")
    receive(desk, subject="Second matter")
    async with showing(desk) as screen:
        await screen.sees("Second matter", "? help")
        before = last_line(screen)
        await screen.press(key)
        await screen.sees("Esc leaves")
        await screen.until(lambda: is_covered(screen))
        await screen.press("escape")
        await screen.at_the_list()
        await screen.until(lambda: last_line(screen) == before)


@pytest.mark.parametrize(("before", "key", "told"), [((), "f1", "F1 help"), (("escape",), "c", "send+close")])
async def test_neither_a_text_nor_its_review_tells_keys_below_a_box(
    desk: Desk, before: tuple[str, ...], key: str, told: str
) -> None:
    receive(desk)
    async with answering(desk) as screen:
        await screen.press(*before)
        await screen.sees(told)
        shown = last_line(screen)
        await screen.press(key)
        await screen.misses(told)
        assert is_covered(screen)
        await screen.press("escape")
        await screen.until(lambda: last_line(screen) == shown)
