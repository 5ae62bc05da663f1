"""One writer at a time on this machine, each in turn and with patience that ends.

SQLite's own writers poll with growing pauses, so a busy neighbour starves the others for seconds; here they line up.
The turnstile also keeps SQLite's checkpoints, which run inside a commit, from overlapping another process's commit:
that overlap corrupts databases in SQLite before 3.51.3.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from storage import holder
from storage.errors import StoreBusy
from storage.holder import Holder
from storage.sqlite.gate import Gate


class _Turn:
    """A thread's place in the line.  A plain lock is its bell: an interrupt leaves nothing half done in one."""

    def __init__(self) -> None:
        self.thread = threading.current_thread()
        self._bell = threading.Lock()
        self._bell.acquire()

    def ring(self) -> None:
        if self._bell.locked():
            self._bell.release()

    def heard(self, patience: float) -> bool:
        return self._bell.acquire(timeout=patience)


class Turnstile:
    """A lock between threads and processes.  `patience` is in seconds; it bounds each wait.

    Ctrl+C may raise between any two steps of the main thread.  So nothing is held by mere position in the code: whose
    turn it is stands in `_turns`, and leaving twice does no harm.

    Raises:
        StoreUnreachable: the lock file cannot be opened.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._gate = Gate(path)
        self._state = threading.Lock()
        self._turns = deque[_Turn]()
        """The first one is inside, or at the gate; the others come in their order."""
        self._is_closed = False

    @contextmanager
    def alone(self, *, at_most: float = math.inf) -> Generator[None]:
        """Hold the lock; not to be entered twice by one thread.  `at_most` shortens our patience, in seconds.

        Raises:
            StoreBusy: others held it for longer than our patience.
        """
        turn = _Turn()
        try:
            try:
                self._come(turn, min(self._patience, at_most))
                yield
            finally:
                self._leave(turn)
        finally:
            self._leave(turn)  # again, for an interrupt may have come between

    def holder(self) -> Holder:
        """Who of another process keeps us from writing just now."""
        who = self._keeper()
        return Holder() if who.pid == os.getpid() else who

    def _come(self, turn: _Turn, patience: float) -> None:
        begun = time.monotonic()

        def rest() -> float:
            return max(0.0, begun + patience - time.monotonic())

        if not ((self._is_first(turn) or turn.heard(rest())) and self._gate.enter(rest())):
            raise self._busy(time.monotonic() - begun)

    def _is_first(self, turn: _Turn) -> bool:
        with self._state:
            # A thread that comes anew has left, and so has one that ended, be it that an interrupt kept it from it.
            for lost in [each for each in self._turns if each.thread is turn.thread or not each.thread.is_alive()]:
                self._forget(lost)
            self._turns.append(turn)
            return self._turns[0] is turn

    def _leave(self, turn: _Turn) -> None:
        with self._state:
            self._forget(turn)
            if self._is_closed and not self._turns:
                self._gate.close()

    def _forget(self, turn: _Turn) -> None:
        if turn in self._turns:
            if self._turns[0] is turn:
                self._gate.leave()
            self._turns.remove(turn)
        if self._turns:
            self._turns[0].ring()

    def _busy(self, waited: float) -> StoreBusy:
        who = self._keeper()
        return StoreBusy(f"no turn to write came in {waited:.1f} seconds: {self._path} is locked by {who}", who.hint)

    def _keeper(self) -> Holder:
        return holder.of_store(self._path, self._path.with_name(self._path.name.removesuffix(".lock")))

    def close(self) -> None:
        """Give the lock file back, now or when the last thread of ours leaves."""
        with self._state:
            self._is_closed = True
            if not self._turns:
                self._gate.close()
