from __future__ import annotations

import time
from pathlib import Path

import pytest

from desk.actions.attend import attend
from desk.desk import Desk
from desk.presence import Doing
from tests.desks import acting_as, receive
from tests.tui.apps import WIDE, Screen, open_desk, showing
from tests.tui.filling import fill

pytestmark = pytest.mark.real_time


async def seen_after(screen: Screen, other: Desk, subject: str) -> float:
    """Seconds until a screen shows a ticket that came in elsewhere."""
    receive(other, subject=subject)
    committed = time.monotonic()
    await screen.sees(subject)
    return time.monotonic() - committed


async def test_a_colleague_on_the_same_store_is_seen_within_a_second(desk: Desk, tmp_path: Path) -> None:
    (number,) = fill(desk, "Printer broken")
    with open_desk(tmp_path / "desk", "bo") as other:
        async with showing(desk, WIDE) as ana, showing(other, WIDE) as bo:
            await ana.sees("Printer broken")
            await bo.sees("Printer broken")
            await bo.press("enter")
            await ana.sees("bo reads 1")
            await bo.press("i")
            await ana.until(lambda: desk.ticket(number).assignee == "bo")
            await ana.sees("bo took it")
            await bo.press("e")
            await ana.sees("Nothing is open")
            assert min([await seen_after(ana, other, f"Another {at}") for at in range(3)]) < 1.0


async def test_who_is_answering_stands_in_the_list_and_in_the_top_line(desk: Desk) -> None:
    (number,) = fill(desk, "Printer broken")
    bo = acting_as(desk, "bo")
    async with showing(desk, WIDE) as screen:
        await screen.sees("Printer broken")
        attend(bo, number, Doing.ANSWERING)
        await screen.sees("bo is answering 1", "✎bo -")


async def test_leaving_takes_the_presence_away(desk: Desk) -> None:
    fill(desk, "Printer broken")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.press("enter")
        await screen.until(lambda: bool(desk.store.presences.all(desk.clock())))
    assert desk.store.presences.all(desk.clock()) == []
