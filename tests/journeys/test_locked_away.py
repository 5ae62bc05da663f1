"""A desk that others keep locked while the terminal goes or the program is killed: what was written is there."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from desk.ticket import Status, TicketNumber
from tests.desks import receive
from tests.journeys.locks import HOLDERS, kept_locked
from tests.journeys.wire import PATIENCE, Wire, wire
from tests.tui.apps import open_desk
from tui.terminal.ending import LAST_RESORT

_TEXT = "Dear Dana, it is on its way"


def in_files(folder: Path) -> list[tuple[str, int, int]]:
    """The texts in files, each with the modes of its file and of the folder of that."""
    found = list[tuple[str, int, int]]()
    for each in (folder / "state/tandem/drafts").glob("tandem-*/*.txt"):
        with suppress(FileNotFoundError):  # it is removed just now
            found.append((each.read_text("utf-8"), mode(each), mode(each.parent)))
    return found


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def wait_for_files(folder: Path, screen: Wire, *texts: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while in_files(folder) != [(each, 0o600, 0o700) for each in texts]:
        assert time.monotonic() < deadline, in_files(folder)
        screen.settle()


@pytest.mark.parametrize("holder", list(HOLDERS.values()), ids=[each.replace(" ", "-") for each in HOLDERS])
def test_what_is_typed_while_the_desk_is_locked_outlives_kill_9(tmp_path: Path, holder: str) -> None:
    with open_desk(tmp_path) as desk:
        receive(desk)
    with wire(tmp_path) as screen, kept_locked(tmp_path, holder):
        screen.wait_for("Refund for order", "help")
        screen.press(b"r")
        screen.wait_for("Esc review")
        screen.press(_TEXT.encode())
        wait_for_files(tmp_path, screen, _TEXT)
        screen.press(b", today")
        wait_for_files(tmp_path, screen, f"{_TEXT}, today")
        os.kill(screen.process, signal.SIGKILL)
        screen.ended()
    with wire(tmp_path) as screen:
        screen.wait_for("1 text was never saved: g e offers it")
        screen.press(b"ge")
        screen.wait_for("Tandem ended before a text was saved", f"{_TEXT}, today")


def test_a_text_that_the_desk_has_taken_after_all_is_not_offered(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        receive(desk)
    with wire(tmp_path) as screen:
        with kept_locked(tmp_path):
            screen.wait_for("Refund for order", "help")
            screen.press(b"r")
            screen.wait_for("Esc review")
            screen.press(_TEXT.encode())
            wait_for_files(tmp_path, screen, _TEXT)
        wait_for_files(tmp_path, screen)
        os.kill(screen.process, signal.SIGKILL)
        screen.ended()
    assert not [*(tmp_path / "state/tandem/drafts").iterdir()]
    with open_desk(tmp_path) as desk:
        assert [each.text for each in desk.store.drafts.of(TicketNumber(1))] == [_TEXT]


def test_what_was_done_while_the_desk_is_locked_is_written_though_the_terminal_is_closed(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        first, second = receive(desk, subject="Subject one"), receive(desk, subject="Subject two")
    with wire(tmp_path) as screen:
        with kept_locked(tmp_path):
            screen.wait_for("Subject one", "Subject two", "help")
            screen.press(b"e")
            screen.wait_for("closed")
            screen.press(b"e")
            screen.hang_up()
            with pytest.raises(AssertionError, match="does not end"):
                screen.ended(patience=LAST_RESORT + 10.0)
            with open_desk(tmp_path) as desk:  # which another start is not kept from
                assert desk.ticket(first.number).status is Status.OPEN
        assert screen.ended() == 0
    with open_desk(tmp_path) as desk:
        assert {desk.ticket(each.number).status for each in (first, second)} == {Status.CLOSED}
        assert desk.store.presences.all(desk.clock()) == []
