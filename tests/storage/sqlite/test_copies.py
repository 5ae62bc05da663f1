"""A copy of a live store, and a live store that takes on a copy, with other processes at work."""

from __future__ import annotations

import random
import sqlite3
import stat
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from desk.errors import StoreOutdated
from storage.database import TicketStore, open_store, replace_damaged
from storage.errors import StaleWrite, StorageError, StoreBusy, StoreDamaged, StoreTooNew, StoreUnreachable
from storage.schema import SCHEMA, Schema
from storage.sqlite.engine import SQLiteEngine
from storage.sqlite.functions import teach
from storage.watch import Watch
from tests.processes import ask, next_line
from tests.storage.worker import working


def subjects(store: TicketStore) -> list[str]:
    return [ticket["subject"] for ticket in store.table("tickets")]


@pytest.fixture
def copy(store: TicketStore, tmp_path: Path) -> Path:
    """A copy of `store` with two tickets, the first of which is gone from the store since, and a third one new."""
    store.table("tickets").insert_multiple([{"subject": "first"}, {"subject": "second"}])
    store.copy_to(tmp_path / "copy.db")
    store.table("tickets").remove(doc_ids=[1])
    store.table("tickets").insert({"subject": "third"})
    return tmp_path / "copy.db"


class TestCopy:
    def test_it_is_the_store_as_it_was_in_one_file(self, copy: Path, store: TicketStore) -> None:
        assert sorted(each.name for each in copy.parent.glob("copy*")) == ["copy.db"]
        with open_store(copy) as copied:
            assert subjects(copied) == ["first", "second"]
            assert copied.table("tickets").matching_ids("second") == [2]
            copied.examine()
        assert subjects(store) == ["second", "third"]

    def test_it_can_be_read_where_nothing_may_be_written_beside_it(self, copy: Path) -> None:
        with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as shell:
            assert shell.execute("PRAGMA journal_mode").fetchone() == ("delete",)
            assert shell.execute("SELECT count(*) FROM tickets").fetchone() == (2,)
        assert sorted(each.name for each in copy.parent.glob("copy*")) == ["copy.db"]

    def test_put_in_the_place_of_a_store_it_is_shared_like_one(self, copy: Path) -> None:
        with open_store(copy) as first, open_store(copy) as second, first.snapshot():
            assert len(first.table("tickets")) == 2
            second.table("tickets").insert({"subject": "while somebody reads"})
            assert len(first.table("tickets")) == 2

    @pytest.mark.parametrize(("folder", "file"), [(0o700, 0o600), (0o2770, 0o660)])
    def test_it_is_for_whoever_shares_its_folder(self, tmp_path: Path, folder: int, file: int) -> None:
        tmp_path.chmod(folder)
        with open_store(tmp_path / "desk.db") as store:
            store.copy_to(tmp_path / "copy.db")
        assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == file

    def test_it_never_takes_the_place_of_a_file(self, store: TicketStore, tmp_path: Path, path: Path) -> None:
        (tmp_path / "precious").write_text("mine")
        for target in (tmp_path / "precious", path, tmp_path):
            with pytest.raises(StorageError, match="there already"):
                store.copy_to(target)
        assert (tmp_path / "precious").read_text() == "mine"

    def test_a_folder_that_is_not_there_is_told(self, store: TicketStore, tmp_path: Path) -> None:
        with pytest.raises(StoreUnreachable, match="there is no"):
            store.copy_to(tmp_path / "nowhere" / "copy.db")

    def test_none_is_made_inside_a_transaction(self, store: TicketStore, tmp_path: Path) -> None:
        with store.transaction(), pytest.raises(StorageError, match="while it is being written"):
            store.copy_to(tmp_path / "copy.db")
        assert not list(tmp_path.glob("*copy*"))

    def test_of_a_store_that_is_written_all_the_time_it_holds_one_moment(
        self, store: TicketStore, path: Path, tmp_path: Path
    ) -> None:
        store.table("ballast").insert_multiple({"text": "x" * 2_000} for _ in range(10_000))
        with working("append", path) as colleague:
            assert next_line(colleague) == "ready"
            before = int(next_line(colleague))
            store.copy_to(tmp_path / "copy.db")
            after = int(next_line(colleague))
        with open_store(tmp_path / "copy.db") as copied:
            tickets = len(copied.table("tickets"))
            assert before <= tickets <= after
            assert len(copied.table("entries")) == 2 * tickets
            copied.examine()

    def test_a_damaged_store_is_not_copied(self, path: Path, tmp_path: Path) -> None:
        with open_store(path) as store:
            store.table("entries").insert_multiple({"text": f"{number} " * 200} for number in range(2_000))
        with path.open("r+b") as file:
            file.seek(500_000)
            file.write(b"\xff" * 100_000)
        with open_store(path) as store, pytest.raises(StoreDamaged, match="so no copy"):
            store.copy_to(tmp_path / "copy.db")
        assert not list(tmp_path.glob("*copy*"))
        assert not list(tmp_path.glob(".*"))


