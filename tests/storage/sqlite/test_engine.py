from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest
from tinydb import Query

from storage.database import TicketStore, open_store
from storage.errors import StorageError, StoreBusy, StoreDamaged, StoreTooNew, StoreUnreachable
from storage.predicate import EVERYTHING
from storage.schema import SCHEMA, Collection, Schema
from storage.sqlite.engine import SQLiteEngine
from storage.sqlite.functions import teach
from tests.processes import next_line
from tests.storage.worker import working

T = Query()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def files_of(path: Path) -> list[Path]:
    """The database, its log and shared memory, and the turnstile's lock."""
    return [path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", ".lock"))]


def connections(path: Path) -> int:
    """How often this process has the file open."""
    return sum(1 for link in Path("/proc/self/fd").iterdir() if os.path.realpath(link) == os.path.realpath(path))


def open_with(path: Path, schema: Schema) -> TicketStore:
    return TicketStore(SQLiteEngine(path, schema))


def test_files_in_a_folder_of_a_group_are_the_groups_whatever_the_umask(tmp_path: Path) -> None:
    tmp_path.chmod(0o2770)
    with umask(0o077), open_store(tmp_path / "desk.db") as store:
        store.table("tickets").insert({})
        assert [mode(each) for each in files_of(tmp_path / "desk.db")] == [0o660] * 4


def test_files_in_a_private_folder_are_private_whatever_the_umask(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with umask(0), open_store(tmp_path / "desk.db") as store:
        store.table("tickets").insert({})
        assert [mode(each) for each in files_of(tmp_path / "desk.db")] == [0o600] * 4


def test_the_log_is_written_back_when_the_last_connection_goes(store: TicketStore, path: Path) -> None:
    store.table("tickets").insert({})
    assert path.with_name("desk.db-wal").exists()
    store.close()
    assert not path.with_name("desk.db-wal").exists()


def test_the_file_can_be_read_in_any_sql_shell(store: TicketStore, path: Path) -> None:
    store.table("tickets").insert(
        {"status": "open", "customer": {"email": "a@example.com", "name": "A"}, "subject": ["no", "scalar"]}
    )
    store.close()
    with closing(sqlite3.connect(path)) as shell:
        rows = shell.execute("SELECT id, rev, status, customer_email, subject FROM tickets").fetchall()
        assert rows == [(1, 1, "open", "a@example.com", None)]
        assert shell.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_writers_in_threads_take_turns(store: TicketStore) -> None:
    counters = store.table("counters")
    counters.insert({"n": 0})

    def count() -> None:
        for _ in range(50):
            with store.transaction():
                document = counters.get(doc_id=1)
                assert document is not None
                counters.update({"n": document["n"] + 1}, doc_ids=[1])

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counters.all() == [{"n": 200}]


def test_a_collection_made_inside_a_transaction_is_not_seen_by_other_threads_before_it_is_committed(
    store: TicketStore,
) -> None:
    seen: list[int] = []
    with store.transaction():
        store.table("macros").insert({})
        thread = threading.Thread(target=lambda: seen.append(len(store.table("macros"))))
        thread.start()
        thread.join()
    assert seen == [0]
    assert len(store.table("macros")) == 1


def test_connections_of_threads_that_ended_are_closed(store: TicketStore, path: Path) -> None:
    def read_in_a_thread() -> None:
        thread = threading.Thread(target=store.revision)
        thread.start()
        thread.join()

    read_in_a_thread()
    after_one = connections(path)
    for _ in range(20):
        read_in_a_thread()
    assert connections(path) <= after_one + 1


def test_a_thread_that_rests_leaves_its_connection_to_the_next_one_and_may_read_again(path: Path) -> None:
    with open_store(path) as store:
        store.table("tickets").insert({"a": 1})
        store.engine.rest()
        store.engine.rest()
        with ThreadPoolExecutor(1) as other:
            assert other.submit(len, store.table("tickets")).result() == 1
            assert connections(path) == 1
            assert len(store.table("tickets")) == 1
            assert connections(path) == 2
    assert connections(path) == 0


def test_a_closed_store_says_so_in_every_thread(path: Path) -> None:
    store = open_store(path)
    failures: list[StorageError] = []
    opened, closed = threading.Event(), threading.Event()

    def read_before_and_after() -> None:
        store.revision()
        opened.set()
        closed.wait(10)
        try:
            store.revision()
        except StorageError as error:
            failures.append(error)

    thread = threading.Thread(target=read_before_and_after)
    thread.start()
    assert opened.wait(10)
    store.close()
    store.close()
    closed.set()
    thread.join()
    assert [type(error) for error in failures] == [StoreUnreachable]
    with pytest.raises(StoreUnreachable, match="was closed"):
        store.table("tickets").insert({})


def test_a_read_that_another_thread_closes_under_fails_in_words(path: Path) -> None:
    store = open_store(path)
    store.table("tickets").insert_multiple([{"n": number} for number in range(2_000)])
    walked = iter(store.table("tickets"))
    next(walked)
    thread = threading.Thread(target=store.close)
    thread.start()
    thread.join()
    with pytest.raises(StoreUnreachable, match="was closed"):
        list(walked)


def test_a_transaction_that_another_thread_closes_under_fails_in_words_and_is_taken_back(path: Path) -> None:
    store = open_store(path)
    inside, closed, failures = threading.Event(), threading.Event(), list[BaseException]()

    def write() -> None:
        try:
            with store.transaction():
                store.table("tickets").insert({})
                inside.set()
                closed.wait(10)
                store.table("tickets").insert({})
        except StoreUnreachable as error:
            failures.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    assert inside.wait(10)
    store.close()
    closed.set()
    thread.join()
    assert ["was closed" in str(error) for error in failures] == [True]
    with open_store(path) as again:
        assert len(again.table("tickets")) == 0


def test_a_held_turnstile_stops_writers_after_their_patience_and_no_reader(path: Path) -> None:
    open_store(path).close()
    with working("hold", f"{path}.lock") as other, open_store(path, patience=0.2) as store:
        assert next_line(other) == "held"
        started = time.monotonic()
        with pytest.raises(StoreBusy) as caught:
            store.table("tickets").insert({})
        assert 0.2 <= time.monotonic() - started < 8  # ten seconds are the patience that was not asked for
        assert caught.value.hint
        assert len(store.table("tickets")) == 0
        other.kill()
        other.wait()
        assert store.table("tickets").insert({}) == 1


def test_a_database_that_another_program_locks_is_busy(path: Path) -> None:
    with open_store(path, patience=0.2) as store, closing(sqlite3.connect(path, isolation_level=None)) as shell:
        shell.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="locked by another program"):
            store.table("tickets").insert({})
        shell.execute("ROLLBACK")
        assert store.table("tickets").insert({}) == 1


@pytest.mark.parametrize("is_foreign", [True, False], ids=["another program", "turnstile"])
def test_who_insists_waits_on_until_the_store_is_free(path: Path, *, is_foreign: bool) -> None:
    with (
        open_store(path, patience=0.05) as store,
        open_store(path, patience=0.05) as other,
        closing(sqlite3.connect(path, isolation_level=None)) as shell,
    ):
        holding = other.transaction()
        shell.execute("BEGIN IMMEDIATE") if is_foreign else holding.__enter__()
        insists = threading.Event()

        def goes_on() -> bool:
            insists.set()
            return True

        def insert() -> int:
            store.engine.insist(goes_on)
            return store.table("tickets").insert({})

        with ThreadPoolExecutor() as threads:
            done = threads.submit(insert)
            assert insists.wait(60.0)
            assert not done.done()
            with pytest.raises(StoreBusy):
                store.table("tickets").insert({})
            shell.execute("ROLLBACK") if is_foreign else holding.__exit__(None, None, None)
            assert done.result() == 1


def test_a_store_is_closed_while_a_thread_waits_for_another_program(path: Path) -> None:
    store = open_store(path, patience=600.0)
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as shell,
        (path.with_name(f"{path.name}.lock")).open() as turnstile,
        ThreadPoolExecutor() as threads,
    ):
        shell.execute("BEGIN IMMEDIATE")
        waiting = threads.submit(store.table("tickets").insert, {})
        while is_free(turnstile):
            time.sleep(0.01)
        threads.submit(store.close).result(timeout=60)
        shell.execute("ROLLBACK")
        waiting.exception()


