"""A lock between processes on one folder of files: many who put files in, or one who takes files out.

Each time it is entered it opens the lock file anew, so it also keeps threads of one process apart.  Nobody waits for
ever: a process that was stopped while it was inside holds the others up for as long as their patience.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from storage import files, holder
from storage.errors import StoreBusy

_PAUSE = 0.001


class FolderLock:
    """A lock on a file, which is made when it is first entered.  `patience` is in seconds; it bounds each wait."""

    def __init__(self, path: Path, patience: float = 10.0) -> None:
        self._path, self._patience = path, patience

    @contextmanager
    def shared(self) -> Generator[None]:
        """Be inside with all others who only put files in.

        Raises:
            StoreBusy: somebody who takes files out was inside for longer than our patience.
            OSError: the lock file cannot be made or opened.
        """
        with self._held(fcntl.LOCK_SH):
            yield

    @contextmanager
    def alone(self) -> Generator[None]:
        """Be inside with nobody else.

        Raises:
            StoreBusy: somebody else was inside for longer than our patience.
            OSError: the lock file cannot be made or opened.
        """
        with self._held(fcntl.LOCK_EX):
            yield

    @contextmanager
    def _held(self, kind: int) -> Generator[None]:
        files.create_file(self._path)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        try:
            self._acquire(descriptor, kind)
            yield
        finally:
            os.close(descriptor)

    def _acquire(self, descriptor: int, kind: int) -> None:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise self._busy() from None
                time.sleep(_PAUSE)
            else:
                return

    def _busy(self) -> StoreBusy:
        who = holder.of(self._path)
        return StoreBusy(f"{who} has kept {self._path.parent} locked for {self._patience:g} seconds", who.hint)
