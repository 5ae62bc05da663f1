"""The tour of an application: begun by itself, once for each agent, and whenever it is asked for; Esc ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from tui.habits import Habits
from tui.keys import Action, Context
from tui.keys.chords import ESCAPE
from tui.settings import ScreenSettings

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen
    from tui.widgets.tour import Tour

_AGAIN = 1.0
"""Seconds between two looks whether the tour can begin."""


class Toured(Protocol):
    """What this asks of the application."""

    settings: ScreenSettings
    habits: Habits

    @property
    def inbox(self) -> InboxScreen:
        """The screen at the bottom."""
        ...

    def here(self) -> Context | None:
        """The context of the screen on top."""
        ...

    def remember(self, habits: Habits) -> None:
        """Keep the habits."""
        ...

    def later(self, seconds: float, callback: Callable[[], None]) -> None:
        """Call back after a while."""
        ...


class Touring:
    """The first steps, over the list as it is; at most one tour at a time."""

    def __init__(self, app: Toured) -> None:
        self._app = app
        self._tour: Tour | None = None

    def begin(self) -> None:
        """Show the first step."""
        from tui.widgets.tour import begin_tour

        self._end()
        self._tour = begin_tour(self._app.inbox)
        if not self._app.habits.has_seen_tour:
            self._app.remember(self._app.habits.seen())

    def offer(self) -> None:
        """Begin by itself, for who has seen none, as soon as there is a ticket to try it on."""
        if not self._app.settings.tour or self._app.habits.has_seen_tour:
            return
        if self._app.here() is Context.LIST and self._app.inbox.has_tickets:
            self.begin()
        else:
            self._app.later(_AGAIN, self.offer)

    def ends_by(self, action: Action) -> bool:
        """Whether this was the Esc that ends the tour, and nothing else."""
        is_end = self._tour is not None and action.name == "cancel" and ESCAPE in action.keys
        if is_end:
            self._end()
        return is_end

    def saw(self, action: Action) -> None:
        """Go on where the step was done; after the last one the tour is over."""
        if self._tour is not None and not self._tour.saw(action):
            self._end()

    def _end(self) -> None:
        if self._tour is not None:
            self._tour.remove()
            self._tour = None
