"""What the screen has done for it in threads: writes in their order, reads of which only the newest counts.

Nothing here touches a widget: what is to be shown is called back on the event loop.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from desk.desk import Desk
from desk.errors import StorageError, StoreOutdated, TandemError
from tui.threads.later import later
from tui.threads.preparing import Preparing
from tui.threads.workers import Job, Lane, LatestLane
from tui.words.heard import heard

if TYPE_CHECKING:
    from tui.app import TandemApp

T = TypeVar("T")

_PATIENCE = 0.4
"""Seconds that each thread gets to end in; what it had not finished is as if the line had broken."""
_PATIENCE_FOR_FILES = 1.0
"""Seconds that the agent's own files get, of which one may just be a theme that was chosen; their disk may be gone."""
_HUNG = 15.0
"""Seconds after which a file counts as one that its disk does not give, for which no other file waits."""
_SLOW = 1.0
"""Seconds after which it is told, again and again, that a write takes its time."""
_STUCK = 2.0
"""Seconds after which what is written is kept elsewhere meanwhile, and its agent looks at something else."""


@dataclass(frozen=True, slots=True)
class _Ends:
    """What is called on the event loop once a job has ended, and what if it has failed."""

    ended: Callable[[], None] | None = None
    failed: Callable[[], None] | None = None
    since: float = 0.0
    """When it was asked for, where that may be long ago."""


