"""The composer of the running application: opened, closed, and what it left in the store."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from desk.conversation import Event, Note
from desk.desk import Desk
from desk.draft import Draft
from desk.outgoing import OutboxEntry
from desk.presence import Doing
from desk.ticket import TicketNumber
from tests.tui.apps import NARROW, Screen, showing
from tui.screens.compose import ComposeScreen
from tui.screens.edit_note import EditNoteScreen
from tui.widgets.draft import DraftArea

ONE = TicketNumber(1)


@asynccontextmanager
async def inbox(desk: Desk, macros: Path | None = None, size: tuple[int, int] = NARROW) -> AsyncGenerator[Screen]:
    """The application, its list read."""
    async with showing(desk, size, macros=macros) as screen:
        await screen.until(lambda: screen.cursor is not None)
        yield screen


@asynccontextmanager
async def answering(desk: Desk, text: str = "Hello") -> AsyncGenerator[Screen]:
    """The application, and in it an answer to the ticket at the top with this text, not reviewed yet."""
    async with inbox(desk) as screen:
        await begun(screen, "r")
        write(screen, text)
        yield screen


async def begun(screen: Screen, *keys: str) -> ComposeScreen:
    """Press keys that open the composer, and wait until it knows what it needs to."""
    await screen.press(*keys)
    await screen.until(
        lambda: isinstance(screen.app.screen, ComposeScreen) and bool(screen.app.screen.query(DraftArea))
    )
    composer = screen.app.screen
    assert isinstance(composer, ComposeScreen)
    await screen.until(lambda: Doing.ANSWERING in doings(screen.app.desk))
    await screen.pilot.pause()
    return composer


async def sent_with_a_macro_and_taken_back(screen: Screen) -> None:
    """Answer with the macro `g`, its required step done, and undo that: the composer is open again."""
    await begun(screen, ",", "g")
    await screen.press("escape", "2", "y")
    await ended(screen)
    await screen.press("u")
    await begun(screen)


def write(screen: Screen, text: str) -> None:
    """Put a text in at the cursor, faster than by keys."""
    area(screen).insert(text)


async def ended(screen: Screen) -> None:
    await screen.until(lambda: not isinstance(screen.app.screen, ComposeScreen))


def doings(desk: Desk) -> list[Doing]:
    return [each.doing for each in desk.store.presences.all(desk.clock())]


def outbox(desk: Desk) -> list[OutboxEntry]:
    return desk.store.outbox.all()


def drafts(desk: Desk, number: int = 1) -> list[Draft]:
    return desk.store.drafts.of(TicketNumber(number))


def notes(desk: Desk, number: int = 1) -> list[str]:
    """Those that stand on a ticket."""
    entries = desk.store.conversations.of(TicketNumber(number))
    return [each.note for each in entries if isinstance(each, Note) and not each.removed]


def area(screen: Screen) -> DraftArea:
    return screen.app.screen.query_one(DraftArea)


def events_of(desk: Desk, number: TicketNumber) -> list[Event]:
    return [each for each in desk.store.conversations.of(number) if isinstance(each, Event)]


async def editing(screen: Screen) -> None:
    """Edit one's last note, and wait until its text has the keys."""
    await screen.press(":")
    await screen.type("edit note")
    await screen.press("enter")
    await screen.until(lambda: isinstance(screen.app.screen, EditNoteScreen) and bool(screen.app.screen.focused))
