"""The application under settings of one's own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from desk.desk import Desk, new_screen
from macros.library import Library
from tests.tui.apps import NARROW, Screen
from tui.app import TandemApp
from tui.keys.keymap import Rebinding, keymap
from tui.settings import ScreenSettings


@asynccontextmanager
async def dressed(
    desk: Desk, settings: ScreenSettings, size: tuple[int, int] = NARROW, macros: Path | None = None
) -> AsyncGenerator[Screen]:
    """The application under these settings."""
    app = TandemApp(replace(desk, screen=new_screen()), Library(macros), settings=settings)
    async with app.run_test(size=size) as pilot:
        screen = Screen(app, pilot)
        await screen.until(lambda: bool(screen.inbox.query("TopLine")) and bool(screen.text.split("\n")[-1].strip()))
        yield screen


def rebound(*changes: tuple[str, str]) -> ScreenSettings:
    return ScreenSettings(actions=keymap([Rebinding(action, (key,)) for action, key in changes]))
