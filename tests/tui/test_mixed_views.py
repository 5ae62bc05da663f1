"""Lists in which open and closed tickets stand together."""

from __future__ import annotations

from functools import partial

import pytest

from desk.actions.status import set_status
from desk.desk import Desk
from desk.ticket import Status, TicketNumber
from tests.tui.apps import NARROW, WIDE, Screen, showing
from tests.tui.filling import fill

pytestmark = pytest.mark.real_time


def is_read(screen: Screen, number: TicketNumber) -> bool:
    return screen.inbox.is_reading and screen.shown == number


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_the_key_line_names_what_acts_on_the_ticket_at_hand_where_open_and_closed_ones_are_mixed(
    desk: Desk, size: tuple[int, int]
) -> None:
    numbers = fill(desk, "Open", "Shut", "Shut too")
    for number in numbers[1:]:
        set_status(desk, number, Status.CLOSED)
    async with showing(desk, size) as screen:
        await screen.press("g", "a")
        await screen.sees("Shut too")
        for at, names in ((numbers[1], "E reopen"), (numbers[0], "e close+next"), (numbers[2], "E reopen")):
            screen.inbox.tickets.go_to(at)
            await screen.sees(names)
            await screen.press("enter")
            await screen.until(partial(is_read, screen, at))
            await screen.sees(names)
            await screen.press("q")
        await screen.press("x")
        await screen.sees("1 marked: E reopen")
        screen.inbox.tickets.go_to(numbers[0])
        await screen.press("x")
        await screen.sees("2 marked: e close")
