"""One writer at a time on this machine, fairly and with patience that ends.

SQLite's own writers poll with growing pauses, so a busy neighbour starves the others for seconds.  A lock on a file
beside the database, tried each millisecond, shares evenly.  It also keeps SQLite's checkpoints, which run inside a
commit, from overlapping another process's commit: that overlap corrupts databases in SQLite before 3.51.3.
"""

from __future__ import annotations

import fcntl
import math
import os
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from storage import files
from storage.errors import StoreBusy

_PAUSE = 0.001


class Turnstile:
    """A lock between threads and processes.  `patience` is in seconds; it bounds each wait.

    Raises:
        StoreUnreachable: the lock file cannot be opened.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._threads = threading.Lock()
        try:
            files.create_file(path)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise files.explained(error, path) from error

    @contextmanager
    def alone(self, *, at_most: float = math.inf) -> Generator[None]:
        """Hold the lock; not to be entered twice by one thread.  `at_most` shortens our patience, in seconds.

        Raises:
            StoreBusy: somebody else held it for longer than our patience.
        """
        patience = min(self._patience, at_most)
        deadline = time.monotonic() + patience
        if not self._threads.acquire(timeout=patience):
            raise self._busy()
        try:
            self._lock(deadline)
            try:
                yield
            finally:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def _lock(self, deadline: float) -> None:
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise self._busy() from None
                time.sleep(_PAUSE)
            except OSError as error:
                raise files.explained(error, self._path) from error
            else:
                return

    def _busy(self) -> StoreBusy:
        return StoreBusy(
            f"somebody else has been writing to the desk for {self._patience:g} seconds ({self._path} is locked)",
            "try again in a moment",
        )

    def close(self) -> None:
        """Give the lock file back, unless a thread of ours is still inside: then it goes with the process."""
        if self._threads.acquire(blocking=False):
            os.close(self._descriptor)
