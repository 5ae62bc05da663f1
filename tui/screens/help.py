"""All keys, where they act and what they do: searchable, and Enter does what is marked."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from textual.content import Content

from tui.fuzzy import nearest
from tui.keys import ACTIONS, Action, Context
from tui.screens.palette import described
from tui.screens.pickers import Choices, Picker

_PLACES = {
    Context.LIST: "in the list",
    Context.FILTER: "while filtering",
    Context.READER: "in the reader",
    Context.FIND: "while typing what to find",
    Context.FOUND: "while something is sought",
    Context.SOURCE: "in a mail's source",
    Context.FILES: "among the files",
    Context.LINKS: "among the links",
    Context.SIDEBAR: "among the views",
    Context.OUTBOX: "in the outbox",
    Context.PARKED: "among parked mail",
    Context.STATS: "in the figures",
    Context.COMPOSER: "while writing",
    Context.REVIEW: "after Esc while writing",
}
_WORDS = 58


class HelpScreen(Picker[Action]):
    """The keys of `here` first, then those of the other places. Gives an action that can be run from here."""

    HEADING = "Keys"
    HINT = "type to search   Enter does it   Esc leaves"

    def __init__(self, here: Context) -> None:
        super().__init__()
        self._here = here
        rows = _all(here)
        self._rows = {f"{each.label} {each.help} {each.shown_key} {_PLACES[at]}": (at, each) for at, each in rows}

    def offer(self, typed: str) -> None:
        found = nearest(self._rows, typed) if typed.strip() else list(self._rows)
        self.query_one(Choices).offer((words, self._described(*self._rows[words])) for words in found)
        self.hint(self.HINT)

    def choose(self) -> None:
        if self.chosen is None:
            return
        place, action = self._rows[self.chosen]
        if action.typed or place is not self._here:
            self.hint(f"this key acts only {_PLACES[place]}", warns=True)
        else:
            self.dismiss(action)

    def _described(self, place: Context, action: Action) -> Content:
        row = described(action)
        if place is self._here:
            return row
        return Content.assemble(row, " " * max(_WORDS - cell_len(row.plain), 2), (_PLACES[place], "$muted"))


def _all(here: Context) -> Iterator[tuple[Context, Action]]:
    """Every action that has a key, once, under the place from which it is reached first."""
    told: set[int] = set()
    for context in (here, *(each for each in Context if each is not here)):
        for index, action in enumerate(ACTIONS):
            if context in action.contexts and action.keys and index not in told:
                told.add(index)
                yield context, action
