from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from desk.actions.reply import reply
from desk.desk import Desk
from desk.outgoing import (
    Answer,
    Evidence,
    OutboxState,
    RecipientAnswer,
    SendingAccount,
    Try,
    Verdict,
)
from desk.people import Address
from tests.desks import DANA, receive
from tests.tui.apps import NARROW, WIDE, showing
from tests.tui.mailed import BOSS, mailed
from tui.lists.outbox_rows import about_mail, told
from tui.screens.compose import ComposeScreen
from tui.words.mail_story import can, history
from tui.words.telling import delivery, moment

REFUSED = RecipientAnswer("boss@corp.example", 550, "5.1.1 no such user \x1b[2J")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
async def test_a_refused_recipient_is_named_with_the_servers_words_and_the_mail_goes_to_the_others(
    desk: Desk, size: tuple[int, int]
) -> None:
    mail = mailed(desk, OutboxState.REFUSED, last_error="one was refused", refused_for=(REFUSED,), due=desk.clock())
    async with showing(desk, size) as screen:
        await screen.press("g", "o")
        await screen.sees("boss@corp.example was refused: 550 5.1.1 no such user", "R send to the others")
        await screen.press("R")
        await screen.sees("queued for dana@corp.example, leaves in", "u takes it back", "queued, leaves in")
    now = desk.store.outbox.get(mail.id)
    assert now is not None
    assert (now.state, now.recipients) == (OutboxState.QUEUED, ("dana@corp.example",))
    assert now.due > desk.clock()


async def test_many_recipients_leave_room_for_who_was_refused_and_what_can_be_done(desk: Desk) -> None:
    copies = tuple(Address(f"somebody.{at}@a-long-department.corp.example") for at in range(25))
    mail = reply(desk, receive(desk, cc=(*copies, BOSS)).number, Answer(text="On its way."))
    desk.store.outbox.put(replace(mail, state=OutboxState.REFUSED, refused_for=(REFUSED,)))
    async with showing(desk, NARROW) as screen:
        await screen.press("g", "o")
        await screen.sees(f"to {mail.recipients[0]} and 26 more")
        await screen.sees("boss@corp.example was refused: 550 5.1.1 no such user", "R send to the others")


async def test_what_was_found_about_a_mail_is_told_and_a_second_copy_is_asked_for_twice(desk: Desk) -> None:
    tried = Try(desk.clock(), Verdict.UNCERTAIN, "the connection broke")
    found = Evidence(kind="not_in_sent", at=desk.clock(), detail="INBOX.Sent")
    mail = mailed(desk, OutboxState.UNCERTAIN, last_error="it broke", evidence=(found,), tries=(tried,))
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("uncertain: the server may have it, but Sent has not", "uncertain: the connection broke")
        await screen.sees("not found in the folder of sent mail: INBOX.Sent", "s it did arrive")
        await screen.press("y")
        await screen.sees("y again sends a second copy")
        assert desk.store.outbox.get(mail.id) == mail
        await screen.press("y")
        await screen.sees("queued for dana@corp.example and 1 more, leaves in", "u takes it back")
        [again] = desk.store.outbox.all()
        assert again.due > desk.clock()
        await screen.press("u")
        await screen.until(lambda: [each.state for each in desk.store.outbox.all()] == [OutboxState.UNCERTAIN])
        await screen.sees("taken back on ticket 1: resent")


async def test_a_mail_that_did_arrive_is_settled_and_that_is_taken_back(desk: Desk) -> None:
    mailed(desk, OutboxState.BOUNCED, last_error="mailbox full")
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("bounced", "mailbox full", "s it did arrive")
        await screen.press("s")
        await screen.sees("it counts as sent, u takes that back", "sent ")
        await screen.press("u")
        await screen.until(lambda: [each.state for each in desk.store.outbox.all()] == [OutboxState.BOUNCED])


async def test_a_refused_mail_is_written_anew_with_all_that_was_chosen_for_it(desk: Desk) -> None:
    mailed(desk, OutboxState.REFUSED, last_error="too large")
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("too large", "e write it anew")
        await screen.press("e")
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.sees("On its way.", "Your refund")
        assert [each.state for each in desk.store.outbox.all()] == [OutboxState.CANCELLED]


