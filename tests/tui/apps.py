"""The real application on a real store, without a terminal: keys go in, the painted text comes out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from desk.desk import Desk, new_screen
from macros.library import Library
from tests.desks import make_desk
from tui.app import TandemApp
from tui.ports import Background
from tui.screens.inbox import InboxScreen
from tui.terminal.bursts import HOLD

NARROW, WIDE = (80, 24), (140, 40)
PATIENCE = 30.0


@dataclass
class Screen:
    """A running application."""

    app: TandemApp
    pilot: Pilot[None]

    @property
    def text(self) -> str:
        """Everything that is painted, line by line; what is painted only now is painted as this application's."""
        with self.app._context():  # noqa: SLF001 - of two applications in one test the last would be taken
            strips = self.app.screen._compositor.render_strips()  # noqa: SLF001 - there is no public way to read it
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    @property
    def inbox(self) -> InboxScreen:
        """The screen at the bottom."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, InboxScreen)
        return screen

    @property
    def shown(self) -> int | None:
        """The ticket in the reader, which stands beside the list or over it."""
        return self.inbox.reader.current.ticket.number if self.inbox.reader.current else None

    @property
    def cursor(self) -> int | None:
        """The ticket under the cursor of the list."""
        return self.inbox.tickets.current

    async def press(self, *keys: str) -> None:
        """Press keys as a person does: each is acted on before the next."""
        for key in keys:
            self.send(key)
            await asyncio.sleep(1.5 * HOLD)
            await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type a text where there is one to type, at a stroke."""
        self.send(*("space" if character == " " else character for character in text))
        await self.pilot.pause()

    def send(self, *keys: str) -> None:
        """Press keys at a stroke, before any of them is acted on."""
        for key in keys:
            character = " " if key == "space" else key if len(key) == 1 else None
            self.app.post_message(events.Key(_character_to_key(key) if len(key) == 1 else key, character))

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, self.text
            await asyncio.sleep(0.02)
        await self.pilot.pause()

    async def sees(self, *words: str) -> None:
        """Wait until all these words are on the screen."""
        await self.until(lambda: all(word in self.text for word in words))

    async def misses(self, *words: str) -> None:
        """Wait until none of these words is on the screen."""
        await self.until(lambda: not any(word in self.text for word in words))

    async def at_the_list(self) -> None:
        """Wait until no other screen lies over the list."""
        await self.until(lambda: isinstance(self.app.screen, InboxScreen))


@asynccontextmanager
async def showing(
    desk: Desk, size: tuple[int, int] = NARROW, *, background: Background | None = None, macros: Path | None = None
) -> AsyncIterator[Screen]:
    """The application over this desk, its list read."""
    app = TandemApp(replace(desk, screen=new_screen()), Library(macros), background)
    async with app.run_test(size=size) as pilot:
        screen = Screen(app, pilot)
        await screen.until(lambda: bool(screen.inbox.query("TopLine")) and "Inbox" in screen.text)
        yield screen


@contextmanager
def open_desk(folder: Path, *agents: str, undo_seconds: int = 10) -> Iterator[Desk]:
    """A desk in this folder, closed at the end."""
    desk = make_desk(folder, agents=agents or ("ana", "bo"), undo_seconds=undo_seconds)
    try:
        yield desk
    finally:
        desk.store.close()
