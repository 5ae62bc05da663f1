"""Whom an answer goes to on the screen: who it was begun for, whoever writes on its ticket before it leaves."""

from __future__ import annotations

import asyncio

import pytest

from desk.actions.cancel import write_anew
from desk.actions.draft import save_draft
from desk.actions.reply import reply
from desk.desk import Desk
from desk.draft import DraftKind
from desk.outgoing import Answer
from desk.people import Address
from desk.wording import Wording
from desk.written import Written
from tests.desks import DANA, SUPPORT, acting_as, receive
from tests.tui.apps import WIDE, Screen
from tests.tui.composing import ONE, begun, drafts, ended, inbox, outbox, write
from tui.composer.dispatch import NEWS_HOLD
from tui.screens.compose import ComposeScreen
from tui.screens.recipients import RecipientsScreen

MALLORY, LIST = Address("mallory@evil.example", "Mallory"), Address("list@evil.example")
KIM = Address("kim@corp.example")
GO_ELSEWHERE = "mallory@evil.example by now"


@pytest.fixture
def asked(desk: Desk) -> Desk:
    receive(desk, message_id="<1@corp.example>")
    return desk


def mallory_writes(desk: Desk) -> None:
    receive(desk, sender=MALLORY, cc=(LIST,), answers=("<1@corp.example>",), text="Send it to me instead.")


async def sent_at_last(screen: Screen) -> None:
    """Insist on sending: what is asked first is answered with the same key, until the composer is gone."""
    for _ in range(4):
        if not isinstance(screen.app.screen, ComposeScreen):
            break
        await screen.press("y")
        await screen.until(lambda: not is_busy(screen))
        await asyncio.sleep(NEWS_HOLD)
    await ended(screen)


def is_busy(screen: Screen) -> bool:
    composer = screen.app.screen
    return isinstance(composer, ComposeScreen) and composer.parts.dispatch.is_sending


def sent_to(desk: Desk) -> list[tuple[str, ...]]:
    return [each.recipients for each in outbox(desk)]


@pytest.mark.parametrize("when", ["nothing is written", "it is written", "it is kept", "it is reviewed"])
async def test_a_strangers_mail_does_not_take_an_answer_that_is_open(asked: Desk, when: str) -> None:
    async with inbox(asked) as screen:
        composer = await begun(screen, "r")
        await screen.until(lambda: composer.head.heads.to == (DANA,))
        if when != "nothing is written":
            write(screen, "Dear Dana, your refund")
        if when == "it is kept":
            await screen.press("ctrl+s")
            await screen.sees(" saved ")
        if when == "it is reviewed":
            await screen.press("escape")
            await screen.sees("y send")
        mallory_writes(asked)
        await screen.sees("Mallory wrote in the meantime", "written to dana@corp.example", GO_ELSEWHERE)
        assert (composer.head.heads.to, composer.head.heads.cc) == ((DANA,), ())
        if when == "nothing is written":
            write(screen, "Dear Dana, your refund")
        if when != "it is reviewed":
            await screen.press("escape")
        await screen.sees("written to dana@corp.example", GO_ELSEWHERE)
        await screen.press("y")
        await screen.sees("not sent: written to dana@corp.example")
        assert outbox(asked) == []
        await asyncio.sleep(NEWS_HOLD)
        await screen.press("y")
        await screen.sees("not sent: Mallory wrote a mail")
        await asyncio.sleep(NEWS_HOLD)
        await screen.press("y")
        await ended(screen)
    assert sent_to(asked) == [("dana@corp.example",)]


async def test_whom_answers_go_to_by_now_is_asked_in_one_go_where_the_desk_tells_it_first(asked: Desk) -> None:
    async with inbox(asked) as screen:
        composer = await begun(screen, "r")
        write(screen, "Dear Dana")
        await screen.press("escape")
        await screen.sees("y send")
        composer.news = lambda opened: None  # type: ignore[method-assign]
        mallory_writes(asked)
        await screen.press("y")
        await screen.sees("not sent: Mallory wrote a mail", "written to dana@corp.example", GO_ELSEWHERE)
        await asyncio.sleep(NEWS_HOLD)
        await screen.press("y")
        await ended(screen)
    assert sent_to(asked) == [("dana@corp.example",)]


