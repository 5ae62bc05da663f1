"""One writer at a time on this machine, each in turn and with patience that ends.

SQLite's own writers poll with growing pauses, so a busy neighbour starves the others for seconds; here they line up.
The turnstile also keeps SQLite's checkpoints, which run inside a commit, from overlapping another process's commit:
that overlap corrupts databases in SQLite before 3.51.3.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from storage import holder
from storage.errors import StoreBusy
from storage.gate import Gate

Wait = Callable[[float], bool]
"""Waits for at most so many seconds; says whether it got what it waited for."""


class Turnstile:
    """A lock between threads and processes.  `patience` is in seconds; it bounds each wait.

    Raises:
        StoreUnreachable: the lock file cannot be opened.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._gate = Gate(path)
        # A thread that was just inside finds another one next, and cannot slip in again before it.
        self._next, self._inside = threading.Lock(), threading.Lock()

    @contextmanager
    def alone(self, *, at_most: float = math.inf) -> Generator[None]:
        """Hold the lock; not to be entered twice by one thread.  `at_most` shortens our patience, in seconds.

        Raises:
            StoreBusy: others held it for longer than our patience.
        """
        begun, patience = time.monotonic(), min(self._patience, at_most)

        def wait(come: Wait) -> None:
            if not come(max(0.0, begun + patience - time.monotonic())):
                raise self._busy(time.monotonic() - begun)

        wait(lambda seconds: self._next.acquire(timeout=seconds))
        try:
            wait(lambda seconds: self._inside.acquire(timeout=seconds))
        finally:
            self._next.release()
        try:
            wait(self._gate.enter)
            yield
        finally:
            self._gate.leave()
            self._inside.release()

    def _busy(self, waited: float) -> StoreBusy:
        who = holder.of(self._path)
        return StoreBusy(f"no turn to write came in {waited:.1f} seconds: {self._path} is locked by {who}", who.hint)

    def close(self) -> None:
        """Give the lock file back, unless a thread of ours is still inside: then it goes with the process."""
        if self._inside.acquire(blocking=False):
            self._gate.close()
