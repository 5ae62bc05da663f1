"""What is measured of a store, and the table that shows it at several sizes."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.worlds import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Times in seconds, memory in megabytes, ingest in tickets a second; None where a store has no such thing."""

    first_list: float
    mine: float
    thread: float
    words: float
    update: float
    action: float | None = None
    commit: float | None = None
    ratio: float | None = None
    flushes: float | None = None
    ingest: float
    memory: float


_ROWS = (
    ("first_list", "open and read the first list, ms", 1000),
    ("mine", "list my open tickets, ms", 1000),
    ("thread", "read a thread, ms", 1000),
    ("words", "search two words, newest 50, ms", 1000),
    ("update", "update a field, durable, ms", 1000),
    ("action", "an action (assign), durable, ms", 1000),
    ("commit", "a bare SQLite commit, in turns, ms", 1000),
    ("ratio", "an action in bare commits", 1),
    ("flushes", "flushes of an action", 1),
    ("ingest", "ingest in batches, tickets/s", 1),
    ("memory", "memory over bare Python, MB", 1),
)


def median(work: Callable[[], object], times: int) -> float:
    """How long something takes, in seconds; a first time does not count."""
    work()
    return statistics.median(seconds(work) for _ in range(times))


def table(first: tuple[str, Figures], sizes: Sequence[tuple[str, Figures]]) -> Iterator[str]:
    """One line for each figure: of the first store, of ours at each size, and what each size is of the one before."""
    pairs = list(pairwise(sizes))
    heads = [first[0], *(name for name, _ in sizes), *(f"{after}/{before}" for (before, _), (after, _) in pairs)]
    yield _line("", heads)
    for name, title, factor in _ROWS:
        growths = [_quotient(getattr(after, name), getattr(before, name)) for (_, before), (_, after) in pairs]
        values = [getattr(each, name) for _, each in (first, *sizes)]
        yield _line(title, [*(_shown(each, factor) for each in values), *(_shown(each, 1) for each in growths)])


def _line(title: str, cells: Sequence[str]) -> str:
    return f"{title:<36}" + "".join(f"{each:>11}" for each in cells)


def _quotient(after: float | None, before: float | None) -> float | None:
    return after / before if after is not None and before else None


def _shown(value: float | None, factor: int) -> str:
    if value is None:
        return "-"
    decimals = max(0, 3 - len(f"{value * factor:.0f}"))
    return f"{value * factor:,.{decimals}f}"
