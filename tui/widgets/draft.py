"""Where an agent writes: plain text, soft wrapped, its gaps ⟦like this⟧ marked and one Tab apart."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult, Location, Selection

from desk.mentions import begun, completed
from desk.people import Handle
from desk.signing import signature_row
from tui.composer.draft_text import Called, called_at, gap_spans, plain
from tui.host import host
from tui.keys import Context
from tui.widgets.long_line import LONG, LongLine

_PASSING = 0.5
"""Seconds after which a key is meant for the text that it opened."""
_Gap = tuple[Location, Location]


class DraftArea(TextArea):
    """The text of a reply or note."""

    PLACE: ClassVar[Context] = Context.COMPOSER

    COMPONENT_CLASSES: ClassVar[set[str]] = {*TextArea.COMPONENT_CLASSES, "draft--gap", "draft--quote"}
    DEFAULT_CSS = """
    DraftArea {
        border: none; padding: 0 1; background: $background; scrollbar-size-vertical: 1;
        &:focus { border: none; }
        & > .draft--gap { color: $gap; text-style: bold; }
        & > .draft--quote { color: $muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "gap(1)", "next gap", show=False),
        Binding("shift+tab", "gap(-1)", "gap before", show=False),
        Binding("ctrl+j", "break_line", "line feed", show=False),
    ]

    def __init__(self, text: str) -> None:
        super().__init__(text, highlight_cursor_line=False)
        self.handles: tuple[Handle, ...] = ()
        """Whom a note can call; nobody where the text is a mail."""
        self._passing: frozenset[str] = frozenset()
        self._passed = 0.0
        """When a key that is let pass came last."""

    def let_pass(self, keys: frozenset[str]) -> None:
        """Take none of these keys for a letter as long as they may have been pressed for what opened the text.

        That is the second press, or a key that is held down: it ends with a moment's pause, and with any other key.
        """
        self._passing, self._passed = keys, time.monotonic()

    def on_key(self, event: events.Key) -> None:
        if event.key in self._passing and event.time - self._passed < _PASSING:
            self._passed = event.time
            event.prevent_default().stop()
        else:
            self._passing = frozenset()

    def on_resize(self) -> None:
        """Paint the lines as they are wrapped now: TextArea does only where it took another number of them."""
        self.refresh()

    def get_line(self, line_index: int) -> Text:
        words = self.document.get_line(line_index)
        line = LongLine(words) if len(words) > LONG else super().get_line(line_index)
        if line.plain.startswith(">"):
            line.stylize(self.get_component_rich_style("draft--quote", partial=True))
        for start, end in gap_spans(line.plain):
            line.stylize(self.get_component_rich_style("draft--gap", partial=True), start, end)
        return line

    def edit(self, edit: Edit) -> EditResult:
        """Change the text, without what a pasted text may hold for the terminal."""
        edit.text = plain(edit.text)
        return super().edit(edit)

    class Calls(Message):
        """Tab was pressed behind a macro's name: it is to take the name's place."""

        def __init__(self, called: Called, row: int) -> None:
            super().__init__()
            self.called, self.row = called, row

    class Turned(Message):
        """The text was taken back to what it was before, or on again."""

    def undo(self) -> None:
        """Take the last change of the text back."""
        super().undo()
        self.post_message(self.Turned())

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        super().redo()
        self.post_message(self.Turned())

    def action_gap(self, direction: int, or_tab: bool = False) -> None:  # noqa: FBT001, FBT002 - an action's argument
        """Select the next gap, or the one before, so that typing fills it; from the last one on to the first.

        Behind the name of a macro, as in `:refund`, that is asked for instead; a colleague's, as in `@b`, is completed.
        With `or_tab` a TAB is typed where there is no gap: in a text that is pasted as keys it is a letter of that.
        """
        if direction > 0 and self._complete_handle():
            return
        row, column = self.cursor_location
        called = called_at(self.document.get_line(row), column) if not self.selected_text else None
        if direction > 0 and called is not None:
            self.post_message(self.Calls(called, row))
            return
        found = self._gaps()
        top, bottom = sorted(self.selection)
        if or_tab and not found:
            self.replace("\t", top, bottom, maintain_selection_offset=False)
        elif direction > 0:
            self._select([*(each for each in found if each[0] >= bottom), *found])
        else:
            self._select([*(each for each in reversed(found) if each[1] <= top), *reversed(found)])

    def _complete_handle(self) -> bool:
        """Complete the handle that the cursor stands behind, as far as it is clear; tell which there are, where not."""
        row, column = self.cursor_location
        beginning = begun(self.document.get_line(row)[:column])
        if beginning is None or self.selected_text:
            return False
        words, found = completed(beginning, self.handles)
        if not found:
            return False
        self.put(words, (row, column - len(beginning)), (row, column))
        if len(found) > 1:
            host(self).say(", ".join(f"@{each}" for each in found))
        return True

    def action_break_line(self) -> None:
        """Begin a new line: a pasted line feed arrives as ctrl+j where the terminal does not bracket pastes."""
        start, end = sorted(self.selection)
        self.replace("\n", start, end, maintain_selection_offset=False)

    def insert_here(self, text: str) -> None:
        """Put a text in at the cursor, touching nothing that stands there, and select its first gap."""
        self.put(text, self.cursor_location, self.cursor_location)

    def put(self, text: str, start: Location, end: Location) -> None:
        """Put a text in the place of what stands there, as one change, and select its first gap."""
        self.history.checkpoint()
        last = self.replace(text, start, end, maintain_selection_offset=False).end_location
        self.history.checkpoint()
        self._select([each for each in self._gaps() if start <= each[0] and each[1] <= last])

    def replace_all(self, text: str) -> None:
        """Put another text in this one's place, and leave the cursor where it is."""
        cursor = self.cursor_location
        self.replace(text, self.document.start, self.document.end)
        self.move_cursor(cursor)

    def go_to_end(self) -> None:
        """Put the cursor behind the words, above a signature; a gap that is selected stays so."""
        if self.selected_text:
            return
        lines = self.document.lines
        row = signature_row(lines)
        above = [at for at, line in enumerate(lines[:row]) if line.strip()] if row is not None else [len(lines) - 1]
        last = above[-1] if above else 0
        self.move_cursor((last, len(lines[last])))

    def append(self, text: str) -> None:
        """Put a text below everything but a signature, room to write above it, and leave the selection where it is."""
        row, end, selection = signature_row(self.document.lines), self.document.end, self.selection
        at, put = (end, f"\n\n{text}") if row is None else ((row, 0), f"{text}\n\n")
        self.history.checkpoint()
        self.replace(put, at, at)
        self.history.checkpoint()
        self.selection = selection

    def _gaps(self) -> list[_Gap]:
        lines = enumerate(self.document.lines)
        return [((row, start), (row, end)) for row, line in lines for start, end in gap_spans(line)]

    def _select(self, found: Iterable[_Gap]) -> None:
        """Select the first of these gaps, if there is one."""
        if gap := next(iter(found), None):
            self.selection = Selection(*gap)