async def test_an_answer_that_nobody_wrote_leaves_nothing_behind(asked: Desk) -> None:
    async with inbox(asked) as screen:
        await begun(screen, "r")
        mallory_writes(asked)
        await screen.sees(GO_ELSEWHERE)
        await screen.press("escape")
        await ended(screen)
    assert drafts(asked) == []


@pytest.mark.parametrize("who", ["ana", "bo"])
@pytest.mark.parametrize("is_saved_after", [False, True])
async def test_nor_does_it_take_a_draft_that_is_taken_up_later(asked: Desk, who: str, *, is_saved_after: bool) -> None:
    if is_saved_after:  # a composer that was open, and had saved nothing yet
        async with inbox(asked) as screen:
            composer = await begun(screen, "r")
            await screen.until(lambda: composer.head.heads.to == (DANA,))
            mallory_writes(asked)
            await screen.sees(GO_ELSEWHERE)
            write(screen, "Dear Dana")
            await screen.press("escape", "p")
            await ended(screen)
    else:
        save_draft(asked, ONE, DraftKind.REPLY, Written("Dear Dana"))
        mallory_writes(asked)
    async with inbox(acting_as(asked, who)) as screen:
        if who == "bo":
            await screen.press("r")
            await screen.sees("ana")
            await screen.press("t", "t")
            await screen.sees("the draft is yours now")
        else:
            await begun(screen, "r")
        await screen.sees("written to dana@corp.example", GO_ELSEWHERE, "Dear Dana")
        await screen.press("escape")
        await screen.sees("y send")
        await sent_at_last(screen)
    assert sent_to(asked) == [("dana@corp.example",)]


async def test_nor_a_mail_that_comes_back_out_of_the_outbox(asked: Desk) -> None:
    reply(asked, ONE, Answer(text="Dear Dana"))
    mallory_writes(asked)
    async with inbox(asked) as screen:
        await screen.press("u")
        await begun(screen)
        await screen.sees("written to dana@corp.example", GO_ELSEWHERE)


def test_nor_one_that_is_written_anew(asked: Desk) -> None:
    entry = reply(asked, ONE, Answer(text="Dear Dana"))
    mallory_writes(asked)
    draft = write_anew(asked, entry.id)
    assert draft.stays_to
    assert draft.wording is not None
    assert draft.wording.to == (DANA,)


async def test_whom_it_stays_to_is_told_again_once_the_mail_is_taken_back(asked: Desk) -> None:
    async with inbox(asked) as screen:
        await begun(screen, "r")
        write(screen, "Dear Dana")
        mallory_writes(asked)
        await screen.sees(GO_ELSEWHERE)
        await screen.press("escape")
        await screen.sees("y send")
        await sent_at_last(screen)
        await screen.press("u")
        composer = await begun(screen)
        await screen.sees("written to dana@corp.example", GO_ELSEWHERE)
        await screen.press("escape", "y")
        await screen.sees("not sent: written to dana@corp.example")
        await screen.press("p")
        await ended(screen)
        (draft,) = drafts(asked)
        assert draft.stays_to
        composer = await begun(screen, "r")
        await screen.sees("written to dana@corp.example", GO_ELSEWHERE)
        assert composer.head.heads.to == (DANA,)


async def test_whom_it_goes_to_by_now_is_taken_over_by_a_key(asked: Desk) -> None:
    async with inbox(asked) as screen:
        composer = await begun(screen, "r")
        write(screen, "Dear all")
        mallory_writes(asked)
        await screen.sees(GO_ELSEWHERE)
        await screen.press("escape", "c")
        await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
        await screen.press("ctrl+o", "enter")
        await screen.until(lambda: composer.head.heads.to == (MALLORY,))
        await screen.misses(GO_ELSEWHERE)
        assert composer.head.heads.cc == ()
        await screen.press("u")
        await screen.sees("written to dana@corp.example", GO_ELSEWHERE)
        assert composer.head.heads.to == (DANA,)


async def test_a_choice_that_is_taken_back_leads_to_whom_it_was_begun_for(asked: Desk) -> None:
    async with inbox(asked) as screen:
        composer = await begun(screen, "r")
        write(screen, "Dear Dana")
        await screen.press("escape", "c")
        await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
        await screen.press("end", "ctrl+u")
        await screen.type("kim@corp.example")
        await screen.press("tab")
        await screen.type("leo@corp.example")
        await screen.press("enter")
        await screen.until(lambda: composer.head.heads.to == (KIM,))
        mallory_writes(asked)
        await screen.sees("Mallory wrote in the meantime")
        await screen.until(lambda: composer.head.usual.to == (MALLORY,))
        await screen.press("u")
        await screen.sees("written to dana@corp.example", GO_ELSEWHERE)
        assert (composer.head.heads.to, composer.head.heads.cc) == ((DANA,), ())


