"""What the undo key says and does where something cannot be taken back any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.hand_shift_over import see_shifts
from desk.actions.reply import reply
from desk.actions.save_view import remove_view, saved_views
from desk.actions.tag import tag
from desk.actions.undo import Undone, undo
from desk.desk import Desk
from desk.outgoing import Answer, OutboxState
from desk.ticket import TicketNumber
from tests.desks import acting_as
from tests.tui.apps import Screen
from tests.tui.composing import begun, ended, inbox
from tests.tui.filling import several
from tui.actions.undoing import UNREAD


def sent(desk: Desk, number: TicketNumber) -> None:
    """Answer, and let the mail leave."""
    entry = reply(desk, number, Answer(text="Hello"))
    desk.store.outbox.put(replace(entry, state=OutboxState.SENT))


@pytest.mark.parametrize("way", [(), ("enter",), ("g", "o"), ("g", "s")], ids=["list", "reader", "outbox", "stats"])
async def test_a_refusal_says_what_the_next_press_takes_back_and_that_does_so(desk: Desk, way: tuple[str, ...]) -> None:
    first, second = several(desk, 2)
    tag(desk, first, add=["vip"])
    sent(desk, second)
    async with inbox(desk) as screen:
        await screen.press(*way, "u")
        await screen.sees("too late for the reply on ticket 2: it is sent; u again: tagged vip (1)")
        assert desk.ticket(first).tags == ("vip",)
        await screen.pilot.pause(UNREAD)
        await screen.press("u")
        await screen.sees("taken back on ticket 1: tagged")
        await screen.press("u")
        await screen.sees("there is nothing of yours to undo")
    assert desk.ticket(first).tags == ()


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 30)], ids=["40x10", "80x24", "120x30"])
async def test_what_the_next_press_takes_back_is_whole_at_any_width(desk: Desk, size: tuple[int, int]) -> None:
    first, second = several(desk, 2)
    tag(desk, first, add=["vip"])
    sent(desk, second)
    async with inbox(desk, size=size) as screen:
        await screen.press("u")
        await screen.sees("too late", "tagged vip (1)")


async def test_another_key_between_ends_what_the_next_press_would_have_taken_back(desk: Desk) -> None:
    first, second = several(desk, 2)
    tag(desk, first, add=["vip"])
    sent(desk, second)
    async with inbox(desk) as screen:
        await screen.press("u")
        await screen.sees("u again")
        await screen.press("j")
        await screen.misses("u again")
        await screen.pilot.pause(UNREAD)
        await screen.press("u")
        await screen.sees("u again: tagged vip (1)")
    assert desk.ticket(first).tags == ("vip",)


async def test_presses_that_cannot_have_read_the_refusal_go_past_nothing(desk: Desk) -> None:
    first, second = several(desk, 2)
    tag(desk, first, add=["vip"])
    sent(desk, second)
    async with inbox(desk) as screen:
        undone: list[Undone] = []
        for _ in range(3):
            screen.app.undoing.take_back(undo, undone.append)
        await screen.sees("u again: tagged vip (1)")
        await screen.until(lambda: not screen.app.workers)
    assert (undone, desk.ticket(first).tags) == ([], ("vip",))


async def test_a_view_that_a_colleague_took_away_does_not_stand_in_the_way(desk: Desk) -> None:
    (number,) = several(desk, 1)
    tag(desk, number, add=["vip"])
    async with inbox(desk) as screen:
        await screen.press("/")
        await screen.type("subject")
        await screen.press("enter", ":")
        await screen.type("keep view")
        await screen.press("enter")
        await screen.sees("Keep this search as a view")
        await screen.type("Ours")
        await screen.press("ctrl+o", "enter")
        await screen.sees("kept as “Ours”")
        [view] = saved_views(acting_as(desk, "bo"))
        remove_view(acting_as(desk, "bo"), view.id)
        await screen.press("u")
        await screen.sees("this view is gone already; u again takes back: tagged vip (1)")
        await screen.pilot.pause(UNREAD)
        await screen.press("u")
        await screen.sees("taken back on ticket 1: tagged")


async def test_a_shift_that_was_read_does_not_stand_in_the_way(desk: Desk) -> None:
    (number,) = several(desk, 1)
    tag(desk, number, add=["vip"])
    async with inbox(desk) as screen:
        await screen.press("g", "h")
        await screen.sees("Waiting for us 1")
        await screen.press("y")
        await screen.sees("bo has it at the next start")
        see_shifts(acting_as(desk, "bo"))
        await screen.press("u")
        await screen.sees("too late: bo has read what you handed over; u again takes back: tagged vip (1)")
        await screen.pilot.pause(UNREAD)
        await screen.press("u")
        await screen.sees("taken back on ticket 1: tagged")


async def test_what_is_done_while_a_mail_waits_says_that_the_mail_is_taken_back_first(desk: Desk) -> None:
    several(desk, 2)
    async with inbox(desk) as screen:
        await answered(screen)
        await screen.sees("queued for c0@corp.example, leaves in 10 s, u takes it back")
        await screen.press("g", "g", "e")
        await screen.sees("u takes it back · but first u stops the mail to c0@corp.example")
        await screen.press("u")
        await begun(screen)
        await screen.press("escape", "X")
        await ended(screen)
        await screen.press("e")
        await screen.sees("1: closed, u takes it back")
        assert "but first" not in screen.text


async def answered(screen: Screen) -> None:
    """Answer the ticket under the cursor; the mail waits."""
    await begun(screen, "r")
    await screen.type("Hello")
    await screen.press("escape", "y")
    await ended(screen)
