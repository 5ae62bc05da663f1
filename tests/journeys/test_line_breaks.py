"""A terminal that goes, told or untold, at any moment: what was done and what was written is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desk.desk import Desk
from desk.ticket import Status, TicketNumber
from tests.desks import receive
from tests.journeys.wire import wire
from tests.tui.apps import open_desk

_ONE = TicketNumber(1)
_TEXT = "Dear Dana, it is on its way"


def _is_draft(desk: Desk) -> bool:
    return [each.text.startswith(_TEXT) for each in desk.store.drafts.of(_ONE)] == [True]


def _is_queued(desk: Desk) -> bool:
    return [each.ticket for each in desk.store.outbox.all()] == [_ONE]


def _is_all_closed(desk: Desk) -> bool:
    return all(desk.ticket(TicketNumber(number)).status is Status.CLOSED for number in range(1, 31))


_WRITING = (b"r", "Esc review", _TEXT.encode(), "on its way")
MOMENTS: dict[str, tuple[tuple[bytes | str, ...], Callable[[Desk], bool]]] = {
    "writing": (_WRITING, _is_draft),
    "reviewing": ((*_WRITING, b"\x1b", "y send"), _is_draft),
    "sending": ((*_WRITING, b"\x1b", "y send", b"y"), _is_queued),
    "closing thirty": ((b"*", "30 marked", b"e"), _is_all_closed),
}
"""Keys that are typed and words that are waited for in turn, and what is so afterwards."""


@pytest.mark.parametrize("is_told", [True, False], ids=["told", "untold"])
@pytest.mark.parametrize("moment", list(MOMENTS), ids=[each.replace(" ", "-") for each in MOMENTS])
def test_nothing_is_lost_when_the_terminal_goes(tmp_path: Path, moment: str, *, is_told: bool) -> None:
    with open_desk(tmp_path) as desk, desk.store.transaction():
        for at in range(30):
            receive(desk, subject=f"Subject {at}", text=f"{at:b} matters")
    steps, holds = MOMENTS[moment]
    with wire(tmp_path, is_controlled=is_told) as screen:
        screen.wait_for("Subject 0", "help")
        screen.settle()
        for step in steps:
            if isinstance(step, bytes):
                screen.press(step)
            else:
                screen.wait_for(step)
        screen.hang_up()
        screen.ended()
    with open_desk(tmp_path) as desk:
        assert holds(desk)
