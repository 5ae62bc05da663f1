"""`make bench`: measures Tandem beside the bare libraries, and prints figures and ratios of this one run."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import action, command, fetching, screen

Measure = Callable[[Path], Iterator[str]]

MEASURES: dict[str, Measure] = {
    "fetch": fetching.measure,
    "screen": screen.measure,
    "list": command.measure,
    "action": action.measure,
}


def main() -> None:
    """Run the measures named on the command line, or all."""
    for name in sys.argv[1:] or MEASURES:
        with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
            for line in MEASURES[name](Path(folder)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
