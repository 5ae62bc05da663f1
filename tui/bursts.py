"""Text pasted over a list arrives as keys where the terminal does not bracket pastes; it must not act. Pure.

Only keys that change something wait (`HOLD` seconds): moving about stays instant, and held-down arrow keys that a
slow line delivers in a bunch still move.
"""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

HOLD = 0.01
"""Seconds that a key which changes something is held back, to see whether it is part of a paste."""
LIMIT = 5
"""More keys than this within `HOLD` were not typed by a person."""
_QUIET = 0.05

Verdict = Literal["act", "hold", "swallow"]
KeyT = TypeVar("KeyT")


class Bursts(Generic[KeyT]):
    """Tells typed keys from pasted ones. Times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._held: list[KeyT] = []
        self._swallowing_until = 0.0

    def __len__(self) -> int:
        return len(self._held)

    def arrive(self, key: KeyT, now: float, *, moves: bool) -> Verdict:
        """Judge a key: act on it at once, hold it until `take` is called `HOLD` seconds later, or drop it."""
        if now < self._swallowing_until:
            self._swallowing_until = now + _QUIET
            return "swallow"
        if moves and not self._held:
            return "act"
        self._held.append(key)
        if len(self._held) > LIMIT:
            self._held.clear()
            self._swallowing_until = now + _QUIET
            return "swallow"
        return "hold"

    def take(self) -> list[KeyT]:
        """The held keys, which nothing has proved to be a paste."""
        held, self._held = self._held, []
        return held
