"""A question for a path that Tab completes as shells do: as far as all that fits agrees, and no file by itself.

What fits stands below the line; of several that agree no further Tab says so first, and takes the marked one when it is
pressed again, or at once where another than the first was marked.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from desk.safe import safe_line
from tui.composer.paths import Candidate, Candidates
from tui.keys import Context
from tui.keys.naming import with_keys
from tui.screens.awaiting import AwaitingPicker
from tui.widgets.path_input import PathInput
from tui.words.tongue import tr

T = TypeVar("T")


class CompletingPicker(AwaitingPicker[T]):
    """Its line holds a path; `_candidates` are what that may become."""

    PLACE = Context.PATH
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "complete", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._candidates = Candidates()
        self._completed = ""
        """What stood in the line after Tab, where it may be pressed again."""

    def line(self) -> Input:
        return PathInput()

    def asks(self, typed: str) -> None:
        super().asks(typed)
        if typed != self._completed:
            self._completed = ""

    @abstractmethod
    def go_to(self, path: str) -> None:
        """Have this path in the line."""

    def marked(self) -> Candidate | None:
        """What is marked in the list, if that still is what fits the typed letters."""
        chosen = self.chosen
        if chosen is None or self.query_one(Input).value != self._typed:
            return None
        return self._candidates.found[int(chosen)] if self._candidates.found else None

    def action_complete(self) -> None:
        """Go on as far as all that fits agrees; a second time, take what is marked."""
        self.once_there(self._complete)

    def _complete(self) -> None:
        typed, marked, found = self.query_one(Input).value, self.marked(), self._candidates
        if len(found.common) > len(typed):
            self._completed = found.common
            self.go_to(found.common)
        elif marked is not None and (self._completed == typed or self.chosen != "0" or len(found.found) == 1):
            self._completed = ""
            self.go_to(marked.typed)
        elif marked is not None:
            self._completed = typed
            words = tr("all agree so far: type on, or {key_complete} again takes {name}")
            self.hint(with_keys(words, self.PLACE, name=safe_line(marked.name)))