async def test_cancelling_is_asked_twice(desk: Desk) -> None:
    mail = mailed(desk, OutboxState.DEFERRED, last_error="451 later", due=desk.clock() + timedelta(minutes=5))
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("deferred, next try", "451 later")
        await screen.press("X")
        await screen.sees("do not send the mail to dana@corp.example and 1 more? X again")
        assert desk.store.outbox.get(mail.id) == mail
        await screen.press("X")
        await screen.sees("cancelled, u takes that back")
    assert [each.state for each in desk.store.outbox.all()] == [OutboxState.CANCELLED]


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
async def test_an_account_that_is_not_let_in_stands_on_the_status_line_with_what_to_do(
    desk: Desk, size: tuple[int, int]
) -> None:
    mailed(desk, OutboxState.QUEUED)
    account = SendingAccount(
        mailbox="support",
        stopped_since=desk.clock(),
        said="535 5.7.8 wrong password",
        next_try=desk.clock() + timedelta(minutes=5),
    )
    async with showing(desk, size) as screen:
        desk.store.senders.put(account)
        await screen.sees("cannot send from support, mails wait", "next try in 5 min (^r now)")
        await screen.press("g", "o")
        await screen.sees("queued, waits for the account", "535 5.7.8 wrong password", "tandem doctor")
        desk.store.senders.put(replace(account, stopped_since=None))
        await screen.misses("cannot send from support", "waits for the account")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
async def test_the_reader_tells_who_refused_a_reply_and_where_to_act(desk: Desk, size: tuple[int, int]) -> None:
    mailed(desk, OutboxState.REFUSED, last_error="one was refused", refused_for=(REFUSED,))
    async with showing(desk, size) as screen:
        await screen.press("enter")
        await screen.sees("refused", "boss@corp.example was refused: 550", "R send to the others")


@pytest.mark.parametrize(
    ("state", "keys"),
    [
        (OutboxState.QUEUED, "eX"),
        (OutboxState.IN_DATA, ""),
        (OutboxState.SENT, ""),
        (OutboxState.DEFERRED, "yeX"),
        (OutboxState.REFUSED, "yeX"),
        (OutboxState.UNCERTAIN, "yesX"),
        (OutboxState.BOUNCED, "yesX"),
        (OutboxState.CANCELLED, ""),
    ],
)
def test_only_what_makes_sense_is_offered(desk: Desk, state: OutboxState, keys: str) -> None:
    assert DANA.email in mailed(desk, state).recipients
    assert "".join(key for key, _ in can(desk.store.outbox.all()[0])) == keys


async def test_the_heading_counts_what_needs_somebody_and_a_wide_row_says_why(desk: Desk) -> None:
    mailed(desk, OutboxState.REFUSED, last_error="550 5.1.1 no such user")
    mailed(desk, OutboxState.QUEUED)
    mailed(desk, OutboxState.DEFERRED, last_error="451 4.7.1 greylisted")
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("1 needs you   2 on their way", "refused: 550 5.1.1 no such user")


@pytest.mark.parametrize("width", [80, 100, 160])
def test_how_a_mail_stands_is_whole_where_the_addresses_can_spare_the_room(desk: Desk, width: int) -> None:
    gone = mailed(desk, OutboxState.SENT)
    mails = [gone, replace(gone, recipients=(f"somebody.there@{'long.' * 20}example",))]
    rows = [each.plain for each in told([(each, False) for each in mails], desk.clock(), None, width)]
    assert all(each.endswith(delivery(gone, desk.clock(), None)) for each in rows)
    assert "dana@corp.example, boss@corp.example" in rows[0]
    assert max(map(len, rows)) <= width


def test_how_a_mail_stands_is_told_on_the_smallest_screen_too(desk: Desk) -> None:
    gone = mailed(desk, OutboxState.SENT)
    row = told([(gone, False)], desk.clock(), None, 40)[0].plain
    assert row.endswith(delivery(gone, desk.clock(), None))
    assert len(row) <= 38


def test_a_mail_that_can_be_taken_back_says_so_whole_at_80_columns(desk: Desk) -> None:
    waiting = replace(mailed(desk, OutboxState.QUEUED), recipients=("somebody@warehouse-of-the-north.example",))
    now = waiting.due - timedelta(seconds=10)
    row = told([(waiting, False)], now, waiting.author, 80)[0].plain
    assert row.endswith("u takes it back")
    assert len(row) < 80


def test_tries_that_came_to_the_same_are_told_on_one_line(desk: Desk) -> None:
    now = desk.clock()
    tries = [Try(now - timedelta(minutes=each), Verdict.DEFERRED, "451 try later") for each in (9, 5, 2)]
    mail = mailed(desk, OutboxState.SENT, tries=(*tries, Try(now, Verdict.SENT, "250 kept")))
    sent, deferred = history(mail, now, UTC)
    assert sent == f"{now:%H:%M} sent: 250 kept"
    assert deferred.endswith(f"{tries[0].at:%H:%M} deferred: 451 try later")
    assert deferred.count(", ") == 2


def test_why_a_mail_waits_is_told_once(desk: Desk) -> None:
    now, why = desk.clock(), "dana@corp.example: 451 try later"
    mail = mailed(desk, OutboxState.DEFERRED, last_error=why, tries=(Try(now, Verdict.DEFERRED, why),))
    about = about_mail(mail, None, now).plain
    assert about.count(why) == 1
    assert f"{moment(now, now)} deferred\n" in about
