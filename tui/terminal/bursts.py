"""Text pasted over a list arrives as keys where the terminal does not bracket pastes; it must not act. Pure.

Only keys that change something wait (`HOLD` seconds): moving about stays instant, and held-down arrow keys that a
slow line delivers in a bunch still move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

HOLD = 0.012
"""Seconds that a key which changes something is held back, to see whether it is part of a paste."""
TOGETHER = 0.008
"""Seconds within which a person types one key; a paste, and nothing else, has several."""
LIMIT = 3
"""More keys than this within `TOGETHER`, one of which changes something, are a paste: a slow line, or a busy machine,
delivers a few at once that were typed one by one."""
_CHANGES = 2
"""More keys than this that change something are one too."""
_QUIET = 0.05
"""Seconds of silence after which moving about is no part of a paste any more."""
_PAUSE = 0.5
"""The same for keys that change something: typed on without a pause, they were meant for what was dropped."""

Verdict = Literal["act", "hold", "swallow"]
KeyT = TypeVar("KeyT")


@dataclass(frozen=True, slots=True)
class _Pressed(Generic[KeyT]):
    """A key that came."""

    key: KeyT
    at: float
    moves: bool


class Bursts(Generic[KeyT]):
    """Tells typed keys from pasted ones. Times are seconds of a monotonic clock."""

    def __init__(self, name: Callable[[KeyT], object] = lambda key: key) -> None:
        self._name = name
        """What two presses of one key have in common."""
        self._held: list[KeyT] = []
        self._together: list[_Pressed[KeyT]] = []
        """What came within `TOGETHER`, held or not."""
        self._dropped = -_PAUSE

    def __len__(self) -> int:
        return len(self._held)

    def is_dropping(self, now: float) -> bool:
        """Whether what comes now may still be of a paste that was dropped, wherever it would go."""
        return now - self._dropped < _QUIET

    def arrive(self, key: KeyT, now: float, *, moves: bool) -> Verdict:
        """Judge a key: act on it at once, hold it until `take` is called `HOLD` seconds later, or drop it."""
        if now - self._dropped < (_QUIET if moves else _PAUSE):
            self._dropped = now
            return "swallow"
        self._take_in(_Pressed(key, now, moves))
        if self._is_paste():
            self._held.clear()
            self._dropped = now
            return "swallow"
        if moves and not self._held:
            return "act"
        self._held.append(key)
        return "hold"

    def take(self) -> list[KeyT]:
        """The held keys, which nothing has proved to be a paste."""
        held, self._held = self._held, []
        return held

    def part(self) -> None:
        """Count what comes from now on apart from what came: a key between them was text."""
        self._together.clear()

    def _take_in(self, pressed: _Pressed[KeyT]) -> None:
        """Count a key, once where it waited and is pressed again."""
        near = (each for each in self._together if abs(each.at - pressed.at) < TOGETHER)
        self._together = [*(each for each in near if (each.key, each.at) != (pressed.key, pressed.at)), pressed]

    def _is_paste(self) -> bool:
        if len({self._name(each.key) for each in self._together}) == 1:  # a slow line brings a key that is held down
            return False
        changing = sum(not each.moves for each in self._together)
        return changing > _CHANGES or (changing > 0 and len(self._together) > LIMIT)
