"""Something that is done again and again beside everything else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType
from typing import Self

_PATIENCE = 1.0
"""Seconds that what is just being done gets at the end; a store that is locked may keep it for longer."""

log = logging.getLogger("tandem.loops")


class Every:
    """Calls something again and again in a thread of its own, `seconds` apart, until it is closed."""

    def __init__(self, seconds: float, work: Callable[[], object]) -> None:
        self._seconds, self._work, self._closed = seconds, work, Event()
        self._thread = Thread(target=self._go_round, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._thread.join(_PATIENCE)

    def _go_round(self) -> None:
        while not self._closed.wait(self._seconds):
            try:
                self._work()
            except Exception:  # a worker's edge: one round that breaks must not end all others
                log.exception("a round was left out")
