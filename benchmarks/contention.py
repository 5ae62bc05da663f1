"""Four processes that write without pause: how often and how evenly each gets its turn, beside SQLite alone."""

from __future__ import annotations

import multiprocessing
import sqlite3
import time
from collections.abc import Callable, Generator, Iterator, MutableMapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from storage.database import open_store

_PROCESSES, _SECONDS = 4, 10.0
_COUNTERS = (1, 2, 3)
_PATIENCE = 60.0
_START = 3.0
"""Seconds that the processes are given to start in."""


class Rival(Protocol):
    """One way to let several processes count."""

    def prepare(self) -> None:
        """Make the counters, all 0."""
        ...

    def write(self, begin: float) -> list[float]:
        """Count from a moment on (of the monotonic clock); how long each update waited for its turn, in seconds."""
        ...

    def counted(self) -> list[int]:
        """How far the counters came."""
        ...


def measure(folder: Path) -> Iterator[str]:
    """Updates a second, each process's share of them, and how long they waited for their turn."""
    yield f"{_PROCESSES} processes for {_SECONDS:.0f} s, each time {len(_COUNTERS)} shared counters in a transaction"
    yield f"tandem's store: {_contest(OurStore(folder / 'store.db'))}"
    yield f"SQLite alone, with its busy timeout: {_contest(SQLiteAlone(folder / 'alone.db'))}"


def _contest(rival: Rival) -> str:
    rival.prepare()
    begin = time.monotonic() + _START
    with ProcessPoolExecutor(_PROCESSES, mp_context=multiprocessing.get_context("spawn")) as processes:
        shares = list(processes.map(rival.write, [begin] * _PROCESSES))
    waits = sorted(wait for each in shares for wait in each)
    p99, worst = waits[len(waits) * 99 // 100], waits[-1]
    return (
        f"{len(waits) / _SECONDS:,.0f} updates/s, by process {' '.join(str(len(each)) for each in shares)},"
        f" waits p99 {p99 * 1000:.0f} ms, worst {worst * 1000:,.0f} ms, lost {len(waits) - min(rival.counted())}"
    )


def _counting(
    begin: float, turn: Callable[[], AbstractContextManager[object]], count: Callable[[], object]
) -> list[float]:
    time.sleep(max(0.0, begin - time.monotonic()))
    waits: list[float] = []
    while (asked := time.monotonic()) < begin + _SECONDS:
        with turn():
            waits.append(time.monotonic() - asked)
            count()
    return waits


class OurStore:
    """The store as the desk uses it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def prepare(self) -> None:
        """Make the counters."""
        with open_store(self._path) as store:
            store.table("counters").insert_multiple([{"n": 0} for _ in _COUNTERS])

    def write(self, begin: float) -> list[float]:
        """Count; see `Rival`."""
        with open_store(self._path, patience=_PATIENCE) as store:
            counters = store.table("counters")
            return _counting(begin, store.transaction, lambda: counters.update(_increment, doc_ids=_COUNTERS))

    def counted(self) -> list[int]:
        """How far they came."""
        with open_store(self._path) as store:
            return [each["n"] for each in store.table("counters")]


def _increment(counter: MutableMapping[str, Any]) -> None:
    counter["n"] += 1


class SQLiteAlone:
    """The same documents in SQLite, where writers wait for each other as SQLite lets them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    def prepare(self) -> None:
        """Make the counters."""
        with closing(self._connected()) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE counters (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
            connection.executemany("""INSERT INTO counters VALUES (?, '{"n":0}')""", [(each,) for each in _COUNTERS])

    def write(self, begin: float) -> list[float]:
        """Count; see `Rival`."""
        with closing(self._connected()) as connection:
            return _counting(begin, partial(_transaction, connection), partial(_count, connection))

    def counted(self) -> list[int]:
        """How far they came."""
        with closing(self._connected()) as connection:
            return [n for (n,) in connection.execute("SELECT json_extract(body, '$.n') FROM counters")]


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Generator[None]:
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("COMMIT")


def _count(connection: sqlite3.Connection) -> None:
    for each in _COUNTERS:
        connection.execute(
            "UPDATE counters SET body = json_set(body, '$.n', json_extract(body, '$.n') + 1) WHERE id = ?", (each,)
        )
