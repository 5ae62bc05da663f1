"""The line in which one types what to find; it says how many places there are, and stays while a search is on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.keys import Context
from tui.words.finding import LONGEST
from tui.words.tongue import tr


class FindInput(Input):
    """The words being typed."""

    PLACE: ClassVar[Context] = Context.FIND

    def key_escape(self) -> None:
        self.post_message(FindLine.Ended())

    def key_down(self) -> None:
        self.post_message(FindLine.Stepped(1))

    def key_up(self) -> None:
        self.post_message(FindLine.Stepped(-1))


class FindLine(Horizontal):
    """One line at the lower edge; it is there only while something is sought."""

    DEFAULT_CSS = """
    FindLine {
        height: 1; background: $chosen-faint;
        & > #find-sign { width: 2; padding: 0 0 0 1; color: $accent; text-style: bold; }
        & > FindInput { width: 1fr; height: 1; border: none; padding: 0; background: $chosen-faint; }
        & > FindInput:focus { border: none; }
        & > #find-told { width: auto; padding: 0 1; color: $muted; }
        & > #find-told.-warning { color: $warning; }
    }
    """

    @dataclass
    class Typed(Message):
        """Other words are sought."""

        words: str

    @dataclass
    class Stepped(Message):
        """The agent wants the next place, or the one before, and types on."""

        by: int

    class Kept(Message):
        """The words are whole: the keys go from place to place now."""

    class Ended(Message):
        """The search is over."""

    def compose(self) -> ComposeResult:
        yield Static(Content("/"), id="find-sign")
        yield FindInput(compact=True, max_length=LONGEST, select_on_focus=False)
        yield Static(Content(""), id="find-told")

    def on_mount(self) -> None:
        self.display = False

    @property
    def is_on(self) -> bool:
        """Whether something is sought."""
        return self.display

    def ask(self) -> None:
        """Show the line, with what was sought last, which the next letter replaces."""
        self.display = True  # not by a class: what is not shown yet cannot have the focus
        field = self.query_one(FindInput)
        self.screen.set_focus(field)
        field.action_select_all()
        self.post_message(self.Typed(field.value))

    def end(self) -> None:
        """Take the line away."""
        self.display = False

    def tell(self, words: str, *, warns: bool = False) -> None:
        """Say how many places there are, at the right end."""
        told = self.query_one("#find-told", Static)
        told.set_class(warns, "-warning")
        told.update(Content(words))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.is_on:
            self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Kept())


def told_found(told: str, *, is_around: bool) -> str:
    """Where a search is, and that it went on from the other end."""
    return tr("{found}, from the other end").format(found=told) if is_around else told
