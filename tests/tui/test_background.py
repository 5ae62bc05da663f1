from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Semaphore

import pytest

from desk.actions.reply import reply
from desk.desk import Desk
from desk.outgoing import Answer, OutboxState
from desk.standing import Standing
from desk.ticket import TicketNumber
from tandem.counts import Counts
from tandem.folder import Progress
from tests.desks import receive
from tests.tui.apps import NARROW, WIDE, showing
from tests.tui.mailboxes import Mailbox

pytestmark = pytest.mark.real_time


async def test_new_mail_appears_by_itself_and_the_status_line_says_so(desk: Desk) -> None:
    mailbox = Mailbox(desk)
    mailbox.waiting = ["Printer broken", "Second matter"]
    async with showing(desk, background=mailbox) as screen:
        await screen.sees("Printer broken", "Second matter", "waiting for mail")
        await screen.until(lambda: mailbox.deliveries > 0)


class LargeMailbox(Mailbox):
    """A mailbox whose mails come in one by one, each when it is let."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lets = Semaphore(0)

    def _follow(self, tell: Callable[[Standing], None]) -> None:
        progress = Progress(Counts(), lambda fetching: tell(Standing("support", fetching.in_words)), clock=self._clock)
        progress.begin(1300)
        while self.lets.acquire() and not self._stopped.is_set():
            receive(self.desk, subject="Printer broken")
            self.asked += 1
            progress.note_done(1)

    def stop(self) -> None:
        super().stop()
        self.lets.release()

    def _clock(self) -> float:
        """Each mail takes 6 s."""
        return 6.0 * self.asked


async def test_the_first_fetching_tells_how_far_it_is_and_its_first_ticket_can_be_worked_on(desk: Desk) -> None:
    mailbox = LargeMailbox(desk)
    async with showing(desk, background=mailbox) as screen:
        await screen.sees("fetching 0 of 1,300")
        mailbox.lets.release()
        await screen.sees("Printer broken", "fetching 1 of 1,300, about 2 h 10 min left")
        await screen.press("i")
        await screen.until(lambda: desk.ticket(TicketNumber(1)).assignee == "ana")
        mailbox.lets.release()
        await screen.sees("Printer broken", "fetching 2 of 1,300")


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
    async with showing(desk, (140, 40), background=mailbox) as screen:
        await screen.sees("connection refused by mail.acme.example:993", ", next try in 35 s (^r now)")
        asked = mailbox.asked
        mailbox.is_away = False
        await screen.press("ctrl+r")
        await screen.until(lambda: mailbox.asked > asked)
        await screen.sees("waiting for mail")


async def test_a_server_that_takes_no_mail_is_told_until_it_does_and_tried_at_once_on_a_key(desk: Desk) -> None:
    why = "SMTP: mail.acme.example:465: Connection refused"
    mail = reply(desk, receive(desk).number, Answer(text="On its way."))
    mail = replace(mail, state=OutboxState.DEFERRED, last_error=why, server_wide=True)
    desk.store.outbox.put(replace(mail, due=desk.clock() + timedelta(minutes=5)))
    async with showing(desk, (140, 40), background=Mailbox(desk)) as screen:
        await screen.sees(f"{why} · 1 mail waits, next try in 5 min (^r now)")
        await screen.press("ctrl+r")
        await screen.until(lambda: desk.store.outbox.all()[0].due <= desk.clock())
        desk.store.outbox.put(replace(mail, state=OutboxState.SENT, sent_at=desk.clock()))
        await screen.misses(why)


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
    assert time.monotonic() - left < 10


async def test_without_a_mailbox_ctrl_r_says_so(desk: Desk) -> None:
    async with showing(desk) as screen:
        await screen.press("ctrl+r")
        await screen.sees("no mailbox is connected")
