"""`make bench`: measures Tandem beside the bare libraries, and prints figures and ratios of this one run."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks import (
    action,
    arrival,
    command,
    contention,
    day,
    first_sync,
    keys,
    memory,
    queries,
    reading,
    screen,
    seeking,
    store,
    watching,
    words,
)

Measure = Callable[[Path], Iterator[str]]

MAILS = 1_000
"""In the mailbox of the first sync, unless another number is asked for."""

MEASURES: dict[str, Measure] = {
    "sync": partial(first_sync.measure, mails=MAILS),
    "arrival": arrival.measure,
    "screen": screen.measure,
    "keys": keys.measure,
    "memory": memory.measure,
    "day": day.measure,
    "seeking": seeking.measure,
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
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Tandem beside others.")
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"some of {', '.join(MEASURES)}; else all")
    parser.add_argument("--mails", type=int, default=MAILS, help="how many mails are synced (%(default)s)")
    asked = parser.parse_args()
    if unknown := [name for name in asked.measures if name not in MEASURES]:
        parser.error(f"there is no measure {', '.join(unknown)}; known: {', '.join(MEASURES)}")
    measures = MEASURES | {"sync": partial(first_sync.measure, mails=asked.mails)}
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        for name in asked.measures or MEASURES:
            for line in measures[name](Path(folder)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
