"""Where the remark above a shift is written."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import TextArea

from tui.keys import Context
from tui.keys.naming import with_keys
from tui.words.tongue import tr


class Remark(TextArea):
    """What is said above the shift."""

    DEFAULT_CSS = """
    Remark {
        height: auto; max-height: 8; border: none; padding: 0 1; background: $note-background;
        scrollbar-size-vertical: 1;
        &:focus { border: none; }
        & .text-area--placeholder { color: $muted; }
    }
    """
    PLACE: ClassVar[Context] = Context.REMARK
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "screen.end_remark", "back", show=False)]

    def __init__(self) -> None:
        super().__init__("", highlight_cursor_line=False, tab_behavior="focus", placeholder=_invitation())

    def on_focus(self) -> None:
        self.placeholder = ""

    def on_blur(self) -> None:
        self.placeholder = _invitation()


def _invitation() -> Content:
    return Content(with_keys(tr("no remark; {key_remark} writes one")))
