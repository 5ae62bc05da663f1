"""Two screens write on one ticket: nobody's words are written over, and each is told what happened."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.actions.attend import attend
from desk.actions.draft import save_draft
from desk.actions.reply import reply
from desk.actions.undo import undo
from desk.desk import Desk
from desk.draft import DraftKind
from desk.outgoing import Answer
from desk.presence import TIME_TO_LIVE, Doing
from desk.written import Written
from tests.desks import SetClock, acting_as, make_desk, receive
from tests.tui.apps import NARROW, WIDE, Screen, showing
from tests.tui.composing import ONE, area, begun, drafts, ended, notes, outbox, write

SIGNED = "Of ana\n\n-- \nAna Petrova"
"""What she wrote, as it stands once it was about to leave."""


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    made = make_desk(tmp_path / "desk", clock=clock)
    receive(made)
    yield made
    made.store.close()


def kept(desk: Desk) -> list[tuple[str, str, bool]]:
    return [(each.author, each.text, each.aside) for each in drafts(desk)]


async def written(screen: Screen, text: str) -> None:
    """Write an answer, and see it saved."""
    await begun(screen, "r")
    write(screen, text)
    await screen.press("ctrl+s")
    await screen.sees(" saved ")


async def taken_over(screen: Screen) -> None:
    """Take a draft over that is only read: it is asked whether that is meant."""
    await screen.press("t")
    await screen.sees("? t again")
    await screen.press("t")


async def test_whoever_types_without_looking_takes_no_draft_over(desk: Desk) -> None:
    save_draft(acting_as(desk, "bo"), ONE, DraftKind.REPLY, Written("Of bo"))
    async with showing(desk) as ana:
        await ana.press("r")
        await ana.sees("t take over", "Of bo")
        await ana.press("t")
        await ana.sees("take over the draft that bo holds? t again")
        await ana.press(*"hat letter went out")
        await ana.sees("nothing is written here")
        assert kept(desk) == [("bo", "Of bo", False)]
        await asyncio.sleep(1.1)
        await taken_over(ana)
        await ana.sees("the draft is yours now")
    assert kept(desk) == [("ana", "Of bo", False)]


async def test_a_colleague_reads_the_draft_and_takes_it_over_explicitly(desk: Desk) -> None:
    async with showing(desk) as ana, showing(acting_as(desk, "bo")) as bo:
        await written(ana, "Of ana")
        await bo.sees("ana is answering 1", "ana is answering: Refund")
        await bo.press("r")
        await bo.sees("ana is writing this answer since", "and is typing now", "Of ana", "t take over")
        await bo.type("xyz")
        write(ana, ", more")
        await bo.sees("Of ana, more")
        assert kept(desk) == [("ana", "Of ana, more", False)]
        await asyncio.sleep(1.1)
        await taken_over(bo)
        await bo.sees("the draft is yours now", "Of ana, more")
        await bo.sees(" saved ")
        assert area(bo).cursor_location == (0, len("Of ana, more"))
        await ana.sees("bo took this draft over at")
        assert kept(desk) == [("bo", "Of ana, more", False)]


async def test_words_that_were_not_saved_when_the_draft_changed_hands_are_kept_and_come_back(desk: Desk) -> None:
    async with showing(desk) as ana, showing(acting_as(desk, "bo")) as bo:
        await written(ana, "Of ana")
        await bo.press("r")
        await bo.sees("t take over")
        write(ana, " and half a tho")
        await taken_over(bo)
        await bo.sees("the draft is yours now")
        write(bo, ". Of bo.")
        await bo.press("ctrl+s")
        await ana.sees("bo took this draft over at", "^r takes the draft over", "bo's draft, saved")
        await ana.until(lambda: ("ana", "Of ana and half a tho", True) in kept(desk))
        await ana.type("ught")
        await ana.press("ctrl+s")
        await ana.until(lambda: ("ana", "Of ana and half a thought", True) in kept(desk))
        await ana.sees("kept aside", "Of ana. Of bo.")
        await ana.press("ctrl+r")
        await ana.sees("the draft is yours now", " saved ")
        await ana.misses("kept aside")
        whole = "Of ana and half a thought\n\n⟦from bo:⟧\n\nOf ana. Of bo."
        assert area(ana).text == whole
        assert kept(desk) == [("ana", whole, False)]
        await bo.sees("ana took this draft over at")
        await ana.press("escape", "y")
        await ana.sees("not sent: 1 gap left")
        assert outbox(desk) == []


async def test_an_answer_leaves_only_from_the_screen_that_holds_the_draft(desk: Desk) -> None:
    async with showing(desk) as ana, showing(acting_as(desk, "bo")) as bo:
        await written(ana, "Of ana")
        await ana.press("escape")
        await bo.press("r")
        await bo.sees("t take over")
        await taken_over(bo)
        await ana.sees("bo took this draft over at", "t take over")
        assert "send" not in ana.text
        await ana.press("y")
        await ana.sees("not sent: bo took this draft over at")
        assert outbox(desk) == []
        await ana.press("t")
        await ana.sees("the draft is yours now", "y send")
        await ana.press("y")
        await ended(ana)
    assert [(each.author, each.draft) for each in outbox(desk)] == [("ana", SIGNED)]
    assert kept(desk) == []


async def test_a_second_screen_of_one_agent_goes_on_at_once_and_the_first_is_told(desk: Desk) -> None:
    async with showing(desk) as first, showing(desk) as second:
        await written(first, "Begun at home")
        await begun(second, "r")
        await second.sees("Begun at home", "your draft of")
        await first.sees("this answer is being written in your other screen", "^r takes the draft over")
        write(second, ", done in the office")
        write(first, ", and more")
        await second.press("ctrl+s")
        await first.until(lambda: ("ana", "Begun at home, and more", True) in kept(desk))
        assert ("ana", "Begun at home, done in the office", False) in kept(desk)
        await second.sees("is set aside, ^r puts it below", "^r draft")
        await second.press("ctrl+r")
        await second.until(
            lambda: kept(desk) == [("ana", "Begun at home, done in the office\n\nBegun at home, and more", False)]
        )
        await second.press("escape", "y")
        await ended(second)
        await first.sees("you finished this answer elsewhere")


async def test_a_text_that_is_open_stays_a_text_when_a_colleague_begins_to_write(desk: Desk) -> None:
    async with showing(desk) as ana, showing(acting_as(desk, "bo")) as bo:
        await begun(bo, "r")
        await written(ana, "Of ana")
        await bo.sees("ana is writing this answer since", "What you write is kept aside", "Of ana")
        await bo.type("that is it")
        await bo.press("ctrl+s")
        await bo.until(lambda: ("bo", "that is it", True) in kept(desk))
        assert area(bo).text == "that is it"
        assert ("ana", "Of ana", False) in kept(desk)


@pytest.mark.parametrize("how", ["sent", "thrown away"])
async def test_whoever_reads_a_draft_along_can_write_once_it_is_gone(desk: Desk, how: str) -> None:
    async with showing(desk) as ana, showing(acting_as(desk, "bo")) as bo:
        await written(ana, "Of ana")
        await bo.press("r")
        await bo.sees("t take over")
        await ana.press("escape", *("y" if how == "sent" else "X"))
        await ended(ana)
        await bo.sees("ana answered at" if how == "sent" else "this draft was thrown away")
        await bo.misses("t take over")
        await bo.type("Of bo")
        await bo.press("ctrl+s")
        await bo.until(lambda: kept(desk) == [("bo", "Of bo", False)])


async def test_a_colleagues_draft_is_only_words(desk: Desk) -> None:
    evil = "[/] [@click=app.quit]Hi[/] \x1b]0;owned\x07\x9b2J\u202e"
    save_draft(acting_as(desk, "bo"), ONE, DraftKind.REPLY, Written(evil))
    async with showing(desk) as ana:
        await ana.press("r")
        await ana.sees("t take over", "[/] [@click=app.quit]Hi[/] \ufffd]0;owned\ufffd")
        assert not set(ana.text) & set("\x1b\x07\x9b\u202e")
        await taken_over(ana)
        await ana.sees("the draft is yours now", "[@click=app.quit]Hi[/]")
        assert not set(ana.text) & set("\x1b\x07\x9b\u202e")


async def test_leaving_a_draft_that_was_only_read_changes_nothing(desk: Desk) -> None:
    async with showing(desk) as ana, showing(acting_as(desk, "bo")) as bo:
        await written(ana, "Of ana")
        before = drafts(desk)
        await bo.press("r")
        await bo.sees("t take over")
        await bo.press("j", "x", "ctrl+t", "escape")
        await ended(bo)
        assert drafts(desk) == before
        assert area(ana).text == "Of ana"


async def test_an_answer_that_is_taken_back_elsewhere_is_not_written_over(desk: Desk) -> None:
    reply(desk, ONE, Answer(text="First", send_in=60))
    async with showing(desk) as screen:
        await written(screen, "Second")
        undo(desk)
        await screen.sees("the answer that you took back became the draft", "First")
        write(screen, ", more")
        await screen.press("ctrl+s")
        await screen.sees("kept aside")
        assert kept(desk) == [("ana", "First\n\nSecond", False), ("ana", "Second, more", True)]
        await screen.press("ctrl+r")
        await screen.sees("the draft is yours now")
        assert area(screen).text == "Second, more\n\n⟦from your other screen:⟧\n\nFirst\n\nSecond"


async def test_an_answer_that_is_taken_back_stands_beside_a_colleagues_draft(desk: Desk) -> None:
    async with showing(desk) as ana:
        await written(ana, "Of ana")
        await ana.press("escape", "y")
        await ended(ana)
        save_draft(acting_as(desk, "bo"), ONE, DraftKind.REPLY, Written("Of bo"))
        await ana.press("u")
        await ana.sees("bo is writing this answer since", "Of ana", "Of bo", "^r takes the draft over")
        await ana.press("escape", "p")
        await ended(ana)
        await ana.sees("what you wrote is kept aside")
        assert kept(desk) == [("bo", "Of bo", False), ("ana", SIGNED, True)]
        await begun(ana, "r")
        await ana.sees("Of ana", "Of bo")


async def test_what_a_macro_asks_for_goes_with_the_draft_that_is_taken_over(desk: Desk) -> None:
    async with showing(acting_as(desk, "bo")) as bo:
        await begun(bo, ",", "d")
        await bo.sees("Steps")
        await bo.press("ctrl+s")
        await bo.sees(" saved ")
        async with showing(desk, WIDE) as ana:
            await ana.press("r")
            await ana.sees("t take it over")
            assert "Steps" not in ana.text
            await taken_over(ana)
            await ana.sees("the draft is yours now", "Steps", "Will do:")
            await ana.press("ctrl+s")
            await ana.sees(" saved ")
    [draft] = drafts(desk)
    assert draft.plan is not None
    assert (draft.author, draft.plan.use.name) == ("ana", "ask-details")


async def test_a_macro_beside_a_colleagues_draft_is_no_answer_until_that_is_taken_over(desk: Desk) -> None:
    save_draft(acting_as(desk, "bo"), ONE, DraftKind.REPLY, Written("Of bo"))
    async with showing(desk) as ana:
        await begun(ana, ",", "k")
        await ana.sees("bo is writing this answer since", "bo's draft, saved", "Of bo")
        await ana.press("escape", "y")
        assert outbox(desk) == []
        assert kept(desk)[0] == ("bo", "Of bo", False)
        await ana.until(lambda: [(author, aside) for author, _, aside in kept(desk)] == [("bo", False), ("ana", True)])


async def test_two_screens_with_one_note_do_not_write_over_each_other(desk: Desk) -> None:
    async with showing(desk) as first, showing(desk) as second:
        await begun(first, "n")
        write(first, "Ask the bank")
        await first.press("ctrl+s")
        await first.sees(" saved ")
        await begun(second, "n")
        await second.sees("Ask the bank")
        await first.sees("this note is being written in your other screen")
        await second.press("escape", "y")
        await ended(second)
        await first.sees("you finished this note elsewhere")
        await first.press("escape", "y")
        await first.sees("t take over")
    assert notes(desk) == ["Ask the bank"]


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
async def test_who_is_there_is_seen_everywhere_and_no_more_once_a_screen_was_killed(
    desk: Desk, clock: SetClock, size: tuple[int, int]
) -> None:
    async with showing(desk, size) as ana:
        attend(acting_as(desk, "bo"), ONE, Doing.ANSWERING)
        await ana.sees("bo is answering: Re" if size == NARROW else "✎bo")
        await ana.press("enter")
        await ana.sees("✎ bo is answering")
        clock.go_on(seconds=TIME_TO_LIVE.total_seconds())
        await ana.misses("bo is answering", "✎bo")
        attend(acting_as(desk, "bo"), ONE, Doing.ANSWERING)
        await begun(ana, "r")
        await ana.sees("bo is answering too")
        clock.go_on(seconds=TIME_TO_LIVE.total_seconds())
        await ana.misses("bo is answering too")
