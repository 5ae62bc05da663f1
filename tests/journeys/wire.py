"""A screen on a pseudo-terminal of the test's own: bytes in, bytes out, and no program between."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.tui.paper import Paper

PATIENCE = 45.0
"""Seconds to wait for something to be written."""
_QUIET = 0.3
_LARGEST = 300, 80
"""Columns and rows of the largest terminal."""
_PROGRAM = """
import sys
from pathlib import Path
from macros.library import Library
from tests.desks import make_desk
from tui.start import run
run(make_desk(Path(sys.argv[1]), agents=("ana", "bo")), Library(None), None)
"""
_SEQUENCE = re.compile(rb"\x1b(?:\[[0-9;:?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)")


class Wire:
    """The program's process, and everything it wrote."""

    def __init__(self, process: int, ours: int) -> None:
        self.process = process
        self._ours = ours
        self.written = b""

    @property
    def words(self) -> str:
        """What was written, without what only places and colours it."""
        return _SEQUENCE.sub(b"", self.written).decode("utf-8", "replace")

    @property
    def shown(self) -> str:
        """What was written, where it stands."""
        paper = Paper(*_LARGEST)
        paper.feed(self.written.decode("utf-8", "replace"))
        return paper.text

    def send(self, keys: bytes) -> None:
        """Type, and wait for nothing."""
        os.write(self._ours, keys)

    def press(self, keys: bytes) -> bytes:
        """Type, and read until it is quiet; returns what came."""
        before = len(self.written)
        self.send(keys)
        self.settle()
        return self.written[before:]

    def settle(self) -> None:
        """Read until nothing has come for a while."""
        while self._read(_QUIET):
            pass

    def wait_for(self, *words: str) -> None:
        """Read until all these words stand where they were written since the last `forget`."""
        deadline = time.monotonic() + PATIENCE
        while not all(each in self.shown for each in words):
            assert time.monotonic() < deadline, f"no {words!r} in {self.shown}"
            self._read(0.1)

    def forget(self) -> None:
        """Look only at what comes from now on."""
        self.settle()
        self.written = b""

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal, which tells the program."""
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.process, signal.SIGWINCH)

    def ended(self, patience: float = PATIENCE) -> int:
        """Read what is left; returns the exit code, negative for a signal."""
        deadline = time.monotonic() + patience
        while True:
            self._read(0.05)
            done, status = os.waitpid(self.process, os.WNOHANG)
            if done:
                self.process = 0
                return os.waitstatus_to_exitcode(status)
            assert time.monotonic() < deadline, "the program does not end"

    def hang_up(self) -> None:
        """Take the terminal away."""
        os.close(self._ours)
        self._ours = -1

    def close(self) -> None:
        """End what is left."""
        if self._ours >= 0:
            os.close(self._ours)
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)

    def _read(self, patience: float) -> bool:
        if self._ours < 0:
            time.sleep(patience)
            return False
        if not select.select([self._ours], [], [], patience)[0]:
            return False
        try:
            data = os.read(self._ours, 1 << 16)
        except OSError:  # the other end is closed
            time.sleep(patience)
            return False
        self.written += data
        return bool(data)


@contextmanager
def wire(
    folder: Path, *, columns: int = 80, rows: int = 24, is_controlled: bool = True, **more: str
) -> Generator[Wire]:
    """The screen over the desk in this folder, on a line as slow as SSH's may be.

    Without `is_controlled` nobody tells the program when its terminal goes.
    """
    environment = {
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "TANDEM_TOUR": "off",
        **more,
    }
    environment["XDG_STATE_HOME"] = str(folder / "state")
    process, ours = pty.fork()
    if not process:
        program = [sys.executable, "-c", _PROGRAM, str(folder)]
        if not is_controlled:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            fcntl.ioctl(0, termios.TIOCNOTTY)
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
        os.execve(sys.executable, program, environment)  # noqa: S606 - no shell is wanted
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    screen = Wire(process, ours)
    try:
        yield screen
    finally:
        screen.close()
