from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from storage.database import TicketStore
from storage.watch import Watch
from tests.processes import next_line
from tests.storage.transactions import failing
from tests.storage.worker import working


def in_a_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_nothing_changed_is_an_empty_set(store: TicketStore) -> None:
    store.table("tickets").insert({})
    watch = Watch(store)
    assert watch.poll() == frozenset()


def test_a_watch_sees_its_own_threads_writes_and_those_of_other_threads(store: TicketStore) -> None:
    watch = Watch(store)
    store.table("tickets").insert_multiple([{}, {}])
    store.table("entries").insert({})
    assert watch.poll() == frozenset({("tickets", 1), ("tickets", 2), ("entries", 1)})
    in_a_thread(lambda: store.table("tickets").remove(doc_ids=[2]))
    assert watch.poll() == frozenset({("tickets", 2)})
    assert watch.poll() == frozenset()


def test_each_watch_is_told_for_itself(store: TicketStore) -> None:
    first, second = Watch(store), Watch(store)
    store.table("tickets").insert({})
    assert first.poll() == second.poll() == frozenset({("tickets", 1)})


def test_what_was_taken_back_never_shows(store: TicketStore) -> None:
    watch = Watch(store)
    with failing(store):
        store.table("tickets").insert({})
    assert watch.poll() == frozenset()


def test_a_change_in_another_process_is_seen(store: TicketStore, path: Path) -> None:
    watch = Watch(store)
    with working("edit", path) as colleague:
        assert next_line(colleague) == "ready"
        assert colleague.stdin is not None
        for number in (1, 2):
            colleague.stdin.write("a new ticket\n")
            colleague.stdin.flush()
            assert next_line(colleague) == str(number)
            assert watch.poll() == frozenset({("tickets", number)})


def test_a_feed_that_no_longer_reaches_back_means_read_everything(store: TicketStore) -> None:
    watch = Watch(store)
    store.table("tickets").insert_multiple([{}] * 5)
    store.prune(keep=4)
    assert watch.poll() is None
    assert watch.poll() == frozenset()
    store.table("tickets").insert({})
    store.prune(keep=0)
    assert watch.poll() is None


def test_too_many_changes_to_tell_mean_read_everything(store: TicketStore) -> None:
    watch = Watch(store)
    store.table("tickets").insert_multiple([{}] * 5_001)
    assert watch.poll() is None
    store.table("tickets").insert({})
    assert watch.poll() == frozenset({("tickets", 5_002)})


def test_inside_a_transaction_nothing_is_told_because_it_may_be_taken_back(store: TicketStore) -> None:
    watch = Watch(store)
    with failing(store):
        store.table("tickets").insert({})
        assert watch.poll() == frozenset()
    in_a_thread(lambda: store.table("entries").insert({}))  # under the very revision that was taken back
    assert watch.poll() == frozenset({("entries", 1)})
    with store.transaction():
        store.table("tickets").insert({})
        assert watch.poll() == frozenset()
    assert watch.poll() == frozenset({("tickets", 1)})
