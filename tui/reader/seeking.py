"""A screen on which words are found in lines that are read: `/` asks for them, `n` and `N` go from place to place."""

from __future__ import annotations

from abc import abstractmethod

from textual.screen import Screen

from tui.widgets.find import FindLine, told_found
from tui.widgets.line_view import LineView


class Seeking(Screen[None]):
    """Has one view of lines and, at its lower edge, a FindLine."""

    @property
    @abstractmethod
    def sought_in(self) -> LineView:
        """Where things are found."""

    @property
    def is_seeking(self) -> bool:
        """Whether a search is on."""
        return self.sought_in.found is not None

    def find_words(self, words: str) -> None:
        """Find other words."""
        self.sought_in.find(words)
        self.tell_found()

    def action_find(self) -> None:
        """Ask what to find; what was sought last stands there."""
        self.sought_in.begin_find()
        self.query_one(FindLine).ask()

    def action_find_next(self) -> None:
        self.step_find(1)

    def action_find_back(self) -> None:
        self.step_find(-1)

    def action_end_find(self) -> None:
        self.end_find()

    def step_find(self, by: int) -> None:
        """Go to another place; where nothing is sought yet, ask."""
        if not self.is_seeking:
            self.action_find()
            return
        self.tell_found(is_around=self.sought_in.find_on(by))

    def end_find(self) -> None:
        """End the search, where one is on."""
        if self.query_one(FindLine).is_on:
            self.query_one(FindLine).end()
            self.sought_in.end_find()
            self.set_focus(self.sought_in)

    def tell_found(self, *, is_around: bool = False) -> None:
        """Say how many places there are."""
        view, line = self.sought_in, self.query_one(FindLine)
        if view.found is None or not view.found.words.strip():
            line.tell("")
        else:
            told = view.found.told(view.place)
            line.tell(told_found(told, is_around=is_around), warns=not view.found.places)

    def on_find_line_typed(self, event: FindLine.Typed) -> None:
        event.stop()
        self.find_words(event.words)

    def on_find_line_stepped(self, event: FindLine.Stepped) -> None:
        event.stop()
        self.step_find(event.by)

    def on_find_line_kept(self, event: FindLine.Kept) -> None:
        """Give the keys back to the text; with no words there is no search."""
        event.stop()
        found = self.sought_in.found
        if found is None or not found.words.strip():
            self.end_find()
        else:
            self.set_focus(self.sought_in)

    def on_find_line_ended(self, event: FindLine.Ended) -> None:
        event.stop()
        self.end_find()
