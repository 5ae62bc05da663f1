"""Files beside the store that nothing in it speaks of: found, and on demand removed; never one that is spoken of.

A file is written before the commit that speaks of it, and a file that is there already is used again.  So whoever puts
one in makes it new again (`storage.blobs`), and what is younger than an hour is left alone, judged from the moment
*before* the store was asked what it speaks of: whatever was put in since is younger than that.

Clocks go wrong, and those of file servers too. So the hour is told by the clock that gives files their time, where that
is behind ours; a file whose time is ahead is young; and one that has another time than when it was found has been put
in since, whichever way the clock went.
"""

from __future__ import annotations

import math
import os
import re
import stat
import time
from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from storage import files
from storage.blobs import LOCK
from storage.folder_lock import FolderLock

KEPT_FOR = 3600.0
"""Seconds for which a file that nothing speaks of is left: it may belong to a mail that is just coming in."""

_BATCH = 100
_FOLDER = re.compile(r"[0-9a-f]{2}")
_REST = re.compile(r"[0-9a-f]{62}")
_PART = re.compile(r"\..*\.part")


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What lies about.  `spare`: whole files that nothing speaks of; `parts`: files that were never finished.

    `size` is the bytes of both together; `young` is how many more are left because they are new; `foreign` are things
    that we did not put there.
    """

    spare: tuple[Path, ...] = ()
    parts: tuple[Path, ...] = ()
    size: int = 0
    young: int = 0
    foreign: tuple[Path, ...] = ()

    @property
    def removable(self) -> tuple[Path, ...]:
        """All that `collect` may take away."""
        return self.spare + self.parts


@dataclass(frozen=True, slots=True)
class Collected:
    """How many files went, their bytes, and those that could not be removed, each with the reason."""

    removed: int = 0
    size: int = 0
    failed: tuple[tuple[Path, str], ...] = ()


class Collector:
    """Looks through one folder of blobs.  It must be made before the store is asked what it speaks of.

    `patience` is how many seconds removing waits for those who put files in.
    """

    def __init__(self, folder: Path, *, patience: float = 10.0) -> None:
        self._folder, self._lock = folder, FolderLock(folder / LOCK, patience)
        self._until = min(time.time(), _time_of_files(folder / LOCK)) - KEPT_FOR
        self._found: dict[Path, tuple[int, int]] = {}

    def look(self, spoken_of: Container[str]) -> Leftovers:
        """What the folder holds beside the files with these digests.

        Raises:
            StoreUnreachable: the folder cannot be read.
        """
        spare: list[Path] = []
        parts: list[Path] = []
        foreign: list[Path] = []
        size = young = 0
        try:
            for path, found, digest in self._all():
                if digest is None:
                    foreign.append(path)
                elif digest in spoken_of:
                    continue
                elif found.st_mtime >= self._until:
                    young += 1
                else:
                    (spare if digest else parts).append(path)
                    self._found[path] = _version(found)
                    size += found.st_size
        except OSError as error:
            raise files.explained(error, self._folder) from error
        return Leftovers(tuple(sorted(spare)), tuple(sorted(parts)), size, young, tuple(sorted(foreign)))

    def collect(self, leftovers: Leftovers) -> Collected:
        """Remove what was found to be left over, but for what somebody put in again meanwhile.

        Raises:
            StoreBusy: others kept putting files in for longer than our patience.
            StoreUnreachable: the folder cannot be locked.
        """
        sizes: list[int] = []
        failed: list[tuple[Path, str]] = []
        pending = iter(leftovers.removable)
        try:
            while batch := list(islice(pending, _BATCH)):
                with self._lock.alone():
                    self._remove(batch, sizes, failed)
        except OSError as error:
            raise files.explained(error, self._folder) from error
        return Collected(len(sizes), sum(sizes), tuple(failed))

    def _remove(self, paths: Sequence[Path], sizes: list[int], failed: list[tuple[Path, str]]) -> None:
        for path in paths:
            try:
                found = path.lstat()
                if _version(found) == self._found.get(path):
                    path.unlink()
                    sizes.append(found.st_size)
            except FileNotFoundError:  # another collector was faster
                continue
            except OSError as error:
                failed.append((path, (error.strerror or str(error)).lower()))

    def _all(self) -> Iterator[tuple[Path, os.stat_result, str | None]]:
        """Everything with its digest, "" for what was never finished, None for what is not ours."""
        for path, found in _entries(self._folder):
            if stat.S_ISDIR(found.st_mode) and _FOLDER.fullmatch(path.name):
                yield from ((inside, each, _digest(inside, each)) for inside, each in _entries(path))
            elif path.name != LOCK:
                yield path, found, None


def _time_of_files(lock: Path) -> float:
    """Now, in seconds, by the clock that gives files their time; forever where that cannot be told."""
    try:
        os.utime(lock)
        return lock.stat().st_mtime
    except OSError:
        return math.inf


def _version(found: os.stat_result) -> tuple[int, int]:
    """Tells a file from itself once it was put in again."""
    return found.st_ino, found.st_mtime_ns


def _entries(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """What is in a folder; what goes away meanwhile is not there."""
    try:
        with os.scandir(folder) as entries:
            paths = [Path(entry.path) for entry in entries]
    except FileNotFoundError:
        return
    for path in paths:
        with suppress(FileNotFoundError):
            yield path, path.lstat()


def _digest(path: Path, found: os.stat_result) -> str | None:
    if not stat.S_ISREG(found.st_mode):
        return None
    if _REST.fullmatch(path.name):
        return path.parent.name + path.name
    return "" if _PART.fullmatch(path.name) else None