class TestBecome:
    def test_the_store_holds_what_the_copy_held_and_goes_on(self, copy: Path, store: TicketStore) -> None:
        store.become(copy)
        assert subjects(store) == ["first", "second"]
        assert store.table("tickets").matching_ids("first") == [1]
        store.table("tickets").update({"subject": "renamed"}, doc_ids=[1])
        assert store.table("tickets").matching_ids("renamed") == [1]
        store.examine()

    def test_no_revision_and_no_id_ever_means_something_else(self, copy: Path, store: TicketStore) -> None:
        seen = store.table("tickets").get(doc_id=2)
        assert seen is not None
        revision, watch = store.revision(), Watch(store)
        store.become(copy)
        assert store.revision() > revision
        assert watch.poll() is None
        assert watch.poll() == frozenset()
        assert store.table("tickets").insert({"subject": "fourth"}) == 4  # 3 was somebody's ticket number already
        assert watch.poll() == frozenset({("tickets", 4)})
        with pytest.raises(StaleWrite):
            store.table("tickets").replace(seen)

    def test_what_a_newer_copy_counted_is_counted_on(self, store: TicketStore, tmp_path: Path) -> None:
        with open_store(tmp_path / "other.db") as other:
            other.table("tickets").insert_multiple([{"subject": "theirs"}] * 10)
            other.copy_to(tmp_path / "copy.db")
        store.become(tmp_path / "copy.db")
        assert store.revision() == 11
        assert store.table("tickets").insert({"subject": "ours"}) == 11

    def test_collections_that_only_one_of_them_has(self, store: TicketStore, tmp_path: Path) -> None:
        with open_store(tmp_path / "other.db") as other:
            other.table("theirs").insert({"n": 1})
            other.copy_to(tmp_path / "copy.db")
        store.table("ours").insert({"n": 1})
        store.become(tmp_path / "copy.db")
        assert (len(store.table("ours")), len(store.table("theirs"))) == (0, 1)
        assert store.table("ours").insert({"n": 2}) == 2

    def test_other_processes_see_it_and_write_on(self, copy: Path, store: TicketStore, path: Path) -> None:
        with working("serve", path) as colleague:
            assert next_line(colleague) == "ready"
            assert ask(colleague, "read") == "['second', 'third']"
            store.become(copy)
            assert ask(colleague, "poll") == "everything"
            assert ask(colleague, "read") == "['first', 'second']"
            assert ask(colleague, "write") == "4"
            assert ask(colleague, "poll") == "[('tickets', 4)]"
        assert subjects(store) == ["first", "second", "from a colleague"]
        store.examine()

    def test_the_log_that_it_went_through_is_short_again(self, copy: Path, store: TicketStore, path: Path) -> None:
        store.become(copy)
        assert path.with_name("desk.db-wal").stat().st_size == 0

    def test_who_is_reading_a_snapshot_keeps_it(self, copy: Path, store: TicketStore, path: Path) -> None:
        with open_store(path) as other, other.snapshot():
            before = subjects(other)
            thread = threading.Thread(target=store.become, args=(copy,))
            thread.start()
            thread.join()
            assert subjects(other) == before
        assert subjects(store) == ["first", "second"]

    def test_many_who_write_meanwhile_lose_nothing_half(self, copy: Path, store: TicketStore, path: Path) -> None:
        with working("append", path) as one, working("append", path) as two:
            assert [next_line(one), next_line(two)] == ["ready", "ready"]
            for _ in range(5):
                store.become(copy)
            last = max(int(next_line(one)), int(next_line(two)))
        assert last > 3
        assert len(store.table("entries")) == 2 * (len(store.table("tickets")) - 2)
        store.examine()

    def test_nothing_happens_inside_a_transaction_or_a_snapshot(self, copy: Path, store: TicketStore) -> None:
        for inside in (store.transaction, store.snapshot):
            with inside():
                subjects(store)
                with pytest.raises(StorageError, match="read or written"):
                    store.become(copy)
        assert subjects(store) == ["second", "third"]

    def test_a_copy_of_a_newer_tandem_is_refused(self, store: TicketStore, tmp_path: Path) -> None:
        newer = Schema(SCHEMA.version + 1, SCHEMA.collections)
        with TicketStore(SQLiteEngine(tmp_path / "newer.db", newer)) as other:
            other.copy_to(tmp_path / "copy.db")
        self.refused(store, tmp_path / "copy.db", StoreTooNew, "copy.db was written by a newer Tandem")

    @pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"no database at all " * 500])
    def test_a_file_that_is_no_store_is_refused(self, store: TicketStore, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "other").write_bytes(content)
        self.refused(store, tmp_path / "other", StorageError, "other")

    def test_a_database_of_another_program_is_refused(self, store: TicketStore, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "contacts.db")) as shell:
            shell.execute("CREATE TABLE contacts (name TEXT)")
        self.refused(store, tmp_path / "contacts.db", StoreUnreachable, "no store of Tandem")

    @pytest.mark.parametrize("name", ["nowhere.db", "."])
    def test_what_is_no_file_is_refused(self, store: TicketStore, tmp_path: Path, name: str) -> None:
        self.refused(store, tmp_path / name, StoreUnreachable, "there is no file")

    def test_a_damaged_copy_is_refused_wherever_the_damage_is(self, store: TicketStore, tmp_path: Path) -> None:
        with open_store(tmp_path / "other.db") as other:
            other.table("tickets").insert_multiple({"subject": f"{number} " * 100} for number in range(2_000))
            other.copy_to(tmp_path / "whole.db")
        whole, r = (tmp_path / "whole.db").read_bytes(), random.Random(4)
        (tmp_path / "cut.db").write_bytes(whole[: len(whole) // 2])
        self.refused(store, tmp_path / "cut.db", StoreDamaged, "cut.db is damaged")
        for _ in range(10):
            at = r.randrange(4096, len(whole) - 4096)
            (tmp_path / "hurt.db").write_bytes(whole[:at] + b"\xff" * 4096 + whole[at + 4096 :])
            self.refused(store, tmp_path / "hurt.db", StoreDamaged, "hurt.db is damaged")

    @staticmethod
    def refused(store: TicketStore, source: Path, kind: type[StorageError], sentence: str) -> None:
        tickets = store.table("tickets")
        number = tickets.insert({"subject": "mine"})
        revision, there = store.revision(), sorted(each.name for each in source.parent.iterdir())
        before = source.read_bytes() if source.is_file() else b""
        with pytest.raises(kind, match=sentence) as caught:
            store.become(source)
        assert caught.value.hint
        assert (store.revision(), tickets.get(doc_id=number)) == (revision, {"subject": "mine"})
        assert sorted(each.name for each in source.parent.iterdir()) == there
        assert not source.is_file() or source.read_bytes() == before

    def test_a_process_that_is_killed_in_the_middle_leaves_one_or_the_other(self, path: Path, tmp_path: Path) -> None:
        r, contents = random.Random(7), (3_000, 2_000)
        for name, size in zip(("one.db", "two.db"), contents, strict=True):
            with open_store(tmp_path / f"made-{name}") as made:
                made.table("tickets").insert_multiple({"subject": f"{name} " * 50} for _ in range(size))
                made.copy_to(tmp_path / name)
        with open_store(path) as store:
            store.become(tmp_path / "one.db")
        seen: set[int] = set()
        for _ in range(8):
            with working("swap", path, tmp_path / "one.db", tmp_path / "two.db") as worker:
                assert next_line(worker) == "ready"
                time.sleep(r.uniform(0.02, 0.5))
            with open_store(path) as store:
                seen.add(len(store.table("tickets")))
                assert len(set(subjects(store))) == 1
                store.examine()
        assert seen <= set(contents)
        with open_store(path) as store:
            store.become(tmp_path / "one.db")
        assert not list(tmp_path.glob(".*"))


class TestTheLastMoment:
    def test_what_is_kept_then_is_all_that_was_ever_written(
        self, copy: Path, store: TicketStore, tmp_path: Path
    ) -> None:
        store.become(copy, lambda: store.copy_to(tmp_path / "kept.db"))
        assert subjects(store) == ["first", "second"]
        with open_store(tmp_path / "kept.db") as kept:
            assert subjects(kept) == ["second", "third"]

    def test_nobody_can_write_then(self, copy: Path, store: TicketStore, path: Path) -> None:
        def write_elsewhere() -> None:
            with open_store(path, patience=0.05) as colleague, pytest.raises(StoreBusy):
                colleague.table("tickets").insert({"subject": "too late"})

        store.become(copy, write_elsewhere)
        assert subjects(store) == ["first", "second"]

    def test_whoever_raises_then_leaves_the_store_as_it_is(self, copy: Path, store: TicketStore) -> None:
        def refuse() -> None:
            raise StoreUnreachable("there is no room")

        with pytest.raises(StoreUnreachable, match="no room"):
            store.become(copy, refuse)
        assert subjects(store) == ["second", "third"]
        store.table("tickets").insert({"subject": "fourth"})


class TestOtherPages:
    def test_a_copy_with_pages_of_another_size_is_taken_on(self, copy: Path, store: TicketStore) -> None:
        with closing(sqlite3.connect(copy, isolation_level=None)) as shell:
            teach(shell)
            shell.execute("PRAGMA page_size=8192")
            shell.execute("VACUUM")
            assert shell.execute("PRAGMA page_size").fetchone() == (8192,)
        store.become(copy)
        assert subjects(store) == ["first", "second"]
        assert store.table("tickets").matching_ids("second") == [2]
        store.examine()


class TestReplaceDamaged:
    @pytest.fixture
    def damaged(self, copy: Path, store: TicketStore, path: Path) -> Path:
        """A store whose header was overwritten, and a torn log beside it."""
        store.close()
        with path.open("r+b") as file:
            file.write(b"\xff" * 4096)
        with pytest.raises(StoreDamaged):
            open_store(path)
        path.with_name("desk.db-wal").write_bytes(b"torn" * 100)
        return path

    def test_the_copy_has_its_place_and_it_is_kept(self, damaged: Path, copy: Path) -> None:
        before = damaged.read_bytes()
        aside = replace_damaged(damaged, copy)
        assert aside.read_bytes() == before
        assert aside.with_name(f"{aside.name}-wal").exists()
        with open_store(damaged) as store:
            assert subjects(store) == ["first", "second"]
            assert store.table("tickets").insert({"subject": "goes on"}) == 3
            store.examine()
        assert not [each for each in damaged.parent.glob(".*") if each.is_dir()]

    def test_it_is_for_whoever_shares_the_desk(self, damaged: Path, copy: Path) -> None:
        damaged.parent.chmod(0o2770)
        replace_damaged(damaged, copy)
        assert stat.S_IMODE(damaged.stat().st_mode) == 0o660

    def test_whoever_has_the_damaged_file_open_can_neither_write_nor_watch_any_more(
        self, copy: Path, store: TicketStore, path: Path
    ) -> None:
        with working("serve", path) as colleague:
            assert next_line(colleague) == "ready"
            assert ask(colleague, "write").isdecimal()
            watch = Watch(store)
            replace_damaged(path, copy)
            for words in ("write", "poll"):
                assert ask(colleague, words).startswith("StoreReplaced: this desk was replaced while it was open")
        for refused in (lambda: store.table("tickets").insert({}), watch.poll, lambda: Watch(store)):
            with pytest.raises(StoreOutdated) as caught:
                refused()
            assert "start Tandem again" in caught.value.hint
        with open_store(path) as new:
            new.table("tickets").insert({"subject": "goes on"})
            store.close()
            assert subjects(new) == ["first", "second", "goes on"]
            new.examine()

    def test_a_store_that_is_a_symbolic_link_has_one_lock_for_both_its_names(
        self, store: TicketStore, path: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "link.db").symlink_to(path)
        with (
            open_store(tmp_path / "link.db", patience=0.1) as linked,
            working("hold", f"{path}.lock") as other,
        ):
            assert next_line(other) == "held"
            with pytest.raises(StoreBusy):
                linked.table("tickets").insert({})

    def test_a_copy_that_is_no_better_is_refused(self, damaged: Path, tmp_path: Path) -> None:
        before = damaged.read_bytes()
        (tmp_path / "other").write_bytes(before)
        with pytest.raises(StoreDamaged, match="other"):
            replace_damaged(damaged, tmp_path / "other")
        assert damaged.read_bytes() == before
        assert not list(tmp_path.glob("*damaged*"))
