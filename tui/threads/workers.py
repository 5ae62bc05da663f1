"""The screen's threads. Nothing on the event loop waits for the network, for the disk's flush or for a lock.

A worker never touches a widget: it hands a callable to the event loop. All threads are daemons, so that a mail server
that does not answer cannot keep the program from ending.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from threading import Event, Lock, Thread

from desk.errors import StoreOutdated, TandemError
from tui.words.tongue import tr

Job = Callable[[], None]

log = logging.getLogger("tandem.screen")


def _nothing() -> None:
    pass


class Lane:
    """Does jobs one after another, in order, in one thread; `failed` is told what a job raised.

    Once none waits any more, the thread calls `rest`: it leaves to others what the jobs have used.
    """

    def __init__(self, name: str, failed: Callable[[TandemError], None], rest: Job = _nothing) -> None:
        self._failed, self._rest = failed, rest
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._unfinished, self._lock = 0, Lock()
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether a job is waiting or being done."""
        return self._unfinished > 0

    def put(self, job: Job) -> None:
        """Queue a job."""
        self._count(+1)
        self._jobs.put(job)

    def close(self, patience: float) -> None:
        """Finish what is queued; wait at most `patience` seconds for it."""
        self._jobs.put(None)
        self._thread.join(patience)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            error = _guarded(job)
            self._count(-1)
            if error:
                self._failed(error)
            if self._jobs.empty():
                _guarded(self._rest)

    def _count(self, more: int) -> None:
        with self._lock:
            self._unfinished += more


class LatestLane:
    """Does jobs in one thread; of several waiting jobs of one kind only the last is done."""

    def __init__(self, name: str, failed: Callable[[TandemError], None], rest: Job = _nothing) -> None:
        self._waiting: dict[str, Job] = {}
        self._began: float | None = None
        self._lock = Lock()
        self._lane = Lane(name, failed, rest)

    @property
    def busy_for(self) -> float:
        """Seconds that the job which is being done has taken so far; 0 where none is."""
        began = self._began
        return 0.0 if began is None else time.monotonic() - began

    def put(self, kind: str, job: Job) -> None:
        """Queue a job in the place of one of the same kind that has not begun."""
        with self._lock:
            queued = kind in self._waiting
            self._waiting[kind] = job
        if not queued:
            self._lane.put(partial(self._do, kind))

    def close(self, patience: float) -> None:
        """End after the job that is being done; wait at most `patience` seconds for it."""
        with self._lock:
            self._waiting = dict.fromkeys(self._waiting, _nothing)
        self._lane.close(patience)

    def leave(self) -> dict[str, Job]:
        """End after the job that is being done; what waited is given back."""
        with self._lock:
            waiting, self._waiting = self._waiting, dict.fromkeys(self._waiting, _nothing)
        self._lane.close(patience=0)
        return waiting

    def finish(self, patience: float) -> None:
        """End once everything that waits is done; wait at most `patience` seconds for it."""
        self._lane.close(patience)

    def _do(self, kind: str) -> None:
        with self._lock:
            job = self._waiting.pop(kind)
        self._began = time.monotonic()
        try:
            job()
        finally:
            self._began = None


class Rounds:
    """Calls something again and again in a thread of its own, with a pause between.

    A round that fails with a TandemError is told to `failed`, and the pause grows up to `longest` seconds until one
    succeeds. Once the desk was upgraded under this program no round ever will, so that one is the last.
    `hurry` ends the pause; a round that waits for something asks `should_end` whether to go on waiting.
    """

    def __init__(
        self,
        name: str,
        work: Job,
        *,
        pause: float,
        longest: float = 60.0,
        failed: Callable[[TandemError, float], None] | None = None,
    ) -> None:
        self._work, self._pause, self._longest, self._failed = work, pause, longest, failed
        self._stopped, self._hurried = Event(), Event()
        self._thread = Thread(target=self._rounds, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def hurry(self) -> None:
        """Begin the next round as soon as possible."""
        self._hurried.set()

    def should_end(self) -> bool:
        """Whether a waiting round should end: somebody wants the next one, or the end."""
        return self._hurried.is_set() or self._stopped.is_set()

    def stop(self) -> None:
        """Ask for the end, without waiting for it."""
        self._stopped.set()
        self._hurried.set()

    def join(self, patience: float) -> None:
        """Wait at most `patience` seconds for the end."""
        if self._thread.is_alive():
            self._thread.join(patience)

    def _rounds(self) -> None:
        pause = self._pause
        while True:
            self._hurried.clear()
            if self._stopped.is_set():
                return
            failed = _guarded(self._work)
            pause = min(max(pause, 1.0) * 2, self._longest) if failed else self._pause
            if failed and self._failed is not None and not self._stopped.is_set():
                self._failed(failed, pause)
            if isinstance(failed, StoreOutdated):
                return
            self._hurried.wait(pause)


def _guarded(job: Job) -> TandemError | None:
    """Do a job at the worker's edge: what it raises is logged, and the thread lives on."""
    try:
        job()
    except TandemError as error:
        log.info("a background job failed: %s", error)
        return error
    except Exception as error:  # a worker's edge: a defect in one job must not end all others
        log.exception("a background job broke")
        hint = tr("{error}; see the log").format(error=type(error).__name__)
        return TandemError(tr("something went wrong in the background"), hint)
    return None