async def test_a_copy_that_the_customer_asks_for_meanwhile_is_told_and_not_added(asked: Desk) -> None:
    async with inbox(asked) as screen:
        composer = await begun(screen, "r")
        write(screen, "Dear Dana")
        receive(asked, cc=(KIM,), answers=("<1@corp.example>",), text="One more thing.")
        await screen.sees(
            "Dana Petrova wrote in the meantime", "copies of answers on this ticket go to kim@corp.example"
        )
        await screen.press("escape")
        await screen.sees("y send")
        await sent_at_last(screen)
    assert composer.head.heads.cc == ()
    assert sent_to(asked) == [("dana@corp.example",)]


async def test_a_customer_who_writes_again_changes_nothing_and_nothing_is_said_of_it(asked: Desk) -> None:
    async with inbox(asked) as screen:
        composer = await begun(screen, "r")
        write(screen, "Dear Dana")
        again = Address("dana@corp.example", "D. Petrova")
        receive(asked, sender=again, to=(SUPPORT,), answers=("<1@corp.example>",), text="One more thing.")
        await screen.sees("D. Petrova wrote in the meantime")
        await screen.until(lambda: composer.head.usual.to == (again,))
        assert "written to" not in screen.text
        await screen.press("escape", "y")
        await screen.sees("not sent: D. Petrova wrote a mail; y sends it as it is")
        await asyncio.sleep(NEWS_HOLD)
        await screen.press("y")
        await ended(screen)
    assert sent_to(asked) == [("dana@corp.example",)]


async def test_who_came_to_the_ticket_with_the_mail_that_is_answered_is_told_in_the_review(asked: Desk) -> None:
    mallory_writes(asked)
    async with inbox(asked) as screen:
        await begun(screen, "r")
        write(screen, "Dear Mallory")
        await screen.press("escape")
        await screen.sees("new on this ticket: mallory@evil.example, list@evil.example")


async def test_a_colleague_of_the_customer_is_nobody_new(asked: Desk) -> None:
    receive(asked, sender=KIM, answers=("<1@corp.example>",), text="I take it from here.")
    async with inbox(asked) as screen:
        composer = await begun(screen, "r")
        write(screen, "Dear Kim")
        await screen.press("escape")
        await screen.sees("y send", "kim@corp.example")
        assert composer.head.heads.to == (KIM,)
        assert "new on this ticket" not in screen.text


async def test_a_colleagues_draft_that_is_only_read_names_whom_it_goes_to(asked: Desk) -> None:
    save_draft(asked, ONE, DraftKind.REPLY, Written("Dear Dana"))
    mallory_writes(asked)
    async with inbox(acting_as(asked, "bo"), size=WIDE) as screen:
        await screen.press("r")
        await screen.sees("ana is writing this answer", "Dear Dana", "Reply to Dana Petrova <dana@corp.example>")
        await screen.sees("written to dana@corp.example", GO_ELSEWHERE)
        await screen.press("t", "t")
        await screen.sees("the draft is yours now", "Reply to Dana Petrova <dana@corp.example>")


@pytest.mark.parametrize("chosen", [None, Wording(to=(KIM,), cc=())], ids=["as the ticket said", "chosen"])
async def test_nor_does_it_name_anybody_else_once_a_stranger_writes_while_it_is_read(
    asked: Desk, chosen: Wording | None
) -> None:
    save_draft(asked, ONE, DraftKind.REPLY, Written("Hello", wording=chosen))
    whom = "<kim@corp.example>" if chosen else "Dana Petrova <dana@corp.example>"
    async with inbox(acting_as(asked, "bo"), size=WIDE) as screen:
        await screen.press("r")
        await screen.sees("ana is writing this answer", f"Reply to {whom}")
        mallory_writes(asked)
        await screen.sees("Mallory wrote in the meantime", f"Reply to {whom}")
        assert ("written to dana@corp.example" in screen.text) is (chosen is None)
