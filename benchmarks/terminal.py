"""A program on a pseudo-terminal of its own: what it writes, when, and how much memory it takes."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from struct import pack
from termios import TIOCSCTTY, TIOCSWINSZ
from types import TracebackType
from typing import Self

_PATIENCE = 60.0
_SILENCE = 0.012
"""Seconds of silence after which what was written last is one paint."""
WIDE, NARROW = (120, 36), (80, 24)
"""Columns and rows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back on a key: seconds until its first and its last byte, and how many bytes there were."""

    first: float
    last: float
    size: int


class Terminal:
    """Starts the program; it is ended at the end of the `with`."""

    def __init__(
        self, command: Sequence[str | Path], surroundings: Mapping[str, str], size: tuple[int, int] = WIDE
    ) -> None:
        self._name = str(command[0])
        self._ours, theirs = pty.openpty()
        ioctl(theirs, TIOCSWINSZ, pack("HHHH", size[1], size[0], 0, 0))
        self._process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=surroundings,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - there are no threads here
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

    def send(self, keys: bytes) -> None:
        """Press keys, and wait for nothing."""
        os.write(self._ours, keys)

    def press(self, keys: bytes, silence: float = _SILENCE) -> Answer:
        """Press keys and read what comes back, until it is silent for so long."""
        started = time.perf_counter()
        os.write(self._ours, keys)
        first = last = 0.0
        size = 0
        while select.select([self._ours], [], [], silence if size else _PATIENCE)[0]:
            size += len(os.read(self._ours, 65536))
            last = time.perf_counter() - started
            first = first or last
        if not size:
            raise TimeoutError(f"{self._name} wrote nothing on {keys!r} in {_PATIENCE:.0f} s")
        return Answer(first, last, size)

    def settle(self, silence: float = 0.6, longest: float = _PATIENCE) -> int:
        """Read until nothing has come for so many seconds, at most `longest`; returns how many bytes that were."""
        size, end = 0, time.monotonic() + longest
        while time.monotonic() < end and select.select([self._ours], [], [], silence)[0]:
            size += len(os.read(self._ours, 65536))
        return size

    def ended(self, patience: float) -> None:
        """Wait until the program has ended by itself."""
        with suppress(OSError):  # the other end is closed
            self.settle(patience)
        self._process.wait(patience)

    @property
    def memory(self) -> float:
        """Megabytes of the program and of all processes that it has started (Pss: what is shared is shared out)."""
        return sum(_pss(pid) for pid in _family(self._process.pid)) / 1024

    @property
    def alone(self) -> float:
        """The same of the program's own process."""
        return _pss(self._process.pid) / 1024

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)


def _take_terminal() -> None:
    """Some programs speak to the terminal of their session rather than to the one they were given."""
    ioctl(0, TIOCSCTTY, 0)


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _family(int(child))


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
