from __future__ import annotations

from dataclasses import replace

from desk.actions.draft import save_draft
from desk.actions.give_draft import give_draft
from desk.desk import Desk
from desk.draft import DraftKind
from desk.people import Address, Agent, Handle
from desk.ticket import TicketNumber
from desk.written import Written
from tests.desks import acting_as, receive
from tests.tui.apps import NARROW, WIDE
from tests.tui.composing import area, begun, drafts, ended, inbox
from tests.tui.held_up import slow_writes
from tui.news import deeds_among

CEM = Agent(handle=Handle("cem"), name="Cem Kaya", email="cem@acme.example")


async def test_an_unfinished_answer_goes_to_the_colleague_who_goes_on_with_it(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "r")
        await screen.type("Dear Dana,")
        await screen.press("escape")
        await screen.sees("h hand over")
        await screen.press("h")
        await ended(screen)
        await screen.sees("the draft on 1 is bo's now, u takes it back")
        assert [(each.author, each.given_by) for each in drafts(desk)] == [("bo", "ana")]
        await screen.sees("bo's draft")
    async with inbox(acting_as(desk, "bo")) as screen:
        await screen.sees("your draft")
        await begun(screen, "r")
        await screen.until(lambda: area(screen).text.startswith("Dear Dana,"))


async def test_the_colleague_is_told_of_it_wherever_they_are(desk: Desk) -> None:
    other = receive(desk, sender=Address("kim@corp.example"), subject="Another").number
    number = receive(desk).number
    async with inbox(acting_as(desk, "bo"), size=WIDE) as screen:
        await screen.until(lambda: screen.cursor == other)
        draft = save_draft(desk, number, DraftKind.REPLY, Written("Dear Dana,"))
        give_draft(desk, number, DraftKind.REPLY, Handle("bo"), last=draft)
        await screen.sees(f"ana handed the unfinished text on {number} to you: g d")


def test_it_is_told_once(desk: Desk) -> None:
    number = receive(desk).number
    draft = save_draft(desk, number, DraftKind.REPLY, Written("Dear Dana,"))
    give_draft(desk, number, DraftKind.REPLY, Handle("bo"), last=draft)
    events = [each.id for each in desk.store.conversations.of(number)]
    assert not deeds_among(acting_as(desk, "bo"), events, frozenset({number}))


async def test_one_undo_takes_it_back(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk, size=WIDE) as screen:
        await begun(screen, "n")
        await screen.type("Ask the bank.")
        await screen.press("escape", "h")
        await ended(screen)
        await screen.sees("is bo's now")
        await screen.press("u")
        await screen.sees("taken back on ticket 1: draft given")
        assert [(each.author, each.text, each.given_by) for each in drafts(desk)] == [("ana", "Ask the bank.", None)]


async def test_of_several_colleagues_one_is_chosen(desk: Desk) -> None:
    desk.store.agents.put(CEM)
    receive(desk)
    async with inbox(desk, size=NARROW) as screen:
        await begun(screen, "r")
        await screen.type("Dear Dana,")
        await screen.press("escape", "h")
        await screen.sees("Hand the unfinished text to", "Cem Kaya")
        await screen.press("escape")
        await screen.sees("h hand over")
        await screen.press("h")
        await screen.type("cem")
        await screen.press("enter")
        await ended(screen)
        assert [each.author for each in drafts(desk)] == ["cem"]


async def test_a_draft_that_a_colleague_holds_is_not_handed_over(desk: Desk) -> None:
    receive(desk)
    save_draft(acting_as(desk, "bo"), TicketNumber(1), DraftKind.REPLY, Written("Mine."))
    async with inbox(desk) as screen:
        await screen.press("r")
        await screen.sees("bo is writing this answer")
        await screen.press("h")
        await screen.sees("nothing is written here")
        assert [each.author for each in drafts(desk)] == ["bo"]


async def test_nobody_to_hand_it_to_is_said(desk: Desk) -> None:
    alone = replace(desk)
    desk.store.agents.remove(Handle("bo"))
    receive(alone)
    async with inbox(alone) as screen:
        await begun(screen, "r")
        await screen.type("Dear Dana,")
        await screen.press("escape", "h")
        await screen.sees("you have no partner")
        assert [each.author for each in drafts(desk)] == ["ana"]


async def test_what_is_written_while_it_goes_over_stays_here(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        composer = await begun(screen, "r")
        await screen.type("Dear Dana,")
        await screen.press("escape")
        await screen.sees("h hand over", " saved ")
        with slow_writes(screen):
            await screen.press("h")
            await screen.until(lambda: composer.parts.giving.is_giving)
            await screen.press("e")
            await screen.type(" P.S.")
        await screen.sees("kept aside")
        kept = {(each.author, each.text): each.aside for each in drafts(desk)}
        assert kept == {("bo", "Dear Dana,"): False, ("ana", "Dear Dana, P.S."): True}
