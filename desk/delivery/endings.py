"""How an attempt ended, as long as only the process that made it knows: nothing of it may be lost."""

from __future__ import annotations

from threading import Lock

from desk.attempts import Ending


class HeldEndings:
    """Implements desk.ports.Endings in memory only: what it holds ends with the process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: dict[str, Ending] = {}

    def keep(self, ending: Ending) -> None:
        """Hold an ending until it is dropped."""
        with self._lock:
            self._held[ending.claim] = ending

    def all(self) -> list[Ending]:
        """Whatever is held."""
        with self._lock:
            return list(self._held.values())

    def drop(self, ending: Ending) -> None:
        """Let go of one that the store has taken."""
        with self._lock:
            self._held.pop(ending.claim, None)
