"""A list laid over the lower part of the screen: what is read stays in sight above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.keys import Context, on_key_line
from tui.widgets.bars import Heading, KeyLine, StatusLine

_CURSOR = ">"
"""What stands before the row that the cursor is on, as in the list of tickets."""


class LeafScreen(ModalScreen[None]):
    """Rows of one or more lines; the keys of its context act on the one under the cursor."""

    PLACE: ClassVar[Context]
    AUTO_FOCUS = "OptionList"
    CSS_PATH = "leaf.tcss"

    def __init__(self, title: str, about: str) -> None:
        super().__init__()
        self._title, self._about = title, about
        self._rows: Sequence[Content] = ()
        self._marked: int | None = None

    @property
    def context(self) -> Context | None:
        """Where keys act here."""
        return self.PLACE

    def compose(self) -> ComposeResult:
        with Vertical(id="leaf"):
            yield Heading(self._title, self._about)
            yield OptionList(markup=False, compact=True)
            yield StatusLine()
            yield KeyLine(self.PLACE)

    @property
    def at(self) -> int | None:
        """Which row the cursor is on."""
        return self.query_one(OptionList).highlighted

    def put(self, rows: Sequence[Content], empty: str) -> None:
        """Show other rows; the cursor stays where it is."""
        shown = self.query_one(OptionList)
        place = shown.highlighted or 0
        self._rows, self._marked = rows, None
        shown.clear_options()
        shown.add_options([Option(each) for each in rows] or [Option(Content(empty), disabled=True)])
        shown.highlighted = min(place, len(rows) - 1) if rows else None
        on_a_row = frozenset(each.shown_key for each in on_key_line(self.PLACE) if each.name != "back")
        self.query_one(KeyLine).leave_out(frozenset() if rows else on_a_row)

    @on(OptionList.OptionHighlighted)
    def mark(self, event: OptionList.OptionHighlighted) -> None:
        """Let a sign say which row the cursor is on: colour alone may not be there."""
        event.stop()
        shown = self.query_one(OptionList)
        for row in {self._marked, shown.highlighted} - {None}:
            if row is not None and row < min(len(self._rows), shown.option_count):
                is_here = row == shown.highlighted
                shown.replace_option_prompt_at_index(row, _marked(self._rows[row]) if is_here else self._rows[row])
        self._marked = shown.highlighted

    def go_to(self, row: int) -> None:
        """Put the cursor on a row."""
        self.query_one(OptionList).highlighted = row

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()

    def action_top(self) -> None:
        self.query_one(OptionList).action_first()

    def action_bottom(self) -> None:
        self.query_one(OptionList).action_last()

    def action_back(self) -> None:
        self.dismiss(None)

    def action_cancel(self) -> None:
        self.dismiss(None)

    @on(OptionList.OptionSelected)
    def ignore(self, event: OptionList.OptionSelected) -> None:
        """A click only moves the cursor."""
        event.stop()


def _marked(row: Content) -> Content:
    """A row with the sign of the list in its first cell, which is empty."""
    return Content.assemble((_CURSOR, "$accent"), row[1:])
