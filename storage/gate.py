"""The lock between the processes of one machine: a flock(2) on a file, for which the system keeps a queue.

The system takes the lock from a process that dies, and a process that is stopped while it waits loses its place.
"""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path

from storage import files


class Gate:
    """Lets one process through.  One thread of each at a time may enter, leave or close it.

    Nothing ends a wait in the system's queue, so a thread of ours waits there for whoever may give up.  That thread
    stays: who comes later waits with it, and if nobody does, it lets the lock go as soon as it gets it.

    Raises:
        StoreUnreachable: the lock file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            files.create_file(path)
            self._lock = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            # Whoever waits shows it by a shared lock on the folder, so that nobody passes the queue.
            self._sign = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise files.explained(error, path) from error
        self._state = threading.Condition()
        self._is_waiting = self._is_wanted = self._is_closed = False

    def enter(self, patience: float) -> bool:
        """Take the lock, and say whether we have it, after at most so many seconds."""
        with self._state:
            if not self._is_waiting and self._is_free():
                return True
            return self._waited_for(patience)

    def _is_free(self) -> bool:
        try:
            fcntl.flock(self._sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(self._sign, fcntl.LOCK_UN)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise files.explained(error, self._path) from error
        return True

    def _waited_for(self, patience: float) -> bool:
        if not self._is_waiting:
            threading.Thread(target=self._line_up, name="turnstile", daemon=True).start()
            self._is_waiting = True
        self._is_wanted, entered = True, False
        try:
            entered = self._state.wait_for(lambda: not self._is_waiting, patience)
        finally:
            self._is_wanted = entered
            if not entered and not self._is_waiting:  # it came while we were interrupted
                self.leave()
        return entered

    def _line_up(self) -> None:
        with suppress(BlockingIOError):
            fcntl.flock(self._sign, fcntl.LOCK_SH | fcntl.LOCK_NB)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        fcntl.flock(self._sign, fcntl.LOCK_UN)
        with self._state:
            self._is_waiting = False
            if not self._is_wanted:
                self.leave()
            if self._is_closed:
                self.close()
            self._state.notify()

    def leave(self) -> None:
        """Let the next one in, if it is we who keep it out."""
        fcntl.flock(self._lock, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the files back, now or when nobody waits any more."""
        self._is_closed = True
        if not self._is_waiting:
            os.close(self._lock)
            os.close(self._sign)
