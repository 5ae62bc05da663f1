"""What a key needs from the store or from files before it can act: read in a thread, while the keys behind it wait.

Where it is there within a frame the key acts at once, as if it had been on the screen. Esc lets one be that takes so
long that it was told; before that it waits as other keys do, so that what one types does the same at any speed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from desk.desk import Desk
from desk.errors import TandemError
from tui.keys.naming import with_keys
from tui.lists.rows import PATIENCE
from tui.threads.later import later
from tui.threads.workers import Job
from tui.words.tongue import tr

if TYPE_CHECKING:
    from tui.app import TandemApp

T = TypeVar("T")

_SLOW = 1.0
"""Seconds after which it is told that something is still being read."""


class Preparing:
    """What is being read for keys; `refused` is told what came in the way."""

    def __init__(self, app: TandemApp, refused: Callable[[TandemError], None]) -> None:
        self._app, self._refused = app, refused
        self._numbers = count(1)
        self._awaited: set[int] = set()
        self._is_told = False
        """Whether it was said what is waited for, and that Esc lets it be."""
        self._ready: dict[int, Callable[[], object]] = {}
        """What is to be done once it is known, by the number of what is under way; threads put it there."""

    @property
    def is_busy(self) -> bool:
        """Whether a key waits for something."""
        return bool(self._awaited)

    def begin(self, put: Callable[[str, Job], None], work: Callable[[Desk], T], then: Callable[[T], object]) -> None:
        """Do `work` in the lane that `put` queues for, and `then` with its result on the event loop."""
        number, here = next(self._numbers), Event()
        self._is_told = self._is_told and self.is_busy
        self._awaited.add(number)
        put(f"prepare {number}", partial(self._work, number, here, work, then))
        if here.wait(PATIENCE):
            self._take(number)
        else:
            later(self._app, _SLOW, partial(self._tell, number))

    def give_up(self) -> bool:
        """Wait for nothing any more, once that was offered; whether anything was waited for."""
        gives_up = self.is_busy and self._is_told
        if gives_up:
            self._awaited.clear()
        return gives_up

    def _work(self, number: int, here: Event, work: Callable[[Desk], T], then: Callable[[T], object]) -> None:
        ready: Callable[[], object] = self._app.let_keys_be  # it broke, which is told elsewhere
        try:
            ready = partial(then, work(self._app.desk))
        except TandemError as error:
            ready = partial(self._refuse, error)
        finally:
            self._ready[number] = ready
            here.set()
            self._app.on_loop(self._take, number)

    def _take(self, number: int) -> None:
        """Do what was waited for, once; nothing where it was let be."""
        ready, is_awaited = self._ready.pop(number, _nothing), number in self._awaited
        self._awaited.discard(number)
        if is_awaited and self._app.is_running:
            try:
                ready()
            except TandemError as error:
                self._refuse(error)

    def _refuse(self, error: TandemError) -> None:
        """Tell what came in the way; the keys behind are not for what is at hand instead."""
        self._refused(error)
        self._app.let_keys_be()

    def _tell(self, number: int) -> None:
        if number in self._awaited:
            self._is_told = True
            self._app.say(with_keys(tr("still reading what this key needs …  {key_cancel} lets it be")), "warn")


def _nothing() -> None:
    """It was let be."""
