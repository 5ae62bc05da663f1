"""Files that hold what is being written for as long as the store does not take it, should this program be killed.

They are leftovers of the usual kind (leftovers.py), each in a locked folder of its own: nobody is offered them while
this program lives, and they are removed once the store has their texts.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from tui.composer.leftovers import UNFINISHED, lock
from tui.composer.private import private_folder

_PATIENCE = 1.0
"""Seconds that a disk gets at the end which does not answer."""


@dataclass(frozen=True, slots=True)
class _Held:
    """One text, in its file."""

    path: Path
    lock: int
    text: str


class Refuge:
    """The files of one program; its methods are for any thread. Their folders bear the `mark`."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._held: dict[str, _Held] = {}
        self._lock = Lock()
        self._is_closed = False

    def hold(self, texts: Mapping[str, str]) -> None:
        """Have these texts in files, by their names, and no others any more; nothing once it was closed.

        Raises:
            OSError: there is no room for them.
        """
        with self._lock:
            if not self._is_closed:
                self._hold(texts)

    def close(self, texts: Mapping[str, str]) -> list[Path]:
        """The same for the last time: the files stay. Returns where they are.

        Raises:
            OSError: there is no room for them; those that were there stay.
        """
        if not self._lock.acquire(timeout=_PATIENCE):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        try:
            self._is_closed = True
            self._hold(texts)
            return [each.path for each in self._held.values()]
        finally:
            self._lock.release()

    def _hold(self, texts: Mapping[str, str]) -> None:
        for name, text in texts.items():
            self._put(name, text)
        for name in self._held.keys() - texts.keys():
            held = self._held.pop(name)
            shutil.rmtree(held.path.parent, ignore_errors=True)
            os.close(held.lock)

    def _put(self, name: str, text: str) -> None:
        held = self._held.get(name)
        if held is None:
            folder = private_folder(mark=self._mark)
            held = _Held(folder / name, lock(folder), "")
            self._held[name] = held
        if held.text != text:
            _write(held.path, text)
            self._held[name] = _Held(held.path, held.lock, text)


def _write(path: Path, text: str) -> None:
    """Put a text into a file that only this user can read, whole or not at all."""
    unfinished = path.with_name(f".{path.name}{UNFINISHED}")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text.encode("utf-8", errors="replace"))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
