"""What the clock does to the screen: time goes on for all rows at once, and a clock that jumps harms nothing."""

from __future__ import annotations

from desk.actions.tag import tag
from desk.desk import Desk
from tests.desks import SetClock, acting_as
from tests.tui.composing import inbox
from tests.tui.filling import several


async def test_rows_that_were_painted_at_different_times_tell_the_same_age(desk: Desk, clock: SetClock) -> None:
    clock.go_on(seconds=5)
    one, _ = several(desk, 2)
    clock.go_on(seconds=57)
    async with inbox(desk) as screen:
        await screen.until(lambda: screen.text.count(" 57s ") == len((1, 2)))
        clock.go_on(seconds=30)
        tag(acting_as(desk, "bo"), one, ["refund"])
        await screen.until(lambda: screen.text.count(" 1m ") == len((1, 2)))
        assert "57s" not in screen.text
