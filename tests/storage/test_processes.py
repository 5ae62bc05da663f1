"""Several processes on one store: nothing is lost, nothing is half there, whoever dies and whenever."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import ExitStack, closing
from pathlib import Path
from subprocess import Popen

from tinydb import Query

from storage.database import open_store
from tests.storage.worker import next_line, working

T = Query()


def test_four_processes_count_on_shared_counters_evenly_and_lose_none(path: Path) -> None:
    with open_store(path) as store:
        store.table("counters").insert_multiple([{"n": 0}] * 3)
    with ExitStack() as stack:
        workers = [stack.enter_context(working("count", path, 2)) for _ in range(4)]
        assert [next_line(each) for each in workers] == ["ready"] * 4
        for each in workers:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        done = [int(next_line(each)) for each in workers]
    with open_store(path) as store:
        assert [each["n"] for each in store.table("counters")] == [sum(done)] * 3
        assert store.revision() == 3 + 3 * sum(done)
    assert min(done) > max(done) / 2


def test_processes_that_make_the_store_at_the_same_time_share_one(path: Path) -> None:
    with ExitStack() as stack:
        workers = [stack.enter_context(working("edit", path)) for _ in range(4)]
        assert [next_line(each) for each in workers] == ["ready"] * 4
        for number, each in enumerate(workers, start=1):
            assert each.stdin is not None
            each.stdin.write("a new ticket\n")
            each.stdin.flush()
            assert next_line(each) == str(number)


def acknowledged(worker: Popen[str], seconds: float) -> int:
    """The last number that a worker said before it was killed."""
    last, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        last = int(next_line(worker))
    worker.kill()
    assert worker.stdout is not None
    whole_lines = [line for line in worker.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    return int(whole_lines[-1]) if whole_lines else last


def test_what_was_acknowledged_survives_kill_9_and_nothing_is_half_there(path: Path) -> None:
    r = random.Random(9)
    for _ in range(8):
        with working("append", path) as worker:
            assert next_line(worker) == "ready"
            number = acknowledged(worker, r.uniform(0.01, 0.15))
        with open_store(path) as store:
            assert store.table("tickets").ids()[:number] == list(range(1, number + 1))
            assert len(store.table("entries")) == 2 * len(store.table("tickets"))
            assert store.revision() == 3 * len(store.table("tickets"))
            assert store.table("entries").count(T.ticket == number) == 2
        with closing(sqlite3.connect(path)) as shell:
            assert shell.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            shell.execute("INSERT INTO tandem_text_entries (tandem_text_entries, rank) VALUES ('integrity-check', 1)")
