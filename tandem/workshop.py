"""Mails are read and put on disk beside the conversation with the mail server: a few batches are always under way.

The threads here wait: for the processes that read mails, and for the disk. Nothing here touches the store.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from queue import Empty, LifoQueue
from types import TracebackType
from typing import Self

from desk.incoming import Fetched, Incoming
from desk.ports import Blobs, Reader
from mail.reading import WorkerReader

MOST_READERS = 2
"""Processes that read mails, where there are so many processors."""

IDLE = 30.0
"""Seconds without a mail after which a process that reads ends: it takes as much memory as a small program."""

AHEAD = 2
"""Batches of each watched mailbox that may wait to be taken in."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail that the server gave; `note` says what is missing of it, `gmail_id` what Gmail calls it."""

    mail: Fetched
    note: str = ""
    gmail_id: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A mail that was read and whose bytes and files are on disk, so that the store may speak of them."""

    arrived: Arrived
    read: Incoming
    raw: str


class Workshop:
    """Prepares batches of mails, each in the order that it came in; several threads may use one. Close it."""

    def __init__(self, blobs: Blobs, readers: Sequence[Reader] | None = None) -> None:
        self._blobs = blobs
        self._own = [WorkerReader() for _ in range(min(MOST_READERS, os.cpu_count() or 1))] if readers is None else []
        self._free: LifoQueue[Reader] = LifoQueue()  # a single mail finds the process that is there already
        for each in readers or self._own:
            self._free.put(each)
        self._threads = ThreadPoolExecutor(self._free.qsize(), thread_name_prefix="reading")

    def prepare(self, batch: Sequence[Arrived]) -> Future[list[Prepared]]:
        """Begin to read a batch and to put it on disk."""
        return self._threads.submit(self._prepare, batch)

    def rest(self, idle: float = IDLE) -> None:
        """End the processes that have read nothing for so many seconds; the next mail starts one again."""
        for each in self._taken():
            if isinstance(each, WorkerReader):
                each.rest(idle)
            self._free.put(each)

    def close(self) -> None:
        """Wait for what was begun, and end the processes."""
        self._threads.shutdown(cancel_futures=True)
        for each in self._own:
            each.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _taken(self) -> list[Reader]:
        """Those that nobody reads with just now, the last used one last; whoever takes them puts them back."""
        taken: list[Reader] = []
        with suppress(Empty):
            while True:
                taken.insert(0, self._free.get_nowait())
        return taken

    def _prepare(self, batch: Sequence[Arrived]) -> list[Prepared]:
        reader = self._free.get()
        try:
            readings = [_noted(reader.read(each.mail.raw), each.note) for each in batch]
        finally:
            self._free.put(reader)
        raws = [each.mail.raw for each in batch]
        digests = self._blobs.put_many([*raws, *(file for read in readings for file in read.files)])[: len(batch)]
        return list(map(Prepared, batch, readings, digests))


def _noted(read: Incoming, note: str) -> Incoming:
    return replace(read, defects=(note, *read.defects)) if note else read
