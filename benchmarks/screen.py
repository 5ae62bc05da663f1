"""From the start of the process to the first painted list, in a real pseudo-terminal, beside a minimal Textual app."""

from __future__ import annotations

import os
import pty
import select
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path
from struct import pack
from termios import TIOCSWINSZ

from benchmarks.worlds import SUBJECTS, TANDEM, desk_of, environment, typical

_RUNS = 7
_PATIENCE = 20.0
_ROWS, _COLUMNS = 36, 120

_MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("painted now")
Minimal().run(mouse=False)
"""


def measure(folder: Path) -> Iterator[str]:
    """The time to the first painted text of each."""
    minimal = [_until_painted([sys.executable, "-c", _MINIMAL], b"painted now", folder) for _ in range(_RUNS)]
    yield f"a minimal Textual app, start to first text: {typical(minimal)}"
    for tickets in (1_000, 10_000):
        home = desk_of(folder, tickets)
        wanted = SUBJECTS[0].split()[0].encode()  # columns may be narrow
        times = [_until_painted([TANDEM], wanted, home) for _ in range(_RUNS)]
        ratio = statistics.median(times) / statistics.median(minimal)
        yield f"tandem at {tickets:,} tickets, start to first painted list: {typical(times)}, {ratio:.1f} x minimal"


def _until_painted(command: list[str], text: bytes, home: Path) -> float:
    """Start a program on a terminal of its own and wait until it has written this text; then end it."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, pack("HHHH", _ROWS, _COLUMNS, 0, 0))
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment(home), start_new_session=True
    )
    os.close(theirs)
    seen = b""
    try:
        while text not in seen:
            if not select.select([ours], [], [], _PATIENCE)[0]:
                raise TimeoutError(f"{command[0]} painted no {text!r} in {_PATIENCE:.0f} s")
            seen += os.read(ours, 65536)
        return time.perf_counter() - started
    finally:
        process.kill()
        process.wait()
        os.close(ours)
