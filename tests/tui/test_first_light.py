from __future__ import annotations

import re

import pytest

from desk.desk import Desk
from desk.people import Address
from tests.desks import SetClock, receive
from tests.tui.apps import showing
from tui.lists.listing import read_first
from tui.terminal.first_light import first_rows

_PLACE = re.compile(r"\x1b\[(\d+)H")
_STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 50)], ids=["small", "middle", "large"])
async def test_the_rows_before_the_screen_are_those_that_it_shows(
    desk: Desk, clock: SetClock, size: tuple[int, int]
) -> None:
    for subject in ("Refund please", "注文について", "Ça va? ⚠️ ❤️", "שלום \u202e gnirts"):
        receive(desk, subject=subject, sender=Address("ann@corp.example", subject[::-1]), received=clock())
        clock.go_on(minutes=90)
    listing = read_first(desk)
    assert listing is not None
    rows = first_rows(desk, listing, size)
    assert len(rows) == 4
    async with showing(desk, size) as screen:
        await screen.sees("Refund please")
        lines = screen.text.splitlines()
    for each in rows:
        place = _PLACE.match(each)
        assert place is not None
        text = _STYLE.sub("", each[place.end() :])
        assert lines[int(place[1]) - 1].startswith(text.rstrip())


def test_nothing_is_painted_before_a_screen_that_has_no_room(desk: Desk) -> None:
    receive(desk, subject="Refund please")
    listing = read_first(desk)
    assert listing is not None
    assert not first_rows(desk, listing, (39, 24))


def test_an_empty_inbox_has_no_rows_before_the_screen(desk: Desk) -> None:
    listing = read_first(desk)
    assert listing is not None
    assert not first_rows(desk, listing, (80, 24))
