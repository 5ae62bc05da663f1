"""What a terminal too small for anything else shows: one line, and no keys."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static


class TinyScreen(ModalScreen[None]):
    """Stands in front of everything until there is room again."""

    DEFAULT_CSS = "TinyScreen { background: $background; align: left top; }"

    def compose(self) -> ComposeResult:
        yield Static(Content("make me a little bigger"))

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
