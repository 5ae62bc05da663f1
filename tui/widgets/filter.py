"""The line above the list: what it shows and in which order; `/` adds an input that filters while one types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from desk.errors import BadQuery
from desk.safe import safe_line
from tui.keys import Context
from tui.reader.wrapping import fit
from tui.widgets.bar_words import spread
from tui.widgets.bars import Bar
from tui.words.heard import heard
from tui.words.tongue import tr

_REMEMBERED = 50
_HINTED = 24
"""Cells of a hint that help, such as the first words of those that are known."""


class Caption(Bar):
    """What the list shows, and a warning where the filter cannot be read."""

    DEFAULT_CSS = "Caption { background: $background; }"

    left = ""
    brief = ""
    right = ""
    wrong: BadQuery | None = None

    def show(self, left: str, brief: str, right: str) -> None:
        """Say something else; `brief` stands for what is at the left where there is no room for it."""
        if (left, brief, right, None) != (self.left, self.brief, self.right, self.wrong):
            self.left, self.brief, self.right, self.wrong = left, brief, right, None
            self.refresh()

    def warn(self, wrong: BadQuery) -> None:
        """Say what is wrong with the filter, at its column."""
        if wrong is not self.wrong:
            self.wrong = wrong
            self.refresh()

    def words(self, width: int) -> Content:
        if self.wrong is not None:
            return Content.styled(pointed(self.wrong, width), "$warning")
        left, right = f" {safe_line(self.left)}", f" {safe_line(self.right)} "
        left = left if cell_len(left) + cell_len(right) <= width else f" {safe_line(self.brief)}"
        return spread([(left, "$muted")], [(right, "$muted")], width)


def pointed(wrong: BadQuery, width: int) -> str:
    """What is wrong with a text, with a pointer below the character where it is wrong: `  ^ there is no “x:”`."""
    at = min(1 + cell_len(safe_line(wrong.query[: wrong.column - 1])), max(width - 2, 0))
    words = heard(safe_line(wrong.fault))
    whole = f"{words} ({heard(safe_line(wrong.hint))})" if wrong.hint else words
    if cell_len(words) <= (room := width - at - 3):
        told = whole if min(cell_len(whole), cell_len(words) + _HINTED) <= room else words
        return f" {' ' * at}^ {fit(told, room)}"
    return f" {words} ^".rjust(at + 2) if cell_len(words) + 3 <= at + 2 else f" {words}"


class FilterInput(Input):
    """The words being typed."""

    PLACE: ClassVar[Context] = Context.FILTER
    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab,shift+tab", "submit", "keep", show=False)]

    virtual_size = reactive(Size(0, 0), layout=False, repaint=False)
    """As wide as what is typed; no letter moves anything else."""

    DEFAULT_CSS = """
    FilterInput {
        width: 1fr; height: 1; border: none; padding: 0 1 0 0; background: $chosen-faint;
        &:focus { border: none; background: $chosen-faint; }
    }
    """

    def __init__(self, words: str, example: str, typed: Callable[[], None]) -> None:
        self._typed = typed
        super().__init__(words, placeholder=example, select_on_focus=False)
        self.disable_messages(Input.Changed)

    def watch_value(self) -> None:
        """Tell it before the letter is painted: what it finds may be in the same frame."""
        self._typed()


class FilterLine(Widget):
    """A caption, and above it the input while one filters. It remembers what was searched for.

    `typed` is told the words when they change, at once: what is found soon is painted with the letter.
    """

    DEFAULT_CSS = """
    FilterLine {
        height: auto; width: 1fr;
        & > #filter-typed { height: 1; background: $chosen-faint; }
        & #filter-sign { width: 2; padding: 0 0 0 1; color: $accent; text-style: bold; }
    }
    """

    @dataclass
    class Left(Message):
        """The agent went back to the list; `keep` is false where the filter is to be taken off."""

        keep: bool

    def __init__(self, typed: Callable[[str], None]) -> None:
        super().__init__()
        self._typed = typed
        self._history: list[str] = []
        self._at, self._begun = 0, ""
        self._told = ""

    def compose(self) -> ComposeResult:
        yield Caption()

    @property
    def caption(self) -> Caption:
        """The line that says what the list shows."""
        return self.query_one(Caption)

    @property
    def is_open(self) -> bool:
        """Whether a filter is being typed."""
        return bool(self.query(FilterInput))

    async def ask(self, words: str) -> None:
        """Show the input with these words and give it the focus."""
        if not self.is_open:
            example = tr("words  from:  tag:  is:closed  waiting:>4h")
            self._told, self._at = words, len(self._history)
            field = FilterInput(words, example, self._tell)
            sign = Static(Content("/"), id="filter-sign")
            await self.mount(Horizontal(sign, field, id="filter-typed"), before=0)
        self.screen.set_focus(self.query_one(FilterInput))

    async def shut(self) -> None:
        """Take the input away; what was searched for is remembered."""
        words = self._told.strip()
        if words and words not in self._history[-1:]:
            self._history = [*(each for each in self._history[1 - _REMEMBERED :] if each != words), words]
        await self.query("#filter-typed").remove()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._leave()

    def key_escape(self) -> None:
        self.post_message(self.Left(keep=False))

    def key_up(self) -> None:
        """What was searched for before."""
        self._recall(self._at - 1)

    def key_down(self) -> None:
        """What was searched for after that; from the latest into the list."""
        if self._at >= len(self._history):
            self._leave()
        else:
            self._recall(self._at + 1)

    def _recall(self, at: int) -> None:
        if not 0 <= at <= len(self._history):
            return
        field = self.query_one(FilterInput)
        if self._at == len(self._history):
            self._begun = field.value
        self._at = at
        field.value = self._history[at] if at < len(self._history) else self._begun
        field.cursor_position = len(field.value)

    def _leave(self) -> None:
        self._tell()
        self.post_message(self.Left(keep=True))

    def _tell(self) -> None:
        """Tell the words, once for each change: of what is asked while one reads, only the newest is read."""
        for field in self.query(FilterInput):
            if field.value != self._told:
                self._told = field.value
                self._typed(field.value)