def is_free(lock: IO[str]) -> bool:
    """Whether nobody writes, or is about to."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(lock, fcntl.LOCK_UN)
    return True


def test_a_new_store_waits_for_whoever_is_just_mending_its_file(path: Path) -> None:
    path.touch()
    with closing(sqlite3.connect(path, check_same_thread=False, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # as somebody does who takes back what a killed process had begun
        leaving = threading.Timer(0.3, other.rollback)
        leaving.start()
        with closing(open_store(path)) as store:
            store.table("agents").insert({"handle": "ana"})
            assert store.table("agents").all() == [{"handle": "ana"}]
        leaving.join()


def test_a_store_of_a_newer_tandem_is_refused(path: Path) -> None:
    open_with(path, Schema(SCHEMA.version + 1, SCHEMA.collections)).close()
    with pytest.raises(StoreTooNew, match="newer Tandem"):
        open_store(path)


def test_a_store_of_an_older_schema_gets_what_it_lacks(path: Path) -> None:
    old = Schema(1, (Collection("tickets", ("status",), text=("subject",)), Collection("entries")))
    with open_with(path, old) as store:
        store.table("tickets").insert({"status": "open", "subject": "refund", "customer": {"name": "Mia"}})
        store.table("entries").insert({"text": "invoice", "ticket": 1})
    new = Schema(
        2,
        (
            Collection(
                "tickets", ("status", "customer.name"), (("customer.name",),), text=("subject", "customer.name")
            ),
            Collection("entries", ("ticket",), (("ticket",),), text=("text",)),
            Collection("agents", ("handle",)),
        ),
    )
    for _ in range(2):
        with open_with(path, new) as store:
            tickets, entries = store.table("tickets"), store.table("entries")
            assert tickets.matching_ids("mia") == tickets.matching_ids("refund") == [1]
            assert (
                tickets.ids(T.customer.name == "Mia")
                == entries.ids(T.ticket == 1)
                == entries.matching_ids("inv")
                == [1]
            )
            tickets.update({"subject": "refund"}, doc_ids=[1])
            assert "agents" in store.tables()
    with closing(sqlite3.connect(path)) as shell:
        teach(shell)
        for table in ("tandem_text_tickets", "tandem_text_entries"):
            shell.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")  # noqa: S608 - our own tables
        assert shell.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_file_that_is_no_database_is_damaged(path: Path) -> None:
    path.write_bytes(b"this is no database at all " * 1_000)
    with pytest.raises(StoreDamaged):
        open_store(path)


def test_a_store_that_was_overwritten_in_the_middle_is_damaged(path: Path) -> None:
    with open_store(path) as store:
        store.table("entries").insert_multiple({"text": f"{number} " * 200} for number in range(2_000))
    with path.open("r+b") as file:
        file.seek(200_000)
        file.write(b"\xff" * 1_000_000)
    with pytest.raises(StoreDamaged, match="damaged"), open_store(path) as store:
        store.table("entries").update({"seen": True})


@pytest.mark.parametrize("version", [0, SCHEMA.version, SCHEMA.version + 1])
def test_a_database_of_another_program_is_left_alone(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as shell:
        shell.execute("PRAGMA journal_mode=WAL")
        shell.execute("CREATE TABLE contacts (name TEXT)")
        shell.execute(f"PRAGMA user_version={version}")
    before = path.read_bytes()
    with pytest.raises(StoreUnreachable, match="another program"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match=r"there is no .*nowhere "):
        open_store(tmp_path / "nowhere" / "desk.db")


def test_a_folder_in_the_place_of_the_file_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreUnreachable, match=r"desk\.db"):
        open_store(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreUnreachable, match="may not be"):
        open_store(tmp_path / "desk.db")


@pytest.mark.parametrize("then", ["write on", "stop"])
def test_a_disk_without_room_takes_the_whole_transaction_back_even_if_the_error_is_swallowed(
    path: Path, then: str
) -> None:
    with working("fill", path, 1_000_000, then) as worker:
        assert next_line(worker) == "StoreUnreachable"
        assert next_line(worker) == "StoreUnreachable"
        assert next_line(worker) == "['before']"


def test_writing_outside_a_transaction_is_refused(store: TicketStore) -> None:
    for write in (
        lambda: store.engine.put("tickets", [(1, "{}")]),
        lambda: store.engine.delete("tickets", [1]),
        lambda: store.engine.next_ids("tickets", 1),
        lambda: store.engine.restart("tickets"),
        lambda: store.engine.prune(0),
        lambda: store.engine.ensure("macros"),
    ):
        with pytest.raises(StorageError, match="inside a transaction"):
            write()


def test_a_write_on_what_is_still_being_read_and_changed_meanwhile_is_refused_in_words(store: TicketStore) -> None:
    store.table("tickets").insert_multiple([{"number": n} for n in range(1, 2_000)])
    reading = store.engine.select("tickets", EVERYTHING)
    next(reading)

    def write_elsewhere() -> None:
        store.table("tickets").insert({"number": 2_000})

    thread = threading.Thread(target=write_elsewhere)
    thread.start()
    thread.join()
    with pytest.raises(StoreBusy, match="changed while it was being read"):
        store.table("tickets").insert({"number": 2_001})
    assert len(list(reading)) == 1_998
    store.table("tickets").insert({"number": 2_001})
