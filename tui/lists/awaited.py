"""What a key asks the reader's thread for, shown with the key itself where it is there within a frame."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import Generic, TypeVar

from desk.desk import Desk
from tui.lists.rows import PATIENCE

T = TypeVar("T")


class Awaited(Generic[T]):
    """Something that is read once and shown once: when it is waited for, or else when the reader calls back."""

    def __init__(self, read: Callable[[Desk], T], show: Callable[[T], None]) -> None:
        self._read, self._show = read, show
        self._found: list[T] = []
        self._here, self._took = Event(), 0.0

    @property
    def was_quick(self) -> bool:
        """Whether it has been read, within a frame: what is asked next will be, too."""
        return self._here.is_set() and self._took < PATIENCE

    def read(self, desk: Desk) -> None:
        """Read it; in the reader's thread.

        Raises:
            TandemError: it cannot be read.
        """
        begun = time.monotonic()
        try:
            self._found.append(self._read(desk))
        finally:
            self._took = time.monotonic() - begun
            self._here.set()

    def show(self, _: None = None) -> None:
        """Show it, unless that was done; on the event loop."""
        if self._found:
            self._show(self._found.pop())

    def wait(self) -> None:
        """Give it a frame to come, and show it if it did; on the event loop."""
        if self._here.wait(PATIENCE):
            self.show()
