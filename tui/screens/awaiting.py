"""A picker whose list comes from the store or the disk, a moment after the letters that it fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tui.screens.pickers import Picker

T = TypeVar("T")


class AwaitingPicker(Picker[T]):
    """A key that takes something from the list waits until the list fits what is typed, however fast one types."""

    def __init__(self) -> None:
        super().__init__()
        self._typed, self._is_behind = "", True
        self._then: Callable[[], None] | None = None

    def entered(self) -> None:
        self.once_there(self.choose)

    def asks(self, typed: str) -> None:
        """The list was asked for anew; a key that waited for other letters is let be."""
        if typed != self._typed:
            self._then = None
        self._typed, self._is_behind = typed, True

    def is_there(self) -> None:
        """The list fits what is typed: do what waited for it."""
        self._is_behind = False
        then, self._then = self._then, None
        if then is not None:
            then()

    def once_there(self, do: Callable[[], None]) -> None:
        """Do it with the list that fits what is typed, now or when that has come."""
        if self._is_behind:
            self._then = do
        else:
            do()
