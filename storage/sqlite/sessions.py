"""The connections of one process to a store: each thread has its own, and one that rests serves the next."""

from __future__ import annotations

import threading
from pathlib import Path

from storage.errors import StoreUnreachable
from storage.sqlite.session import Session


class _Thread(threading.local):
    session: Session | None = None


class Sessions:
    """All of them; they are opened as threads come, and go together.  `patience` is how long one waits, in seconds."""

    def __init__(self, path: Path, patience: float) -> None:
        self._path, self.patience = path, patience
        self._thread = _Thread()
        self._working: dict[threading.Thread, Session] = {}
        self._resting: list[Session] = []
        self._guard = threading.Lock()
        self._is_shut = False

    @property
    def own(self) -> Session:
        """This thread's.

        Raises:
            StoreUnreachable: the store was closed, or cannot be opened.
        """
        if self._is_shut:
            raise StoreUnreachable(f"{self._path} was closed")
        return self._thread.session or self._connected()

    def apart(self) -> Session:
        """One more, on which nothing is being read; whoever asks for it closes it.

        Raises:
            StoreUnreachable: the store cannot be opened.
        """
        return Session(self._path, self.patience)

    def rest(self) -> None:
        """Let this thread's serve another one, with little memory, until this thread asks again."""
        if (session := self._thread.session) is None:
            return
        session.run("PRAGMA shrink_memory")
        with self._guard:
            self._thread.session = None
            self._resting.append(self._working.pop(threading.current_thread()))

    def shut(self) -> bool:
        """Let no more threads in; whether that is new."""
        with self._guard:
            was_shut, self._is_shut = self._is_shut, True
        return not was_shut

    def close(self) -> None:
        """Close all of them, once no more come."""
        with self._guard:  # a thread that came before `shut` may still be adding its own
            sessions = [*self._working.values(), *self._resting]
        for session in sessions:
            session.close()

    def _connected(self) -> Session:
        with self._guard:
            if self._is_shut:
                raise StoreUnreachable(f"{self._path} was closed")
            session = self._resting.pop() if self._resting else self.apart()
            for thread in [each for each in self._working if not each.is_alive()]:
                self._working.pop(thread).close()
            self._thread.session = self._working[threading.current_thread()] = session
        return session
