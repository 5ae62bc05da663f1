"""What a terminal too small for anything else shows: one line, and no keys."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.words.tongue import tr


class TinyScreen(ModalScreen[None]):
    """Stands in front of everything until there is room again."""

    DEFAULT_CSS = "TinyScreen { background: $background; align: left top; }"

    def compose(self) -> ComposeResult:
        yield Static()

    def on_resize(self, event: events.Resize) -> None:
        """Say it in one line, in as many words as find room."""
        said = (tr("make me a little bigger"), tr("too small"), "…")
        fitting = next((each for each in said if cell_len(each) <= event.size.width), "")
        self.query_one(Static).update(Content(fitting))

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
