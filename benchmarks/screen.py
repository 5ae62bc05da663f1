"""From the start of the process to the first painted list, in a real pseudo-terminal, beside a minimal Textual app."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.terminal import Terminal
from benchmarks.worlds import SUBJECTS, TANDEM, desk_of, environment, typical

_RUNS = 7

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
    started = time.perf_counter()
    with Terminal(command, environment(home)) as terminal:
        return terminal.wait_for(text) - started
