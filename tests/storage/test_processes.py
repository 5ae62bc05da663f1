"""Several processes on one store: what one does, the others neither lose nor repeat."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from storage.database import open_store
from tests.processes import next_line
from tests.storage.worker import working


def counted(path: Path) -> list[int]:
    """How often each of four processes that count at the same time has done so."""
    with ExitStack() as stack:
        workers = [stack.enter_context(working("count", path, 2)) for _ in range(4)]
        assert [next_line(each) for each in workers] == ["ready"] * 4
        for each in workers:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        return [int(next_line(each)) for each in workers]


def test_four_processes_count_on_shared_counters_evenly_and_lose_none(path: Path) -> None:
    with open_store(path) as store:
        store.table("counters").insert_multiple([{"n": 0}] * 3)
    total, done = 0, list[int]()
    for _ in range(5):  # a busy machine may leave one out of it now and then, but not every time
        done = counted(path)
        total += sum(done)
        with open_store(path) as store:
            assert [each["n"] for each in store.table("counters")] == [total] * 3
            assert store.revision() == 3 + 3 * total
        if min(done) > max(done) / 2:
            return
    pytest.fail(f"they never shared evenly: {done}")


def test_processes_that_make_the_store_at_the_same_time_share_one(path: Path) -> None:
    with ExitStack() as stack:
        workers = [stack.enter_context(working("edit", path)) for _ in range(4)]
        assert [next_line(each) for each in workers] == ["ready"] * 4
        for number, each in enumerate(workers, start=1):
            assert each.stdin is not None
            each.stdin.write("a new ticket\n")
            each.stdin.flush()
            assert next_line(each) == str(number)
