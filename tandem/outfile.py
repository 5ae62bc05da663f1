"""A new file for somebody's data, private, whole or not there at all; what keeps it from being made, in words."""

from __future__ import annotations

import errno
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from desk.errors import RefusedError
from storage.new_file import new_file, private_mode


class Taken(RefusedError):
    """There is something of this name already."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already and is not overwritten", "choose another name")


@contextmanager
def outfile(path: Path, desk: Path) -> Generator[BinaryIO]:
    """A file that holds what is on the desk in this folder, to be written and read back inside the block.

    Raises:
        RefusedError: it is there already, or cannot be written; says why.
    """
    try:
        with new_file(path, private_mode(path.parent, desk)) as file:
            yield file
    except OSError as error:
        raise explained(error, path) from error


def explained(error: OSError, path: Path) -> RefusedError:
    """What keeps a new file from being written, in words."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return RefusedError(f"there is no room for {path}", "make room on the disk, or choose another place")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return RefusedError(f"you may not write in {path.parent}", "choose another place")
        case errno.ENOENT | errno.ENOTDIR:
            return RefusedError(f"there is no folder {path.parent}", "make it, or choose another place")
        case _ if isinstance(error, FileExistsError):
            return Taken(path)
        case _:
            return RefusedError(f"{path} cannot be written: {error.strerror or error}", "choose another place")


def free_path(folder: Path, stem: str, *suffixes: str) -> Path:
    """A path with the first of these suffixes, so named that there is none with any of them: maybe with a number."""
    number, name = 1, stem
    while any((folder / f"{name}{suffix}").exists() for suffix in suffixes):
        number += 1
        name = f"{stem}-{number}"
    return folder / f"{name}{suffixes[0]}"
