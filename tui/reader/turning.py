"""A ticket that is read from the store to be shown: with the next frame where it is there by then, or else later."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from desk.desk import Desk
from desk.ticket import TicketNumber
from tui.lists.rows import PATIENCE
from tui.reader.opened import OpenTicket, load


class Turned:
    """A ticket on its way; `done` is called with it, once, on the event loop."""

    def __init__(self, number: TicketNumber, done: Callable[[OpenTicket], None]) -> None:
        self._number, self._done = number, done
        self._opened: OpenTicket | None = None
        self._here, self._is_taken = Event(), False

    def read(self, desk: Desk) -> None:
        """Read it, in another thread.

        Raises:
            NoSuchTicket: there is none with this number.
        """
        self._opened = load(desk, self._number)
        self._here.set()

    def wait(self) -> None:
        """Give it as long as a frame may wait."""
        if self._here.wait(PATIENCE):
            self.take()

    def take(self) -> None:
        """Show it, unless that is done."""
        if self._opened is not None and not self._is_taken:
            self._is_taken = True
            self._done(self._opened)
