"""What the clock does to the screen: time goes on for all rows at once, and a clock that jumps harms nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.attend import attend
from desk.actions.snooze import snooze
from desk.actions.tag import tag
from desk.desk import Desk
from desk.outgoing import OutboxState
from desk.presence import Doing
from desk.ticket import Status
from tests.desk.posting import RecordingSender, run
from tests.desks import SetClock, acting_as
from tests.tui.composing import begun, ended, inbox, outbox, write
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


@pytest.mark.parametrize("hours", [-8760, -1, 1, 8760], ids=["a year back", "an hour back", "an hour on", "a year on"])
async def test_a_clock_that_jumps_lets_nothing_hang_leave_twice_or_vanish(
    desk: Desk, clock: SetClock, hours: int
) -> None:
    numbers, server = several(desk, 3), RecordingSender()
    bo = replace(acting_as(desk, "bo"), screen="killed")
    attend(bo, numbers[2], Doing.ANSWERING)
    snooze(desk, numbers[1], clock.now.replace(year=2030))
    async with inbox(desk) as screen:
        await screen.sees("bo")
        await begun(screen, "r")
        write(screen, "Hello")
        await screen.press("escape", "y")
        await ended(screen)
        await screen.sees("leaves in")
        clock.go_on(hours=hours)
        await screen.sees("leaves now")
        for _ in range(3):
            run(desk, server)
            clock.go_on(seconds=1)
        assert len(server.sent) == 1
        assert [each.state for each in outbox(desk)] == [OutboxState.SENT]
        await screen.until(lambda: "bo" not in {each.agent for each in desk.store.presences.all(desk.clock())})
        await screen.press("g", "z")
        await screen.sees("Subject 1")
        await screen.press("g", "i")
        await screen.sees("Subject 2")
        await screen.press("e")
        await screen.until(lambda: desk.ticket(numbers[2]).status is Status.CLOSED)
