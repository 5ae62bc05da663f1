"""Screens beside the inbox: they show something else for a while, and say where to go when they are left."""

from __future__ import annotations

from typing import ClassVar

from textual.screen import Screen

from desk.actions.redo import redo
from desk.actions.undo import Undone, undo
from desk.beginning import KeptBeginning
from desk.draft import Draft
from desk.ticket import TicketNumber
from tui.front import front
from tui.keys import Context
from tui.words.tongue import tr

Onward = str | TicketNumber | Draft | KeptBeginning | None
"""The name of a view, the number of a ticket, a text to write on, or just back."""


class SideScreen(Screen[Onward]):
    """A screen with keys of its own, from which the `g` keys and `q` lead back."""

    PLACE: ClassVar[Context]

    @property
    def context(self) -> Context | None:
        """Where keys act here."""
        return self.PLACE

    def action_view(self, name: str) -> None:
        if name != self.PLACE:
            self.dismiss(name)

    def action_open_ticket(self, number: str) -> None:
        self.dismiss(TicketNumber(int(number)))

    def action_undo(self) -> None:
        front(self).undoing.take_back(undo, self._undone)

    def action_redo(self) -> None:
        front(self).act(tr("redo"), redo, lambda redone: front(self).say(redone.said))

    def action_back(self) -> None:
        self.dismiss(None)

    def action_cancel(self) -> None:
        self.dismiss(None)

    def _undone(self, undone: Undone) -> None:
        """Say what was taken back; a text among it is written on in front of the inbox, unless one went elsewhere."""
        front(self).say(undone.said)
        if (text := undone.draft or undone.beginning) is not None and self.is_current:
            self.dismiss(text)


def side_screen(name: str) -> SideScreen | None:
    """The screen of this name; None: it is a view of the list."""
    match name:
        case "stats":
            from tui.screens.stats import StatsScreen

            return StatsScreen()
        case "shift":
            from tui.screens.shift import ShiftScreen

            return ShiftScreen()
        case "parked":
            from tui.screens.parked import ParkedScreen

            return ParkedScreen()
        case "outbox":
            from tui.screens.outbox import OutboxScreen

            return OutboxScreen()
        case _:
            return None
