from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from desk.desk import Desk
from desk.errors import MailUnreachable
from tests.desks import receive
from tests.tui.apps import NARROW, WIDE, open_desk, showing


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as desk:
        yield desk


class Mailbox:
    """A mailbox in which mail can be put, and which can be away."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.waiting: list[str] = []
        self.is_away = False
        self.asked, self.idle, self.deliveries = 0, Event(), 0

    def deliver(self) -> None:
        self.deliveries += 1

    def fetch(self, stop: Callable[[], bool], tell: Callable[[str], None]) -> int:
        self.asked += 1
        if self.is_away:
            raise MailUnreachable("IMAP: connection refused by mail.acme.example:993 \x1b]0;x\x07")
        if not self.waiting:
            tell("waiting for mail")
            self.idle.set()
            while not stop():
                time.sleep(0.01)
        count = len(self.waiting)
        while self.waiting:
            receive(self.desk, subject=self.waiting.pop())
        return count


async def test_new_mail_appears_by_itself_and_the_status_line_says_so(desk: Desk) -> None:
    mailbox = Mailbox(desk)
    mailbox.waiting = ["Printer broken", "Second matter"]
    async with showing(desk, background=mailbox) as screen:
        await screen.sees("Printer broken", "Second matter", "waiting for mail")
        await screen.until(lambda: mailbox.deliveries > 0)


async def test_ctrl_r_ends_the_wait_and_looks_at_once(desk: Desk) -> None:
    mailbox = Mailbox(desk)
    async with showing(desk, background=mailbox) as screen:
        await screen.until(mailbox.idle.is_set)
        mailbox.waiting = ["Printer broken"]
        await screen.press("ctrl+r")
        await screen.sees("Printer broken")


async def test_a_mail_server_that_is_away_is_told_in_words_with_the_next_try(desk: Desk) -> None:
    mailbox = Mailbox(desk)
    mailbox.is_away = True
    begun = desk.clock()
    async with showing(desk, (140, 40), background=mailbox) as screen:
        await screen.sees("connection refused by mail.acme.example:993", "next try at", "ctrl+r now")
        tries = {f"next try at {(begun + timedelta(seconds=2 + late)).astimezone():%H:%M:%S}" for late in range(5)}
        assert any(each in screen.text for each in tries)
        asked = mailbox.asked
        mailbox.is_away = False
        await screen.press("ctrl+r")
        await screen.until(lambda: mailbox.asked > asked)
        await screen.sees("waiting for mail")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_mail_server_that_is_away_does_not_hide_how_to_take_an_act_back(
    desk: Desk, size: tuple[int, int]
) -> None:
    receive(desk, subject="Printer broken")
    mailbox = Mailbox(desk)
    mailbox.is_away = True
    async with showing(desk, size, background=mailbox) as screen:
        await screen.sees("Printer broken", "connection refused")
        await screen.press("e")
        await screen.sees("1: closed, u takes it back")


async def test_leaving_does_not_wait_for_a_mailbox_that_waits(desk: Desk) -> None:
    mailbox = Mailbox(desk)
    async with showing(desk, background=mailbox) as screen:
        await screen.until(mailbox.idle.is_set)
        left = time.monotonic()
    assert time.monotonic() - left < 1.5


async def test_without_a_mailbox_ctrl_r_says_so(desk: Desk) -> None:
    async with showing(desk) as screen:
        await screen.press("ctrl+r")
        await screen.sees("no mailbox is connected")
