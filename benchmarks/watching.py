"""How soon a change of one process is seen by a screen of another, and what looking costs while nothing happens."""

from __future__ import annotations

import multiprocessing
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue

from benchmarks.worlds import desk_of
from desk.ticket import Priority, TicketNumber
from storage.shared import SharedStore, open_shared
from tandem.paths import Home
from tui.messages import StoreChanged
from tui.threads.watch import INTERVAL, watching

_TICKETS, _CHANGES = 1_000, 300
_IDLE = 10.0


def measure(folder: Path) -> Iterator[str]:
    """The time from a commit to the screen's being told, and the processor time of a screen where nothing changes."""
    path = Home(desk_of(folder, _TICKETS)).store
    store = open_shared(path)
    try:
        seen = sorted(_delays(store, path))
        p99 = seen[len(seen) * 99 // 100]
        yield (
            f"a change in another process, seen by a screen that looks each {INTERVAL * 1000:.0f} ms:"
            f" median {statistics.median(seen) * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms,"
            f" worst {seen[-1] * 1000:.1f} ms (n={len(seen)})"
        )
        yield f"looking while nothing changes: {_idle_share(store):.2%} of one processor"
    finally:
        store.close()


def _delays(store: SharedStore, path: Path) -> Iterator[float]:
    """How many seconds after its commit each change was told."""
    told: SimpleQueue[float] = SimpleQueue()
    rounds = watching(store, lambda _: told.put(time.monotonic()))
    rounds.start()
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    colleague = spawn.Process(target=_change, args=(path, theirs))
    colleague.start()
    for _ in range(_CHANGES):
        ours.send("go")
        committed: float = ours.recv()
        yield told.get() - committed
    colleague.join()
    rounds.stop()
    rounds.join(1)


def _change(path: Path, asked: Connection) -> None:
    """Change a ticket at some moment after each request, and say when it was on disk (of the monotonic clock)."""
    chance = random.Random(1)
    store = open_shared(path)
    for number in range(1, _CHANGES + 1):
        asked.recv()
        time.sleep(chance.uniform(0, 2 * INTERVAL))
        with store.transaction():
            ticket, *_ = store.tickets.many([TicketNumber(number)])
            store.tickets.put(replace(ticket, priority=Priority.HIGH))
        asked.send(time.monotonic())
    store.close()


def _idle_share(store: SharedStore) -> float:
    def tell(changed: StoreChanged) -> None:
        raise AssertionError(f"nothing should change: {changed}")

    rounds = watching(store, tell)
    before = time.process_time()
    rounds.start()
    time.sleep(_IDLE)
    used = time.process_time() - before
    rounds.stop()
    rounds.join(1)
    return used / _IDLE
