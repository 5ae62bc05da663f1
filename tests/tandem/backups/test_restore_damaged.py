from __future__ import annotations

import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from desk.desk import Desk
from storage.database import open_store
from tandem.paths import Home
from tests.desks import make_desk, receive
from tests.program import Program
from tests.tandem.backups.restoring import files_of, forged, subjects
from tests.tandem.commands import Commands

ROUNDS = int(os.environ.get("TANDEM_KILLS", "4"))
"""How often a restore is killed: a quick look in every test run, a hundred and more when asked for."""


def newer(store: Path) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA user_version=99")


def others(store: Path) -> None:
    store.unlink()
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("CREATE TABLE photos (id)")


def torn(store: Path, page: int = 2) -> None:
    data = bytearray(store.read_bytes())
    data[4096 * page : 4096 * (page + 1)] = random.Random(1).randbytes(4096)
    store.write_bytes(data)


def no_database(store: Path) -> None:
    store.write_text("hello" * 1000)


def no_words(store: Path) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("DELETE FROM tandem_text_tickets_data")
        connection.commit()


def without_full_text(store: Path) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("INSERT INTO tandem_text_entries (tandem_text_entries) VALUES ('delete-all')")
        connection.commit()


def changed(table: str, **fields: object) -> Callable[[Path], None]:
    """Change fields of a table's documents."""

    def change(store: Path) -> None:
        with open_store(store) as opened:
            opened.table(table).update(fields)

    return change


def lost(store: Path) -> None:
    with open_store(store) as opened:
        opened.table("tickets").truncate()


def acting(store: Path) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute(
            "CREATE TRIGGER resend AFTER UPDATE ON outbox BEGIN"
            " UPDATE outbox SET body = json_set(body, '$.state', 'queued') WHERE id = new.id; END"
        )
        connection.commit()


class TestAStoreThatCannotBe:
    @pytest.mark.parametrize(
        ("change", "said", "code"),
        [
            (newer, "newer Tandem", 1),
            (others, "database of another program", 3),
            (torn, "is damaged", 1),
            (no_database, "is damaged", 1),
            (no_words, "is damaged", 1),
            (changed("tickets", status="strange"), "tickets/1 does not fit", 1),
            (changed("places", raw="../../../etc/passwd"), "places/1 does not fit: its bytes have no sha256", 1),
            (lost, "speaks of 1 tickets that are not there", 1),
            (acting, "holds 'resend', which Tandem did not make", 1),
        ],
    )
    def test_it_is_refused_and_nothing_is_touched(
        self, tandem: Commands, home: Home, backup: Path, change: Callable[[Path], None], said: str, code: int
    ) -> None:
        path = forged(backup, backup.with_name("forged"), change)
        before = files_of(home)
        refused = tandem.run("restore", path, "--yes", expect=code).err
        assert said in refused
        assert f"desk.db in {path}" in refused
        assert files_of(home) == before
        assert not list(home.folder.glob(".*"))


class TestAStoreThatIsMended:
    def test_full_text_that_is_gone_is_made_anew_here_and_in_a_backup(
        self, tandem: Commands, desk: Desk, home: Home, backup: Path, new: Home
    ) -> None:
        tandem.run("restore", forged(backup, backup.with_name("forged"), without_full_text), "--yes")
        assert len(tandem.run("list", "printer", "--json").objects) == 1
        without_full_text(home.store)
        tandem.run("backup", backup.with_name("second"))
        Commands(new.folder).run("restore", backup.with_name("second"))
        assert len(Commands(new.folder).run("list", "printer", "--json").objects) == 1

    def test_a_store_that_somebody_works_on_comes_with_what_is_in_its_log_only(
        self, desk: Desk, home: Home, new: Home, tmp_path: Path
    ) -> None:
        receive(desk, subject="first")
        shutil.copyfile(home.store, tmp_path / "before.db")
        ticket = receive(desk, subject="acknowledged")
        assert home.store.with_name("desk.db-wal").stat().st_size
        Commands(new.folder).run("restore", home.store)
        assert subjects(new)[-1] == ticket.subject


class TestADamagedDesk:
    def test_a_store_that_opens_is_kept_as_it_is_and_colleagues_go_on(
        self, tandem: Commands, home: Home, desk: Desk, backup: Path
    ) -> None:
        desk.store.close()
        torn(home.store, page=5)
        before = home.store.read_bytes()
        with closing(make_desk(home.folder, ()).store):
            [told] = tandem.run("restore", backup, "--yes", "--json").objects
        assert Path(told["kept"]).read_bytes()[4096:] == before[4096:]
        assert "-damaged" in Path(told["kept"]).name
        assert subjects(home) == ["first"]
        assert tandem.run("doctor", "--offline", "--json").objects[0]["ok"] is True

    @pytest.mark.parametrize("damage", [no_database, torn])
    def test_a_store_that_cannot_be_written_gives_its_place(
        self, tandem: Commands, home: Home, desk: Desk, backup: Path, damage: Callable[[Path], None]
    ) -> None:
        desk.store.close()
        damage(home.store)
        before = home.store.read_bytes()
        said = tandem.run("restore", backup, "--yes").lines
        assert said[1].startswith("The store that was here is damaged; its file is kept as")
        assert said[2].startswith("Close Tandem on every screen now")
        assert Path(said[1].rpartition(" ")[2]).read_bytes()[4096:] == before[4096:]
        assert subjects(home) == ["first"]
        assert list(home.backups.iterdir()) == []


@pytest.mark.timeout(60 + 10 * ROUNDS)
def test_killed_at_any_moment_it_is_as_before_or_restored_and_can_be_done_again(
    home: Home, desk: Desk, tmp_path: Path
) -> None:
    for number in range(40):
        receive(desk, subject=f"{number}", text=random.Random(number).randbytes(20_000).hex())
    program, chance = Program(home.folder), random.Random(7)
    program.run("backup", tmp_path / "backup")
    for number in range(40, 45):
        receive(desk, subject=f"{number}")
    before, after = [str(each) for each in range(45)], [str(each) for each in range(40)]
    for _ in range(ROUNDS):
        process = program.start("restore", tmp_path / "backup", "--yes")
        time.sleep(chance.uniform(0.2, 1.2))
        process.kill()
        process.wait()
        found = subjects(home)
        assert found in (before, after)
        program.run("doctor", "--offline")
        kept = sorted(home.backups.glob("before-restore-*"))
        if found == before:
            continue
        program.run("restore", max(kept, key=lambda each: each.stat().st_mtime_ns), "--yes")
        assert subjects(home) == before
    program.run("restore", tmp_path / "backup", "--yes")
    assert subjects(home) == after
    assert not list(home.folder.glob(".*.incoming"))
    assert not list(home.backups.glob(".*"))
