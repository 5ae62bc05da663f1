"""A program on a pseudo-terminal of its own, and when it has written something."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from fcntl import ioctl
from pathlib import Path
from struct import pack
from termios import TIOCSWINSZ
from types import TracebackType
from typing import Self

_PATIENCE = 60.0
_ROWS, _COLUMNS = 36, 120


class Terminal:
    """Starts the program; it is ended at the end of the `with`."""

    def __init__(self, command: Sequence[str | Path], surroundings: Mapping[str, str]) -> None:
        self._name = str(command[0])
        self._ours, theirs = pty.openpty()
        ioctl(theirs, TIOCSWINSZ, pack("HHHH", _ROWS, _COLUMNS, 0, 0))
        self._process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=surroundings, start_new_session=True
        )
        os.close(theirs)
        self._seen = b""

    def wait_for(self, text: bytes) -> float:
        """The moment (of `time.perf_counter`) at which this has been written since the last `wait_for`."""
        while text not in self._seen:
            if not select.select([self._ours], [], [], _PATIENCE)[0]:
                raise TimeoutError(f"{self._name} wrote no {text!r} in {_PATIENCE:.0f} s")
            self._seen += os.read(self._ours, 65536)
        self._seen = b""
        return time.perf_counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)
