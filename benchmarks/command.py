"""`tandem list` as a process, beside a Python that does nothing and one that only opens the database."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.worlds import TANDEM, desk_of, environment, seconds, typical

_RUNS = 15


def measure(folder: Path) -> Iterator[str]:
    """The time from start to exit."""
    bare = _times([sys.executable, "-c", "pass"], folder)
    yield f"python -c pass, process: {typical(bare)}"
    for tickets in (1_000, 10_000):
        home = desk_of(folder, tickets)
        times = _times([TANDEM, "list"], home)
        ratio = statistics.median(times) / statistics.median(bare)
        yield f"tandem list at {tickets:,} tickets, process: {typical(times)}, {ratio:.1f} x a bare Python"


def _times(command: list[str], home: Path) -> list[float]:
    def run() -> None:
        subprocess.run(command, env=environment(home), stdout=subprocess.DEVNULL, check=True)

    run()
    return [seconds(run) for _ in range(_RUNS)]
