"""A picker whose list comes from the store or the disk, a moment after the letters that it fits."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from tui.screens.pickers import Picker

T = TypeVar("T")

_PATIENCE = 1.0
"""Seconds for which keys wait behind one that waits for the list."""


class AwaitingPicker(Picker[T]):
    """A key that needs the list waits until the list fits what is typed, however fast one types."""

    def __init__(self) -> None:
        super().__init__()
        self._typed, self._is_behind = "", True
        self._then: list[Callable[[], None]] = []
        self._since = 0.0

    @property
    def is_at_work(self) -> bool:
        """Whether a key waits for the list, and not for long: what is typed behind it is for what comes of it."""
        return bool(self._then) and time.monotonic() - self._since < _PATIENCE

    def entered(self) -> None:
        self.once_there(self.choose)

    def action_move(self, by: int) -> None:
        self.once_there(partial(self.move, by))

    def move(self, by: int) -> None:
        """Mark another row of the list that fits what is typed."""
        super().action_move(by)

    def asks(self, typed: str) -> None:
        """The list was asked for anew; keys that waited for other letters are let be."""
        if typed != self._typed:
            self._then = []
        self._typed, self._is_behind = typed, True

    def is_there(self) -> None:
        """The list fits what is typed: do what waited for it."""
        self._is_behind = False
        waited, self._then = self._then, []
        for do in waited:
            do()

    def once_there(self, do: Callable[[], None]) -> None:
        """Do it with the list that fits what is typed, now or when that has come."""
        if self._is_behind:
            self._then.append(do)
            self._since = time.monotonic()
        else:
            do()
