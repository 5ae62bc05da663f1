"""What keys do stands on the screen at once, written or not; and no key ever acts on another ticket than was meant."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from desk.actions.assign import assign
from desk.actions.status import set_status
from desk.conversation import Note
from desk.desk import Desk
from desk.people import Handle
from desk.ticket import Priority, Status
from tests.desks import acting_as
from tests.tui.apps import NARROW, WIDE, Screen
from tests.tui.composing import ended, inbox, write
from tests.tui.filling import several
from tests.tui.held_up import slow_writes
from tui.screens.compose import ComposeScreen

_HOLDER = """
import sys
from pathlib import Path
from storage.shared import open_shared
store = open_shared(Path(sys.argv[1]))
with store.transaction():
    print("held", flush=True)
    sys.stdin.read()
store.close()
"""


_FOREIGN = """
import sqlite3
import sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("there", flush=True)
sys.stdin.read()
"""
_COLLEAGUE = """
import sys
from pathlib import Path
from storage.shared import open_shared
store = open_shared(Path(sys.argv[1]))
print("there", flush=True)
with store.transaction():
    sys.stdin.read()
store.close()
"""


@contextmanager
def keeping(program: str, file: Path) -> Generator[subprocess.Popen[bytes]]:
    """Another process does something with the desk for as long as this lasts."""
    with subprocess.Popen(
        [sys.executable, "-c", program, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline()
        yield process
        process.communicate()


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """Another process writes for as long as this lasts."""
    with keeping(_HOLDER, folder / "desk.db"):
        yield


@contextmanager
def slow_opening(screen: Screen) -> Generator[None]:
    """No ticket is there to be shown for as long as this lasts."""
    gate = Event()
    screen.app.fetch("wait", lambda _: gate.wait(60.0), lambda _: None, lambda: None)
    try:
        yield
    finally:
        gate.set()


def line_of(screen: Screen, subject: str) -> str:
    return next((each for each in screen.text.splitlines() if subject in each), "")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_while_another_process_writes_keys_show_at_once_and_are_written_in_order_later(
    desk: Desk, tmp_path: Path, size: tuple[int, int]
) -> None:
    first, second, third, *_ = several(desk, 4)
    async with inbox(desk, size=size) as screen:
        await screen.sees("Subject 3")
        with locked(tmp_path / "desk"):
            await screen.press("e", "p", "u", "a", "m", "j", "s", "w")
            assert {first, third}.isdisjoint(screen.inbox.tickets.numbers)
            assert not line_of(screen, "Subject 0")
            assert "ana" in line_of(screen, "Subject 1")
            assert [desk.ticket(each).status for each in (first, third)] == [Status.OPEN, Status.OPEN]
            await screen.sees("waits for process ", " s by now")
        await screen.until(lambda: desk.ticket(third).status is Status.WAITING)
        assert desk.ticket(first).status is Status.CLOSED
        assert (desk.ticket(second).priority, desk.ticket(second).assignee) == (Priority.URGENT, "ana")
        await screen.press("u")
        await screen.sees("Subject 2")


async def test_another_program_that_keeps_the_store_is_named_and_no_colleague_who_waits_for_it_too(
    desk: Desk, tmp_path: Path
) -> None:
    (number,) = several(desk, 1)
    file = tmp_path / "desk" / "desk.db"
    async with inbox(desk) as screen:
        await screen.sees("Subject 0")
        with keeping(_FOREIGN, file) as other, keeping(_COLLEAGUE, file) as colleague:
            await screen.press("p", "u")
            await screen.sees(f"waits for another program, process {other.pid} of ", " s by now")
            assert str(colleague.pid) not in screen.text
            other.communicate()  # the colleague, who waits for it, is not to be waited for before it has ended
        await screen.until(lambda: desk.ticket(number).priority is Priority.URGENT)


async def test_the_next_ticket_comes_up_under_the_cursor_in_the_same_moment(desk: Desk) -> None:
    numbers = several(desk, 4)
    async with inbox(desk) as screen:
        await screen.press("j")
        row = screen.text.splitlines().index(line_of(screen, "Subject 1"))
        with slow_writes(screen):
            await screen.press("e")
            assert screen.cursor == numbers[2]
            assert screen.text.splitlines().index(line_of(screen, "Subject 2")) == row
        await screen.sees("closed, u takes it back")
        assert screen.text.splitlines().index(line_of(screen, "Subject 2")) == row


async def test_what_the_desk_refuses_comes_back_as_it_was_and_the_cursor_stays(desk: Desk) -> None:
    numbers = several(desk, 3)
    async with inbox(desk) as screen:
        await screen.press("g", "!")
        for number in numbers:
            set_status(acting_as(desk, "bo"), number, Status.SPAM)
        await screen.sees("Subject 0", "Subject 2")
        await screen.press("b", "f", "enter")
        await screen.sees("is spam")
        await screen.sees("Subject 0", "Subject 1", "Subject 2")


async def test_what_could_not_be_written_stays_told_while_what_was_asked_next_waits_too(desk: Desk) -> None:
    several(desk, 1)
    async with inbox(desk) as screen:
        screen.app.say("assign 1: the desk is busy", "error")
        screen.app.say_slow("close 1", 0.0, "")
        assert screen.app.said.text == "assign 1: the desk is busy"
        screen.app.fall_silent()
        screen.app.say_slow("close 1", 0.0, "")
        await screen.sees("close 1: another write is taking long")


async def test_of_what_keys_did_right_behind_a_refusal_the_last_is_told_however_many_they_are(desk: Desk) -> None:
    several(desk, 1)
    async with inbox(desk) as screen:
        screen.app.say("1 is bo's by now", "error")
        for words in ("2: +refund", "2: priority high", "3: closed"):
            screen.app.say_done(words, "info", since=0.0)
        assert screen.app.said.text == "1 is bo's by now · 3: closed"


async def test_an_agent_who_is_gone_by_then_gets_nothing_and_the_tickets_come_back(desk: Desk) -> None:
    numbers = several(desk, 3)
    async with inbox(desk) as screen:
        await screen.press("g", "n")
        await screen.sees("Subject 2")
        with slow_writes(screen):
            await screen.press("a", "p")
            assert not line_of(screen, "Subject 0")
            assert screen.cursor == numbers[1]
            desk.store.agents.remove(Handle("bo"))
        await screen.sees("there is no agent", "Subject 0")
        assert screen.cursor == numbers[1]
        assert "bo" not in line_of(screen, "Subject 0")


async def test_two_keys_in_a_row_and_a_colleague_between_them(desk: Desk) -> None:
    (number,) = several(desk, 1)
    async with inbox(desk) as screen:
        await screen.press("g", "a")
        await screen.sees("Subject 0")
        with slow_writes(screen):
            await screen.press("a", "m", "s", "w")
            assert "ana" in line_of(screen, "waiting Subject 0")
            assign(acting_as(desk, "bo"), number, Handle("bo"))
            await screen.until(lambda: "bo" in line_of(screen, "waiting Subject 0"))
        await screen.sees(f"bo has just taken {number} (again takes it from bo) · {number}: waiting")
    assert (desk.ticket(number).status, desk.ticket(number).assignee) == (Status.WAITING, "bo")


async def test_the_heading_of_a_ticket_that_is_read_says_at_once_what_it_becomes(desk: Desk) -> None:
    several(desk, 1)
    async with inbox(desk) as screen:
        await screen.press("enter", "W")
        await screen.press("a", "m")
        await screen.sees("ana", "Subject 0")
        with slow_writes(screen):
            await screen.press("s", "w")
            assert "waiting" in screen.text
            await screen.press("s", "o")
            assert "waiting for" not in screen.text


async def test_keys_for_a_ticket_that_is_being_opened_wait_for_it(desk: Desk) -> None:
    numbers = several(desk, 3)
    async with inbox(desk) as screen:
        await screen.press("j")
        with slow_opening(screen):
            await screen.press("enter", "n")
            assert screen.app.screen is screen.inbox
            assert not screen.inbox.is_reading
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        write(screen, "For the second.")
        await screen.press("escape", "y")
        await ended(screen)
    notes = {each: [e for e in desk.store.conversations.of(each) if isinstance(e, Note)] for each in numbers}
    assert [len(notes[each]) for each in numbers] == [0, 1, 0]


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_on_to_the_next_ticket_and_closed_before_it_is_there_closes_that_one(
    desk: Desk, size: tuple[int, int]
) -> None:
    numbers = several(desk, 4)
    async with inbox(desk, size=size) as screen:
        await screen.press("enter")
        await screen.until(lambda: screen.inbox.is_reading)
        with slow_opening(screen):
            await screen.press("J", "e")
            showing = screen.inbox.reader.current
            assert showing is not None
            assert showing.ticket.number == numbers[0]
        await screen.until(lambda: desk.ticket(numbers[1]).status is Status.CLOSED)
        await screen.until(lambda: (now := screen.inbox.reader.current) is not None and now.ticket.number == numbers[2])
    assert [desk.ticket(each).status for each in (numbers[0], *numbers[2:])] == [Status.OPEN] * 3


async def test_beside_the_list_the_old_ticket_stays_until_the_new_one_is_there(desk: Desk) -> None:
    numbers = several(desk, 3)
    async with inbox(desk, size=WIDE) as screen:
        reader = screen.inbox.reader
        await screen.until(lambda: reader.current is not None)
        with slow_opening(screen):
            await screen.press("j", "p", "u")
            assert reader.current is not None
            assert reader.current.ticket.number == numbers[0]
            assert reader.current.ticket.priority is Priority.NORMAL
        await screen.until(lambda: reader.current is not None and reader.current.ticket.number == numbers[1])
        await screen.until(lambda: desk.ticket(numbers[1]).priority is Priority.URGENT)
    assert desk.ticket(numbers[0]).priority is Priority.NORMAL
