"""How attempts to send ended, in small files beside the store for as long as the store does not take it.

A server's yes is said once. Where the store is busy or its disk is full at that moment, it is held in memory, and in a
file where one can be written, so that also another process finds it should this one end.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock

import msgspec

from desk.attempts import Ending
from storage import files
from storage.codec import decoder
from storage.new_file import replace_whole

_SUFFIX = ".ending"
_LARGEST = 1 << 16
"""Bytes; a server's words are cut long before that."""

log = logging.getLogger("tandem.storage")


class StoredEndings:
    """Implements desk.ports.Endings in a folder, which is made when it is first needed; for several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._held: dict[str, Ending] = {}

    def keep(self, ending: Ending) -> None:
        """Hold it until it is dropped, on disk where that can be."""
        with self._lock:
            if ending.claim in self._held:
                return
            self._held[ending.claim] = ending
            try:
                files.create_folder(self._folder)
                mode = files.file_mode(self._folder)
                replace_whole(self._path(ending.claim), msgspec.json.encode(ending), mode)
            except OSError as error:
                log.warning("what became of a mail is held in memory only: %s", files.explained(error, self._folder))

    def all(self) -> list[Ending]:
        """Whatever is held, by this process or in a file of another."""
        with self._lock:
            found = {each.claim: each for each in self._on_disk()} | self._held
            return list(found.values())

    def drop(self, ending: Ending) -> None:
        """Let go of one that the store has taken."""
        with self._lock:
            self._held.pop(ending.claim, None)
            with suppress(OSError):
                self._path(ending.claim).unlink(missing_ok=True)

    def _path(self, claim: str) -> Path:
        return self._folder / f"{hashlib.sha256(claim.encode()).hexdigest()[:32]}{_SUFFIX}"

    def _on_disk(self) -> Iterator[Ending]:
        if not self._folder.exists():
            return
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
            with suppress(OSError, msgspec.MsgspecError):
                if path.stat().st_size <= _LARGEST:
                    yield decoder(Ending).decode(path.read_bytes())
