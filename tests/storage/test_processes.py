"""Several processes on one store: what one does, the others neither lose nor repeat."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from storage.database import open_store
from tests.processes import next_line
from tests.storage.worker import working


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
