"""`make bench`: measures Tandem beside the bare libraries, and prints figures and ratios of this one run."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import action, command, contention, fetching, queries, reading, screen, store, watching, words

Measure = Callable[[Path], Iterator[str]]

MEASURES: dict[str, Measure] = {
    "fetch": fetching.measure,
    "screen": screen.measure,
    "list": command.measure,
    "store": store.measure,
    "action": action.measure,
    "contention": contention.measure,
    "watch": watching.measure,
    "words": words.measure,
    "reading": reading.measure,
    "queries": queries.measure,
}


def main() -> None:
    """Run the measures named on the command line, or all."""
    names = sys.argv[1:] or list(MEASURES)
    if unknown := [name for name in names if name not in MEASURES]:
        sys.exit(f"there is no measure {', '.join(unknown)}; known: {', '.join(MEASURES)}")
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        for name in names:
            for line in MEASURES[name](Path(folder)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
