"""The line above the list: what it shows and in which order; `/` adds an input that filters while one types."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from desk.safe import safe_line
from tui.widgets.bars import Bar, spread


class Caption(Bar):
    """What the list shows, and a warning where the filter cannot be read."""

    DEFAULT_CSS = "Caption { background: $background; }"

    left = ""
    right = ""
    warning = ""

    def show(self, left: str, right: str, warning: str = "") -> None:
        """Say something else."""
        if (left, right, warning) != (self.left, self.right, self.warning):
            self.left, self.right, self.warning = left, right, warning
            self.refresh()

    def words(self, width: int) -> Content:
        if self.warning:
            return spread([(f" {safe_line(self.warning)}", "$warning")], [], width)
        return spread([(f" {safe_line(self.left)}", "$muted")], [(f"{safe_line(self.right)} ", "$muted")], width)


class FilterInput(Input):
    """The words being typed."""

    DEFAULT_CSS = """
    FilterInput {
        height: 1; border: none; padding: 0 1; background: $chosen-faint;
        &:focus { border: none; background: $chosen-faint; }
    }
    """


class FilterLine(Widget):
    """A caption, and above it the input while one filters."""

    DEFAULT_CSS = "FilterLine { height: auto; width: 1fr; }"

    @dataclass
    class Typed(Message):
        """The words changed."""

        words: str

    @dataclass
    class Left(Message):
        """The agent went back to the list; `keep` is false where the filter is to be taken off."""

        keep: bool

    def compose(self) -> ComposeResult:
        yield Caption()

    @property
    def caption(self) -> Caption:
        """The line that says what the list shows."""
        return self.query_one(Caption)

    async def ask(self, words: str) -> None:
        """Show the input with these words and give it the focus."""
        if not self.query(FilterInput):
            field = FilterInput(words, placeholder="words  from:  tag:  is:closed  waiting:>4h", select_on_focus=False)
            await self.mount(field, before=0)
        self.screen.set_focus(self.query_one(FilterInput))

    async def shut(self) -> None:
        """Take the input away."""
        await self.query(FilterInput).remove()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Left(keep=True))

    def key_escape(self) -> None:
        self.post_message(self.Left(keep=False))

    def key_down(self) -> None:
        self.post_message(self.Left(keep=True))
