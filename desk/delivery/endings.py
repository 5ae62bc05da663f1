"""How attempts ended that the store would not take, for one thread and as long as the process lives."""

from __future__ import annotations

from desk.attempts import Ending


class HeldEndings:
    """Implements desk.ports.Endings in memory."""

    def __init__(self) -> None:
        self._held: dict[str, Ending] = {}

    def keep(self, ending: Ending) -> None:
        """Hold an ending until it is dropped."""
        self._held[ending.claim] = ending

    def all(self) -> list[Ending]:
        """Whatever is held."""
        return list(self._held.values())

    def drop(self, ending: Ending) -> None:
        """Let go of one that the store has taken."""
        self._held.pop(ending.claim, None)
