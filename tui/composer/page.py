"""What all parts of a composer ask of the screen that they are on; what one of them asks besides, it says itself."""

from __future__ import annotations

from typing import Any, Protocol

from textual.screen import Screen

from tui.reader.opened import OpenTicket
from tui.widgets.compose_title import ComposeTitle
from tui.widgets.draft import DraftArea


class Page(Protocol):
    """A screen with a text on it."""

    @property
    def screen(self) -> Screen[Any]:
        """It, as the application knows it."""
        ...

    @property
    def opened(self) -> OpenTicket:
        """The ticket that is written on, as it was last read."""
        ...

    @property
    def area(self) -> DraftArea:
        """Where the text stands."""
        ...

    @property
    def heading(self) -> ComposeTitle:
        """The line above it."""
        ...

    def show(self) -> None:
        """Bring everything around the text up to date."""
        ...
