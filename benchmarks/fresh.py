"""A new process and its first list: the time that takes, and the memory over a Python that has loaded nothing."""

from __future__ import annotations

import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_RUNS = 9

_BARE = """
def megabytes():
    with open("/proc/self/smaps_rollup") as lines:
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1000
bare = megabytes()
import sys, time
"""
_AFTERWARDS = """
print(took, megabytes() - bare)
"""
_OURS = """
from pathlib import Path
from desk.clock import utc_now
from desk.people import Handle
from desk.views import parse_query
from storage.shared import open_shared
started = time.perf_counter()
store = open_shared(Path(sys.argv[1]))
wanted = parse_query("is:open", me=Handle("ana"), now=utc_now())
found = store.tickets.many(store.tickets.numbers(wanted)[:50])
took = time.perf_counter() - started
assert found
"""
_STOCK = """
from tinydb import TinyDB, where
started = time.perf_counter()
store = TinyDB(sys.argv[1])
found = store.table("tickets").search(where("status") == "open")
found.sort(key=lambda ticket: ticket["updated"], reverse=True)
took = time.perf_counter() - started
assert found
"""


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from opening the store to a list as a screen of 50 rows shows it, and megabytes.

    The memory is what the process shares with no other, over that of a Python that has loaded nothing.
    """

    seconds: float
    memory: float


def of_ours(store: Path) -> Start:
    """A start with Tandem's store."""
    return _median(_BARE + _OURS + _AFTERWARDS, store)


def of_stock(store: Path) -> Start:
    """A start with a file of stock TinyDB."""
    return _median(_BARE + _STOCK + _AFTERWARDS, store)


def _median(program: str, store: Path) -> Start:
    command = [sys.executable, "-c", program, str(store)]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() for _ in range(_RUNS)]
    times, memories = zip(*runs[1:], strict=True)
    return Start(statistics.median(map(float, times)), statistics.median(map(float, memories)))
