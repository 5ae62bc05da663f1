"""A mail that is sent again though somebody wrote since: the outbox asks once, and says who."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.note import add_note
from desk.desk import Desk
from desk.outgoing import OutboxEntry, OutboxState, RecipientAnswer
from tests.desks import acting_as, receive
from tests.tui.apps import NARROW, WIDE, Screen, showing
from tests.tui.composing import outbox
from tests.tui.mailed import mailed

TURNED_AWAY = RecipientAnswer("boss@corp.example", 550, "no such user")


def overtaken(desk: Desk, state: OutboxState) -> OutboxEntry:
    """A mail that stands so, and a newer one of the customer's on its ticket."""
    mail = mailed(desk, OutboxState.REFUSED, last_error="554 no", refused_for=(TURNED_AWAY,))
    receive(desk, text="I need it no more.", answers=(mail.message_id,))
    desk.store.outbox.put(mail := replace(mail, state=state))
    return mail


async def in_the_outbox(screen: Screen) -> None:
    """Go there, and wait until the mail is under the cursor."""
    await screen.press("g", "o")
    await screen.sees("y send again")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
@pytest.mark.parametrize("key", ["y", "R"])
async def test_who_wrote_since_is_told_once_before_an_old_mail_is_sent(
    desk: Desk, key: str, size: tuple[int, int]
) -> None:
    mail = overtaken(desk, OutboxState.REFUSED)
    async with showing(desk, size) as screen:
        await in_the_outbox(screen)
        await screen.press(key)
        await screen.sees("Dana Petrova wrote a mail since", f"{key} again sends")
        assert desk.store.outbox.get(mail.id) == mail
        await screen.press(key)
        await screen.sees("queued for dana@corp.example")
    assert [each.state for each in outbox(desk)] == [OutboxState.QUEUED]


async def test_the_ticket_is_one_key_from_the_question(desk: Desk) -> None:
    mail = overtaken(desk, OutboxState.REFUSED)
    async with showing(desk, WIDE) as screen:
        await in_the_outbox(screen)
        await screen.press("y")
        await screen.sees("Enter opens the ticket, y again sends it all the same")
        await screen.press("enter")
        await screen.sees("I need it no more.")
    assert desk.store.outbox.get(mail.id) == mail


async def test_what_comes_after_the_question_is_asked_about_too(desk: Desk) -> None:
    mail = overtaken(desk, OutboxState.REFUSED)
    async with showing(desk, WIDE) as screen:
        await in_the_outbox(screen)
        await screen.press("y")
        await screen.sees("Dana Petrova wrote a mail since")
        add_note(acting_as(desk, "bo"), mail.ticket, "She called: not needed.")
        await screen.press("y")
        await screen.sees("bo wrote a note since")
        assert desk.store.outbox.get(mail.id) == mail


async def test_one_question_asks_both_whether_it_arrived_and_who_wrote(desk: Desk) -> None:
    mail = overtaken(desk, OutboxState.UNCERTAIN)
    async with showing(desk, WIDE) as screen:
        await in_the_outbox(screen)
        await screen.press("y")
        await screen.sees("dana@corp.example and 1 more may have it already, and Dana Petrova wrote a mail since")
        await screen.press("y")
        await screen.sees("queued for dana@corp.example")
    again = desk.store.outbox.get(mail.id)
    assert again is not None
    assert again.message_id == mail.message_id


async def test_a_mail_that_was_sent_again_before_is_no_news_of_itself(desk: Desk) -> None:
    mail = mailed(desk, OutboxState.REFUSED, last_error="554 no")
    async with showing(desk, WIDE) as screen:
        await in_the_outbox(screen)
        await screen.press("y")
        await screen.sees("queued for dana@corp.example")
        desk.store.outbox.put(mail)
        await screen.sees("refused: 554 no")
        await screen.press("y")
        await screen.sees("queued for dana@corp.example")
        await screen.until(lambda: [each.state for each in outbox(desk)] == [OutboxState.QUEUED])
