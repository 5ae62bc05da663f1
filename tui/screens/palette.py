"""The command palette: every action, view, macro and ticket by a few letters of its name."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from textual.content import Content

from tui.fuzzy import nearest
from tui.keys import Action, Context
from tui.screens.pickers import Choices, Picker

_LONGEST_NUMBER = 9


class PaletteScreen(Picker[Action]):
    """Gives the chosen action; the app carries it out where the palette was called."""

    HEADING = "Command"
    HINT = "letters, or a ticket's number   Enter does it   Esc leaves"

    def __init__(self, actions: Iterable[Action]) -> None:
        super().__init__()
        self._actions = {f"{each.label} {each.help} {each.shown_key}": each for each in actions}

    def offer(self, typed: str) -> None:
        found = [(name, self._actions[name]) for name in nearest(self._actions, typed)]
        if (opening := _opening(typed)) is not None:
            self._actions[opening.help] = opening
            found = [(opening.help, opening), *(each for each in found if each[1] is not opening)]
        self.query_one(Choices).offer((name, described(action)) for name, action in found)

    def choose(self) -> None:
        self.dismiss(self._actions[self.chosen] if self.chosen is not None else None)


def described(action: Action, width: int = 11) -> Content:
    """An action as a row: its key, and what it does."""
    return Content.assemble((_padded(action.shown_key, width), "bold $accent"), (action.help or action.label, ""))


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - cell_len(text), 1)


def _opening(typed: str) -> Action | None:
    number = typed.strip().removeprefix("#")
    if not (number.isdecimal() and number.isascii() and len(number) <= _LONGEST_NUMBER):
        return None
    return Action("open_ticket", (), f"open {number}", f"open ticket {number}", frozenset(Context), (number,))
