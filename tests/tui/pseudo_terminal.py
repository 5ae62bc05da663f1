"""The application under a pseudo terminal, and every byte that it wrote."""

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
from dataclasses import dataclass, field
from pathlib import Path

from tests.tui.paper import Paper

COLUMNS, ROWS = 120, 36
PATIENCE = 40.0
QUIET = 0.08
"""Seconds without output after which the screen counts as painted."""
SEQUENCE = re.compile(
    "\x1b\\[(?P<csi>[0-9;:?<>=]*[ -/]*[@-~])|\x1b\\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\\\)"
    "|\x1b(?P<other>[PX^_].*?\x1b\\\\|.)",
    re.DOTALL,
)


@dataclass
class Terminal:
    """A program in a pseudo terminal, and everything it wrote."""

    process: int
    master: int
    written: bytearray = field(default_factory=bytearray)

    @property
    def text(self) -> str:
        """What was written so far."""
        return self.written.decode("utf-8", "surrogateescape")

    @property
    def shown(self) -> str:
        """What stands on the screen."""
        paper = Paper(COLUMNS, ROWS)
        paper.feed(self.text)
        return paper.text

    def press(self, keys: str, words: str = "") -> None:
        """Type these keys, and wait until something and nothing more is painted, and these words can be seen."""
        before = len(self.written)
        os.write(self.master, keys.encode())
        while len(self.written) == before and self._read(PATIENCE):
            pass
        self.wait_for(words)

    def settle(self) -> None:
        """Read until nothing has been written for a while."""
        while self._read(QUIET):
            pass

    def wait_for(self, words: str) -> None:
        """Read until these words can be seen."""
        deadline = time.monotonic() + PATIENCE
        while words not in self.shown:
            assert time.monotonic() < deadline, self.shown
            self._read(0.1)
        self.settle()

    def end(self) -> int:
        """Read what is left, and give the exit code."""
        while self._read(PATIENCE):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def _read(self, patience: float) -> bool:
        if not select.select([self.master], [], [], patience)[0]:
            return False
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            return False
        self.written += data
        return bool(data)


@contextmanager
def terminal(folder: Path, *words: str) -> Generator[Terminal]:
    """The program over the desk in this folder, with these words behind it, ended at the latest when the test is."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "ESCDELAY": "20"}
    environment["PATH"] = os.environ["PATH"]
    process = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "tests.tui.terminal_app", str(folder), *words],
        environment,
        file_actions=[(os.POSIX_SPAWN_DUP2, slave, number) for number in (0, 1, 2)],
        setsid=True,
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        os.close(master)
        try:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
