"""A text that was written before somebody wrote, however it comes back onto the screen: told, and asked about once."""

from __future__ import annotations

import asyncio

import pytest

from desk.actions.draft import keep_aside, save_draft
from desk.actions.note import add_note
from desk.actions.undo import undo
from desk.desk import Desk
from desk.draft import DraftKind
from desk.outgoing import OutboxState
from desk.written import Written
from tests.desks import acting_as, receive
from tests.tui.apps import NARROW, WIDE, Screen
from tests.tui.composing import ONE, begun, ended, inbox, outbox, write
from tui.composer.dispatch import NEWS_HOLD

WROTE, WORDS = "Dana Petrova wrote in the meantime", "STOP, do not refund."


@pytest.fixture
def asked(desk: Desk) -> Desk:
    receive(desk, message_id="<1@corp.example>")
    return desk


def dana_writes(desk: Desk, text: str = WORDS) -> None:
    receive(desk, answers=("<1@corp.example>",), text=text)


async def written(screen: Screen) -> None:
    await begun(screen, "r")
    write(screen, "Here is your refund")
    await screen.press("escape")
    await screen.sees("y send")


async def asks_once(screen: Screen, desk: Desk) -> None:
    """See that what came stands beside the text, and that sending it is asked about; then send it."""
    await screen.sees(WROTE, WORDS, "Here is your refund")
    await screen.press("escape")
    await screen.sees("y send", "X discard")
    await screen.press("y")
    await screen.sees("not sent: Dana Petrova wrote a mail; y sends it as it is")
    assert queued(desk) == []
    await asyncio.sleep(NEWS_HOLD)
    await screen.press("y")
    await ended(screen)
    assert queued(desk) == ["Here is your refund"]


def queued(desk: Desk) -> list[str]:
    return [each.draft for each in outbox(desk) if each.state is OutboxState.QUEUED]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_an_answer_that_is_taken_back_after_a_mail(asked: Desk, size: tuple[int, int]) -> None:
    async with inbox(asked, size=size) as screen:
        await written(screen)
        await screen.press("y")
        await ended(screen)
        dana_writes(asked)
        await screen.press("u")
        await begun(screen)
        await asks_once(screen, asked)
        await screen.press("u")  # what was shown and insisted on is not asked about again
        await begun(screen)
        await screen.press("escape")
        await screen.sees("y send")
        assert WROTE not in screen.text
        await screen.press("y")
        await ended(screen)
    assert queued(asked) == ["Here is your refund"]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_draft_that_was_kept_before_a_mail(asked: Desk, size: tuple[int, int]) -> None:
    async with inbox(asked, size=size) as screen:
        await written(screen)
        await screen.press("p")
        await ended(screen)
        dana_writes(asked)
        await begun(screen, "r")
        await asks_once(screen, asked)


async def test_a_draft_that_a_colleague_wrote_before_a_mail(asked: Desk) -> None:
    async with inbox(asked) as screen:
        await written(screen)
        await screen.press("p")
        await ended(screen)
    dana_writes(asked)
    bo = acting_as(asked, "bo")
    async with inbox(bo) as screen:
        await screen.press("r")
        await screen.sees("ana")
        await screen.press("t", "t")
        await screen.sees("the draft is yours now")
        await asks_once(screen, bo)


async def test_what_was_insisted_on_is_kept_as_seen_with_the_text(asked: Desk) -> None:
    async with inbox(asked) as screen:
        await written(screen)
        dana_writes(asked)
        await screen.press("y")
        await screen.sees("not sent: Dana Petrova wrote a mail; y sends it as it is")
        await screen.press("p")
        await ended(screen)
        await begun(screen, "r")
        await screen.sees("Here is your refund")
        await screen.press("escape", "y")
        await ended(screen)
    assert queued(asked) == ["Here is your refund"]


async def test_a_text_that_is_put_below_another_was_written_before_a_mail(asked: Desk) -> None:
    seen = asked.store.conversations.of(ONE)[-1].id
    keep_aside(asked, ONE, DraftKind.REPLY, Written("Here is your refund", seen=seen))
    save_draft(asked, ONE, DraftKind.REPLY, Written("Hello"))
    dana_writes(asked)
    async with inbox(asked) as screen:
        await begun(screen, "r")
        await screen.sees("Hello")
        assert WROTE not in screen.text
        await screen.press("ctrl+r")
        await screen.sees(WROTE, "Here is your refund")


async def test_ones_own_note_and_a_reply_that_was_taken_back_are_no_news(asked: Desk) -> None:
    async with inbox(asked) as screen:
        await written(screen)
        await screen.press("p")
        await ended(screen)
        add_note(asked, ONE, "I looked at it.")
        await begun(screen, "r")
        await screen.sees("Here is your refund")
        assert "in the meantime" not in screen.text
        await screen.press("escape", "y")
        await ended(screen)
        undo(asked)
        await begun(screen, "r")
        await screen.sees("Here is your refund")
        assert "in the meantime" not in screen.text
        await screen.press("escape", "y")
        await ended(screen)
    assert queued(asked) == ["Here is your refund"]


async def test_a_draft_of_which_nobody_knows_what_its_author_saw_leaves_as_before(asked: Desk) -> None:
    save_draft(asked, ONE, DraftKind.REPLY, Written("Here is your refund"))
    dana_writes(asked)
    async with inbox(asked) as screen:
        await begun(screen, "r")
        await screen.sees("Here is your refund")
        await screen.press("escape", "y")
        await ended(screen)
    assert queued(asked) == ["Here is your refund"]
