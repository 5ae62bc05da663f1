"""Files that somebody names on a command line: plain ones only, opened without waiting for anybody."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from desk.errors import RefusedError


@contextmanager
def opened(path: Path) -> Generator[BinaryIO]:
    """A plain file for reading.

    Raises:
        RefusedError: it cannot be read; says why.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise RefusedError(f"there is no file {path}", "`ls` shows what there is") from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "this is no file's name"
        raise RefusedError(f"{path} cannot be read: {why}", "check its owner and mode") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RefusedError(f"{path} is no plain file", "name a file")
    with os.fdopen(descriptor, "rb") as file:
        yield file
