"""A file that gets its name when it is whole: written beside it and put on disk; in place of another one only if asked.

What a killed process left of such a file goes when the next one is written into the same folder.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from storage import files

_PART = ".tandem-part"
_FLAGS = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW


@contextmanager
def new_file(path: Path, mode: int) -> Generator[BinaryIO]:
    """A file to be written and read back, which has its name, and is on disk, once the block has ended well.

    Raises:
        FileExistsError: there is something of this name already; it is left as it is.
        OSError: it cannot be written.
    """
    with new_path(path, mode) as part, part.open("r+b") as file:
        yield file


@contextmanager
def new_path(path: Path, mode: int) -> Generator[Path]:
    """As `new_file`, for those who write by the name of a file: an empty one, under the name that it has meanwhile."""
    _refuse_present(path)
    _remove_dead(path.parent)
    part, descriptor = _reserved(path, mode)
    try:
        os.fchmod(descriptor, mode)  # past the umask
        yield part
        os.fsync(descriptor)
        _give_name(part, path)
    finally:
        part.unlink(missing_ok=True)
        os.close(descriptor)
    files.sync_folder(path.parent)


def replace_whole(path: Path, data: bytes, mode: int) -> None:
    """Let a file hold these bytes, whole and on disk, with this mode whatever the umask; it may be there or not.

    Raises:
        OSError: it cannot be written; the one that was there is as it was.
    """
    _remove_dead(path.parent)
    part, descriptor = _reserved(path, mode)
    try:
        os.fchmod(descriptor, mode)
        part.write_bytes(data)
        os.fsync(descriptor)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
        os.close(descriptor)
    files.sync_folder(path.parent)


def private_mode(folder: Path, desk: Path) -> int:
    """The mode for what holds a desk's content: its group may have it where the folder is that group's too."""
    there, ours = folder.stat(), desk.stat()
    is_the_groups = files.is_shared(desk) and files.is_shared(folder) and there.st_gid == ours.st_gid
    return 0o660 if is_the_groups else 0o600


def _refuse_present(path: Path) -> None:
    if os.path.lexists(path):
        raise FileExistsError(None, "it is there already", str(path))


def _reserved(path: Path, mode: int) -> tuple[Path, int]:
    """A new file that is locked, so that everybody sees that it is being written."""
    while True:
        part = path.with_name(f".{os.urandom(8).hex()}{_PART}")
        descriptor = os.open(part, _FLAGS | os.O_CREAT | os.O_EXCL, mode)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if part.exists():  # else somebody took it for a dead one before it was locked
            return part, descriptor
        os.close(descriptor)


def _give_name(part: Path, path: Path) -> None:
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # a stick with FAT gives a file one name only
        _refuse_present(path)
        part.rename(path)


def _remove_dead(folder: Path) -> None:
    for part in folder.glob(f".*{_PART}"):
        with suppress(OSError):
            descriptor = os.open(part, _FLAGS | os.O_NONBLOCK)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                part.unlink()
            finally:
                os.close(descriptor)
