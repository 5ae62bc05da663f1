"""A folder for what is being made, which goes with everything in it, also when its maker was killed."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage import files

_PREFIX, _SUFFIX = ".", ".incoming"


@contextmanager
def workshop(around: Path) -> Generator[Path]:
    """A folder of our own in this one, gone at the end; those that killed processes left go when the next begins.

    Raises:
        StoreUnreachable: the folder may not be written.
    """
    for left in around.glob(f"{_PREFIX}*{_SUFFIX}"):
        _remove_dead(left)
    try:
        folder, descriptor = _marked_folder(around)
    except OSError as error:
        raise files.explained(error, around) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _marked_folder(around: Path) -> tuple[Path, int]:
    """A new folder that is locked, so that everybody sees that its maker lives."""
    while True:
        folder = around / f"{_PREFIX}{os.urandom(8).hex()}{_SUFFIX}"
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)  # past a umask that takes even our own rights
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if folder.exists():  # else somebody took it for a dead one before it was locked
            return folder, descriptor
        os.close(descriptor)


def _remove_dead(folder: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(descriptor)