class Errands:
    """The threads of one application, and what waits in them; what a job raises is said on the status line."""

    def __init__(self, app: TandemApp) -> None:
        self._app = app
        rest = app.desk.store.rest
        self._writer = Lane("writer", self._say_broken, rest)
        self._reader, self._opener = (LatestLane(each, self._say_broken, rest) for each in ("reader", "opener"))
        self._files: LatestLane | None = None
        self._pending: deque[tuple[str, float]] = deque()
        """What waits to be written, each with the time when it was asked for."""
        self._has_failed = self._is_closed = False
        """Whether the store could not take what was written last."""
        self._presence: Callable[[], None] | None = None
        """What colleagues are yet to be told of this agent."""
        self._writer.put(partial(app.desk.store.insist, self._goes_on))
        self._preparing = Preparing(app, partial(self._tell_refusal, ""))

    @property
    def is_preparing(self) -> bool:
        """Whether a key waits for what it needs."""
        return self._preparing.is_busy

    def give_up(self) -> bool:
        """Let be what a key waits for, once it was told that it takes long; whether one did."""
        return self._preparing.give_up()

    def prepare(self, work: Callable[[Desk], T], then: Callable[[T], object], *, from_files: bool) -> None:
        """Read what a key needs, and `then` act; the keys behind it wait."""
        lane = self._thread_for_files() if from_files else self._opener
        self._preparing.begin(lane.put, work, then)

    @property
    def unwritten(self) -> list[str]:
        """The labels of what waits to be written, in its order, but for what nobody asked for; from any thread."""
        return [label for label, _ in self._pending.copy() if label]

    @property
    def is_stuck(self) -> bool:
        """Whether the store does not take what is written: it has been waited for, or failed."""
        waiting = self._pending.copy()
        return self._has_failed or (bool(waiting) and time.monotonic() - waiting[0][1] > _STUCK)

    def act(
        self,
        label: str,
        work: Callable[[Desk], T],
        done: Callable[[T], None] | None,
        failed: Callable[[], None] | None,
    ) -> None:
        """Do `work` after everything that was asked before it; a write that takes long is told of by its label.

        What bears none was not asked for: nobody is told of it, or waits for it at the end.
        """
        started = time.monotonic()
        slow = self._app.set_interval(_SLOW, lambda: self._ask_writer(label, started))
        self._pending.append((label, started))
        self._writer.put(partial(self._write, label, work, done, _Ends(slow.stop, failed, started)))

    def be_seen(self, work: Callable[[Desk], T], done: Callable[[T], None] | None) -> None:
        """Tell colleagues where this agent is; of several only the last, of which nothing is said and none waited for.

        The desk is what they see it by, so it comes in its turn among what is written.
        """
        is_queued, self._presence = self._presence is not None, partial(self._work, "", work, done)
        if not is_queued:
            self._writer.put(self._tell_presence)

    def _tell_presence(self) -> None:
        tell, self._presence = self._presence, None
        if tell is not None:
            tell()

    def after_writing(self, job: Job) -> None:
        """Do a job once all that was asked for so far is written."""
        self._writer.put(job)

    def read(self, kind: str, work: Callable[[Desk], T], done: Callable[[T], None]) -> None:
        """Do `work` for a list or a line; of several of one kind only the last."""
        self._reader.put(kind, partial(self._work, "", work, partial(self._show, done)))

    def fetch(
        self, kind: str, work: Callable[[Desk], T], done: Callable[[T], None], failed: Callable[[], None]
    ) -> None:
        """The same for what is opened, which so waits for no list."""
        self._opener.put(kind, partial(self._work, "", work, partial(self._show, done), _Ends(failed=failed)))

    def look(
        self, kind: str, work: Callable[[Desk], T], done: Callable[[T], None], failed: Callable[[], None] | None = None
    ) -> None:
        """The same for the agent's own files, which may lie on a disk that does not answer."""
        self._thread_for_files().put(kind, partial(self._work, "", work, done, _Ends(failed=failed)))
        later(self._app, _HUNG + 1, self._relieve_files)

    def close(self, last: Job) -> list[str]:
        """End the threads, the writer's with this job; returns the labels of what could not be written in time."""
        self._is_closed = True
        self._writer.put(last)
        self._writer.close(_PATIENCE)
        unwritten = self.unwritten
        self._reader.close(_PATIENCE)
        self._opener.close(_PATIENCE)
        if self._files is not None:
            self._files.finish(_PATIENCE_FOR_FILES)
        return unwritten

    def _thread_for_files(self) -> LatestLane:
        self._relieve_files()
        if self._files is None:
            self._files = self._begin_files()
        return self._files

    def _relieve_files(self) -> None:
        """Let another thread take over what waits behind a disk that does not answer."""
        hung = self._files
        if hung is not None and hung.busy_for >= _HUNG:
            self._files = files = self._begin_files()
            for kind, job in hung.leave().items():
                files.put(kind, job)

    def _begin_files(self) -> LatestLane:
        return LatestLane("files", self._say_broken, self._app.desk.store.rest)

    def _ask_writer(self, label: str, started: float) -> None:
        """Tell whom the oldest of what waits to be written waits for."""
        if self._is_next(label):
            others = len({*self.unwritten} - {label})
            tell = partial(self._app.say_slow, f"{label} (+{others})" if others else label, started)
            self.read(
                "writer", lambda desk: desk.store.writer(), lambda who: tell(who) if self._is_next(label) else None
            )

    def _goes_on(self) -> bool:
        """Whether what is written waits for its turn however long that takes: nobody would ask for it again."""
        return not (self._is_closed or self._app.has_ended)

    def _is_next(self, label: str) -> bool:
        return next(iter(self.unwritten), None) == label

    def _write(self, label: str, work: Callable[[Desk], T], done: Callable[[T], None] | None, ends: _Ends) -> None:
        try:
            self._work(label, partial(self._tried, work), done, ends)
        finally:
            self._pending.popleft()
            self._app.on_loop(self._app.safeguard)

    def _tried(self, work: Callable[[Desk], T], desk: Desk) -> T:
        try:
            result = work(desk)
        except StorageError:
            self._has_failed = True
            raise
        self._has_failed = False
        return result

    def _work(
        self, label: str, work: Callable[[Desk], T], done: Callable[[T], None] | None, ends: _Ends = _Ends()
    ) -> None:
        failed = ends.failed
        try:
            result = work(self._app.desk)
            failed = None
        except TandemError as error:
            self._tell_refusal(label, error, ends.since)
        else:
            if label:
                self._app.on_loop(self._app.has_saved, label)
            if done is not None:
                self._app.on_loop(self._finish, partial(done, result))
        finally:
            for each in (ends.ended, failed):
                if each is not None:
                    self._app.on_loop(each)

    def _tell_refusal(self, label: str, error: TandemError, since: float = 0.0) -> None:
        if self._app.is_leaving and label:
            self._app.unsaved.append(label)
        if isinstance(error, StoreOutdated):
            self._app.on_loop(self._app.be_outdated)
        elif label and (isinstance(error, StorageError) or (since and time.monotonic() - since > _STUCK)):
            self._app.on_loop(self._app.say_unsaved, label, error)
        else:
            why = heard(str(error))
            is_said = not label or re.search(rf"{re.escape(label)}\b", why)
            self._app.on_loop(self._app.say, why if is_said else f"{label}: {why}", "error")

    def _show(self, done: Callable[[T], None], result: T) -> None:
        """Show what was read, unless the widgets are being taken down already."""
        if self._app.is_running:
            done(result)

    def _finish(self, done: Callable[[], None]) -> None:
        try:
            done()
        except TandemError as error:
            self._app.say(str(error), "error")

    def _say_broken(self, error: TandemError) -> None:
        self._app.on_loop(self._app.say, str(error), "error")
