"""The end of a process at one certain step: while it fetches mail, at the first, second or third time of a call."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from desk.desk import Desk
from desk.ports import Blobs, Store
from mail.imap import Session

COMMIT = "store.commit"
STEPS = (
    "session.open",
    "session.all_uids",
    "session.fetch",
    "blobs.put_many",
    "ledger.record",
    "ledger.put_folder",
    COMMIT,
    "session.mark_seen",
    "session.move",
)
"""What is called on the way of a mail, in about this order."""


@dataclass(slots=True)
class Death:
    """`at` one of `STEPS`, before it is done or `after`, once it comes for the `time`-th time."""

    at: str
    after: bool
    time: int

    def reached(self, step: str, *, after: bool) -> None:
        """Tell that it is there; perhaps nothing comes after this."""
        if (step, after) == (self.at, self.after):
            self.time -= 1
            if not self.time:
                os.kill(os.getpid(), signal.SIGKILL)


def mortal(desk: Desk, death: Death) -> Desk:
    """The same desk, on which one dies."""
    store = _MortalStore(desk.store, death)
    return replace(desk, store=cast("Store", store), blobs=cast("Blobs", _Mortal("blobs", desk.blobs, death)))


def mortal_session(session: Session, death: Death) -> Session:
    """The same session, in which one dies."""
    return cast("Session", _Mortal("session", session, death))


class _Mortal:
    def __init__(self, name: str, inner: object, death: Death) -> None:
        self._name, self._inner, self._death = name, inner, death

    def __getattr__(self, name: str) -> object:
        value: object = getattr(self._inner, name)
        return partial(self._do, f"{self._name}.{name}", value) if callable(value) else value

    def _do(self, step: str, do: Callable[..., object], *args: object, **more: object) -> object:
        self._death.reached(step, after=False)
        result = do(*args, **more)
        self._death.reached(step, after=True)
        return result


class _MortalStore:
    def __init__(self, store: Store, death: Death) -> None:
        self._store, self._death = store, death
        self._depth = 0
        self.ledger = _Mortal("ledger", store.ledger, death)

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Only the outermost one is a commit."""
        with self._store.transaction():
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            self._tell(after=False)
        self._tell(after=True)

    def _tell(self, *, after: bool) -> None:
        if not self._depth:
            self._death.reached(COMMIT, after=after)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)
