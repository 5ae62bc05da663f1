"""What a terminal too small for anything else shows: a few words, and no keys."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.front import front
from tui.reader.wrapping import wrap
from tui.words.tongue import tr

SMALLEST = (40, 10)
"""Columns and rows below which nothing sensible can be shown."""


def is_too_small(size: Size) -> bool:
    """Whether a terminal of this size shows nothing but this."""
    return size.width < SMALLEST[0] or size.height < SMALLEST[1]


class TinyScreen(ModalScreen[None]):
    """Stands in front of everything until there is room again."""

    DEFAULT_CSS = "TinyScreen { background: $background; align: left top; }"

    def compose(self) -> ComposeResult:
        yield Static()

    def on_resize(self, event: events.Resize) -> None:
        """Say it in as many words as find room, on one line or several."""
        said = (tr("make me a little bigger"), tr("too small"), "…")
        fitting = next((each for each in said if _has_room(each, event.size)), "")
        self.query_one(Static).update(Content("\n".join(wrap(fitting, event.size.width))))

    def on_screen_resume(self) -> None:
        """Go where there was room again while a screen lay over this one."""
        if not front(self).is_small:
            self.dismiss()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()


def _has_room(words: str, size: Size) -> bool:
    is_whole = all(cell_len(each) <= size.width for each in words.split())
    return is_whole and len(wrap(words, size.width)) <= size.height
