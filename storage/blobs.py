"""Bytes by their sha256, one file each: raw mails and attachments, on disk before the store speaks of them.

`mail/ab/cdef...` holds the bytes whose digest is abcdef...  A file is written under another name, put on disk, and
renamed; so what has its name is whole.  A file that is there already is used again and made new, so that whoever
collects what is left over (`storage.leftovers`) leaves it alone until the store speaks of it.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice
from pathlib import Path

from storage import files
from storage.errors import StoreDamaged
from storage.folder_lock import FolderLock

LOCK = ".lock"
"""Whoever checks a file and relies on it, or removes one, holds this file in the folder."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_BATCH = 100


class Blobs:
    """The files in one folder, which is made when the first one is stored.

    `patience` is how many seconds storing waits for somebody who collects leftovers.
    """

    def __init__(self, folder: str | Path, *, patience: float = 10.0) -> None:
        self._folder = Path(folder).absolute()
        self._lock = FolderLock(self._folder / LOCK, patience)

    def path(self, sha256: str) -> Path:
        """Where these bytes are, or would be.

        Raises:
            ValueError: this is no sha256 in 64 lower-case hex digits.
        """
        if not _DIGEST.fullmatch(sha256):
            raise ValueError(f"{sha256!r} is no sha256")
        return self._folder / sha256[:2] / sha256[2:]

    def has(self, sha256: str) -> bool:
        """Whether there is such a file; `get` tells whether it is whole."""
        return self.path(sha256).is_file()

    def get(self, sha256: str) -> bytes:
        """The bytes, checked against their digest.

        Raises:
            StoreDamaged: they are missing, or are not what was written.
            StoreUnreachable: the file cannot be read, or is none.
        """
        if not sha256:
            raise StoreDamaged("the bytes of this mail are not kept", "they were erased at a customer's request")
        path = self.path(sha256)
        try:
            data = files.read_regular(path)
        except FileNotFoundError as error:
            raise StoreDamaged(f"{path} is missing", "bring it back from a backup") from error
        except OSError as error:
            raise files.explained(error, path) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreDamaged(f"{path} is not what was written", "bring it back from a backup")
        return data

    def put(self, data: bytes) -> str:
        """Store bytes and return their sha256; they are on disk when this returns.

        Raises:
            StoreUnreachable: the disk is full, or the folder may not be written.
        """
        return self.put_many([data])[0]

    def put_many(self, data: Sequence[bytes]) -> list[str]:
        """Store all of these as `put` does, with fewer waits for the disk.

        A file that is there already is left alone if it is whole, but for its time; else it is replaced.

        Raises:
            StoreUnreachable: the disk is full, or the folder may not be written.
            StoreBusy: somebody who collects leftovers held the folder for too long.
        """
        digests = [hashlib.sha256(each).hexdigest() for each in data]
        pending = iter(dict(zip(digests, data, strict=True)).items())
        try:
            while batch := dict(islice(pending, _BATCH)):
                self._store(batch)
        except OSError as error:
            raise files.explained(error, self._folder) from error
        return digests

    def remove(self, digests: Iterable[str], needed: Callable[[], Collection[str]]) -> int:
        """Remove these for good, but for what is still `needed`, which is asked once nobody puts files in.

        Returns how many went. An attached file that another process has put here with another mail, but that nothing
        speaks of yet, goes too: `tandem doctor --fix` takes it out of that mail again.

        Raises:
            StoreBusy: others kept putting files in for longer than our patience.
            StoreUnreachable: a file cannot be removed.
        """
        paths = {each: self.path(each) for each in digests}
        if not paths or not self._folder.is_dir():
            return 0
        try:
            with self._lock.alone():
                kept = needed()
                gone = [path for each, path in paths.items() if each not in kept and path.exists()]
                for path in gone:
                    path.unlink(missing_ok=True)
                for folder in {each.parent for each in gone}:
                    files.sync_folder(folder)
        except OSError as error:
            raise files.explained(error, self._folder) from error
        return len(gone)

    def _store(self, blobs: dict[str, bytes]) -> None:
        paths = {self.path(digest): data for digest, data in blobs.items()}
        folders = {path.parent for path in paths}
        self._make(folders)
        with self._lock.shared():
            missing = {path: data for path, data in paths.items() if not _is_kept(path, data)}
        self._write(missing)
        for folder in (*folders, self._folder):
            files.sync_folder(folder)

    def _make(self, folders: set[Path]) -> None:
        if files.create_folder(self._folder):
            files.sync_folder(self._folder.parent)
        for folder in folders:
            files.create_folder(folder)

    def _write(self, blobs: dict[Path, bytes]) -> None:
        """Write all, then wait for each, so that the first wait covers most others; then give them their names."""
        parts: dict[Path, Path] = {}
        try:
            for path, data in blobs.items():
                parts[part := _new_part(path)] = path
                part.write_bytes(data)
            for part in parts:
                files.sync_file(part)
            with self._lock.shared():
                for part, path in parts.items():
                    part.replace(path)
        except BaseException:
            for part in parts:
                part.unlink(missing_ok=True)
            raise


def _is_kept(path: Path, data: bytes) -> bool:
    """Whether these bytes are there already; then the file is as new as if it were written now.

    One that we may not read and write is none: ours takes its place.
    """
    try:
        if files.read_regular(path) != data:
            return False
        os.utime(path)
    except (FileNotFoundError, PermissionError, StoreDamaged):
        return False
    return True


def _new_part(path: Path) -> Path:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        os.fchmod(descriptor, files.file_mode(path.parent))
    finally:
        os.close(descriptor)
    return Path(name)
