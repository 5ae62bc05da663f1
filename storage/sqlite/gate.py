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
from storage.errors import StoreUnreachable


class Gate:
    """Lets one process through.  One thread of each at a time may enter; leaving is allowed at any time, and twice.

    Nothing ends a wait in the system's queue, so a thread of ours waits there for whoever may give up.  That thread
    stays: who comes later waits with it, and if nobody does, it lets the lock go as soon as it gets it.  Everything
    happens under one plain lock, which an interrupt cannot leave shut (a Condition's `with` can).

    Raises:
        StoreUnreachable: the lock file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = threading.Lock()
        self._waiting: threading.Thread | None = None
        self._bell: threading.Lock | None = None
        self._failure: OSError | None = None
        self._is_ours = self._is_closed = False
        try:
            self._lock = self._opened()
            # Whoever waits shows it by a shared lock on the folder, so that nobody passes the queue.
            self._sign = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise files.explained(error, path) from error

    def _opened(self) -> int:
        files.create_file(self._path)
        return os.open(self._path, os.O_RDWR | os.O_CLOEXEC)

    def enter(self, patience: float) -> bool:
        """Take the lock, and say whether we have it, after at most so many seconds.

        Raises:
            StoreUnreachable: the system gives no lock, or the gate is closed.
        """
        try:
            with self._state:
                if self._is_closed:
                    raise StoreUnreachable(f"{self._path} was closed")
                if not self._is_waiting() and self._is_free():
                    return True
                bell = self._line_up()
            bell.acquire(timeout=patience)
            return self._has_come()
        except OSError as error:
            raise files.explained(error, self._path) from error

    def _is_waiting(self) -> bool:
        return self._waiting is not None and self._waiting.is_alive()

    def _is_free(self) -> bool:
        self._is_ours = True  # should an interrupt come just when it is, it is given back
        try:
            fcntl.flock(self._sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(self._sign, fcntl.LOCK_UN)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            while not self._is_the_file_there():
                self._renew()
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._is_ours = False
        return self._is_ours

    def _is_the_file_there(self) -> bool:
        """Whether others who come now meet the file that we have locked: somebody may have removed it."""
        try:
            return os.path.samestat(os.fstat(self._lock), self._path.stat())
        except FileNotFoundError:
            return False

    def _renew(self) -> None:
        new, old = self._opened(), self._lock
        self._lock = new
        os.close(old)

    def _line_up(self) -> threading.Lock:
        self._bell = bell = threading.Lock()
        bell.acquire()
        if not self._is_waiting():
            self._failure = None
            self._waiting = threading.Thread(target=self._wait, name="turnstile", daemon=True)
            self._waiting.start()
        return bell

    def _has_come(self) -> bool:
        with self._state:
            self._bell, failure, self._failure = None, self._failure, None
            if failure is not None:
                raise failure
            return self._is_ours

    def _wait(self) -> None:
        with suppress(OSError):
            fcntl.flock(self._sign, fcntl.LOCK_SH | fcntl.LOCK_NB)
        while not self._is_settled():
            pass

    def _is_settled(self) -> bool:
        """Wait in the system's queue; say whether that was the file that others meet, so that the wait is over."""
        failure = None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        except OSError as error:
            failure = error
        with self._state:
            if self._waiting is not threading.current_thread():
                return True  # an interrupt came while it was started, so another one waits, with the same file
            try:
                if failure is None and not self._is_closed and not self._is_the_file_there():
                    self._renew()
                    return False
            except OSError as error:
                failure = error
            self._hand_over(failure)
            return True

    def _hand_over(self, failure: OSError | None) -> None:
        self._waiting, self._failure = None, failure if self._bell else None
        with suppress(OSError):
            fcntl.flock(self._sign, fcntl.LOCK_UN)
        self._is_ours = failure is None and self._bell is not None
        if self._bell is None and failure is None:
            fcntl.flock(self._lock, fcntl.LOCK_UN)
        if self._bell is not None:
            self._bell.release()
        if self._is_closed:
            self._close()

    def leave(self) -> None:
        """Let the next one in, if it is we who keep it out; wait for it no more."""
        with self._state:
            self._bell = None
            if self._is_ours:
                fcntl.flock(self._lock, fcntl.LOCK_UN)
                self._is_ours = False

    def close(self) -> None:
        """Give the files back, now or when nobody waits any more.  A second call does nothing."""
        with self._state:
            if not self._is_closed:
                self._is_closed = True
                if not self._is_waiting():
                    self._close()

    def _close(self) -> None:
        self._is_ours = False
        os.close(self._lock)
        os.close(self._sign)
