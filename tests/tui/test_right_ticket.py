"""What an agent began on one ticket never ends on another, whatever colleagues and slow writes do in between."""

from __future__ import annotations

import asyncio

from desk.actions.status import set_status
from desk.desk import Desk
from desk.outgoing import OutboxState
from desk.people import Agent, Handle
from desk.presence import Doing
from desk.ticket import Status
from tests.desks import acting_as
from tests.tui.apps import WIDE, Screen
from tests.tui.composing import area, begun, doings, drafts, ended, inbox, outbox, write
from tests.tui.filling import several
from tests.tui.held_up import slow_writes
from tui.lists.departure import HOLD
from tui.screens.compose import ComposeScreen


async def sent_on_the_last(screen: Screen) -> None:
    await begun(screen, "G", "r")
    write(screen, "First words.")
    await screen.press("escape", "y")
    await ended(screen)


async def test_a_late_undo_opens_nothing_over_the_text_that_is_being_written(desk: Desk) -> None:
    numbers = several(desk, 3)
    async with inbox(desk) as screen:
        await sent_on_the_last(screen)
        with slow_writes(screen):
            await screen.press("u", "g", "g", "r")
            await screen.type("for the first")
        await screen.until(lambda: outbox(desk)[0].state is OutboxState.CANCELLED)
        await screen.type(" alone")
        composer = screen.app.screen
        assert isinstance(composer, ComposeScreen)
        assert composer.number == numbers[0]
        assert area(screen).text == "for the first alone"
        assert [each.text for each in drafts(desk, numbers[2])] == ["First words."]


async def test_a_late_undo_leaves_the_filter_that_is_being_typed(desk: Desk) -> None:
    numbers = several(desk, 3)
    async with inbox(desk) as screen:
        await sent_on_the_last(screen)
        with slow_writes(screen):
            await screen.press("u", "/")
            await screen.type("Subj")
        await screen.sees("the text is a draft again on 3")
        await screen.type("ect 1")
        await screen.misses("Subject 2")
        assert screen.app.screen is screen.inbox
        assert [each.text for each in drafts(desk, numbers[2])] == ["First words."]


async def test_whoever_is_chosen_from_the_list_gets_the_ticket_it_was_opened_on(desk: Desk) -> None:
    desk.store.agents.put(Agent(handle=Handle("cy"), name="Cy", email="cy@acme.example", signature="Cy"))
    numbers = several(desk, 2)
    async with inbox(desk) as screen:
        await screen.press("a", "o")
        await screen.sees("Enter chooses")
        set_status(acting_as(desk, "bo"), numbers[0], Status.CLOSED)
        await screen.until(lambda: screen.cursor == numbers[1])
        await screen.type("cy")
        await screen.press("enter")
        await screen.until(lambda: desk.ticket(numbers[0]).assignee == "cy")
    assert desk.ticket(numbers[1]).assignee is None


async def test_colleagues_see_who_answers_however_long_the_list_below_has_stood(desk: Desk) -> None:
    numbers = several(desk, 3)
    async with inbox(desk, size=WIDE) as screen:
        await begun(screen, "r")
        set_status(acting_as(desk, "bo"), numbers[0], Status.CLOSED)
        await screen.until(lambda: screen.cursor == numbers[1])
        await asyncio.sleep(2.5)
        assert doings(desk) == [Doing.ANSWERING]
        assert desk.ticket(numbers[1]).unread
        await screen.press("escape")
        await ended(screen)
        await screen.sees("c1@corp.example")
        await screen.until(lambda: doings(desk) == [Doing.READING])
        assert [each.ticket for each in desk.store.presences.all(desk.clock())] == [numbers[1]]


async def test_a_key_for_a_ticket_that_a_colleague_just_closed_does_not_hit_the_next_one(desk: Desk) -> None:
    numbers = several(desk, 3)
    async with inbox(desk) as screen:
        set_status(acting_as(desk, "bo"), numbers[0], Status.CLOSED)
        await screen.until(lambda: screen.cursor == numbers[1])
        await screen.press("e")
        await screen.sees("1 left this list: bo closed it")
        assert desk.ticket(numbers[1]).status is Status.OPEN
        await asyncio.sleep(HOLD)
        await screen.press("e")
        await screen.until(lambda: desk.ticket(numbers[1]).status is Status.CLOSED)


async def test_when_a_colleague_takes_the_only_marked_ticket_a_key_does_not_hit_the_one_under_the_cursor(
    desk: Desk,
) -> None:
    numbers = several(desk, 3)
    async with inbox(desk) as screen:
        await screen.press("space")
        set_status(acting_as(desk, "bo"), numbers[0], Status.CLOSED)
        await screen.until(lambda: not screen.inbox.tickets.marked)
        await screen.press("e")
        await screen.sees("1 left this list: bo closed it")
        assert desk.ticket(numbers[1]).status is Status.OPEN


async def test_an_action_from_the_palette_does_not_hit_a_ticket_that_came_up_below_it(desk: Desk) -> None:
    numbers = several(desk, 3)
    async with inbox(desk) as screen:
        await screen.press(":")
        await screen.until(lambda: screen.app.screen is not screen.inbox)
        set_status(acting_as(desk, "bo"), numbers[0], Status.CLOSED)
        await screen.until(lambda: screen.cursor == numbers[1])
        await screen.type("close+next")
        await asyncio.sleep(HOLD)
        await screen.press("enter")
        await screen.sees("1 left this list: bo closed it")
        assert desk.ticket(numbers[1]).status is Status.OPEN


async def test_ones_own_doing_holds_nothing_up(desk: Desk) -> None:
    numbers = several(desk, 3)
    async with inbox(desk) as screen:
        await screen.press("s", "w")
        await screen.until(lambda: screen.cursor == numbers[1])
        await screen.press("e")
        await screen.until(lambda: desk.ticket(numbers[1]).status is Status.CLOSED)


async def test_an_undo_elsewhere_does_not_draw_the_cursor_to_its_ticket_when_that_comes_in_later(desk: Desk) -> None:
    numbers = several(desk, 3)
    for number in numbers[1:]:
        set_status(desk, number, Status.WAITING)
    async with inbox(desk) as screen:
        await screen.press("p", "h", "g", "w")
        await screen.until(lambda: len(screen.inbox.tickets.numbers) == len(numbers[1:]))
        before = screen.cursor
        await screen.press("u")
        await screen.sees("taken back on ticket 1")
        set_status(acting_as(desk, "bo"), numbers[0], Status.WAITING)
        await screen.until(lambda: len(screen.inbox.tickets.numbers) == len(numbers))
        assert screen.cursor == before
