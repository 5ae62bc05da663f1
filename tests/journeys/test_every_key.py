"""Every key of the table, pressed where it acts: nothing breaks, and what it did to a ticket one `u` takes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from desk.conversation import Message, Note
from desk.desk import Desk
from desk.people import Address
from desk.ticket import TicketNumber
from tests.desks import receive
from tests.tui.apps import WIDE, Screen, open_desk, showing
from tui.keys import ACTIONS, Action, Context
from tui.screens.inbox import InboxScreen

_LEAVES = {"quit"}
"""What ends the program, and is seen to be asked for elsewhere."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as desk:
        for at in range(4):
            receive(desk, subject=f"Subject {at}", sender=Address(f"c{at}@corp.example", f"Customer {at}"))
        yield desk


def standing(desk: Desk) -> list[object]:
    """What customers and colleagues would notice if it changed."""
    numbers = [TicketNumber(number) for number in range(1, 5)]
    tickets = [
        (each.number, each.status, each.assignee, each.tags, each.priority, each.snoozed_until, each.related)
        for each in desk.store.tickets.many(numbers)
    ]
    said = [
        (each.ticket, type(each), each.text if isinstance(each, Message) else each.note)
        for number in numbers
        for each in desk.store.conversations.of(number)
        if isinstance(each, Message | Note)
    ]
    return [tickets, said, list(desk.store.drafts.shared())]


async def go_to(screen: Screen, context: Context) -> None:
    """Put away whatever lies on top, and be in the list or in the reader."""
    is_there = screen.app.screen is screen.inbox and screen.inbox.context is context and screen.cursor is not None
    if is_there and not screen.inbox.tickets.marked:
        return
    while not isinstance(screen.app.screen, InboxScreen):
        await screen.app.pop_screen()
    for _ in range(6):
        if screen.inbox.context is Context.LIST and not screen.inbox.tickets.marked:
            break
        await screen.press("escape")
    assert screen.inbox.context is Context.LIST, screen.text
    await screen.press("g", "i")
    await screen.until(lambda: screen.cursor is not None)
    if context is Context.READER:
        await screen.press("enter")
        await screen.until(lambda: screen.inbox.context is Context.READER)


async def written(screen: Screen) -> None:
    """Wait until everything that was asked for is in the store."""
    done = Event()
    screen.app.act("wait", lambda _: None, lambda _: done.set())
    await screen.until(done.is_set)


def keys_of(context: Context) -> list[Action]:
    """Everything that a key does there, each once."""
    return [each for each in ACTIONS if context in each.contexts and each.keys and each.name not in _LEAVES]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("context", [Context.LIST, Context.READER], ids=["list", "reader"])
async def test_each_key_is_harmless_or_taken_back_by_one_undo(desk: Desk, context: Context) -> None:
    async with showing(desk, WIDE) as screen:
        await screen.sees("Subject 3")
        for action in keys_of(context):
            await go_to(screen, context)
            before = standing(desk)
            await screen.press(*action.keys[0].split(" "))
            await written(screen)
            assert screen.app.broken is None, action.id
            assert not screen.app.is_leaving, action.id
            assert not list(desk.store.outbox.all()), action.id
            if standing(desk) != before and action.name not in ("undo", "redo"):
                await go_to(screen, context)
                await screen.press("u")
                await written(screen)
                assert standing(desk) == before, action.id
