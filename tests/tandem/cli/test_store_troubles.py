"""A store that cannot be used: each trouble is one clear sentence and an exit code, and nothing is changed by it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.desk import Desk
from desk.errors import StorageError, StoreDamaged, StoreTooNew, StoreUnreachable
from storage.shared import open_shared
from tandem.founding import make_home
from tandem.paths import Home
from tests.desks import make_desk, receive
from tests.journeys.mails import customer_mail
from tests.processes import heard
from tests.program import Program
from tests.servers import PASSWORD, ImapServer
from tests.storage.versions import make_version_one, open_newer
from tests.tandem.commands import Commands, Ended, run
from tests.tandem.demoted import NOBODY, run_demoted

COMMANDS = (["list"], ["show", "1"], ["note", "1", "hello"], ["outbox"], ["status", "1", "closed"], ["stats"])
PAGE = 4096


@pytest.fixture
def store(desk: Desk, home: Home) -> Path:
    """The file of a desk with some tickets that nobody has open."""
    with desk.store.transaction():
        for number in range(30):
            receive(desk, subject=f"Refund {number}", text="The printer does not print. " * 40)
    desk.store.close()
    return home.store


def state_of(folder: Path) -> dict[str, bytes]:
    """Every file of a desk but its log and the empty files that locks are held on."""
    files = (each for each in folder.rglob("*") if each.is_file() and each.parent.name != "log")
    return {str(each.relative_to(folder)): each.read_bytes() for each in files if each.stat().st_size}


def assert_told(ended: Ended, code: int, *sentence: str) -> None:
    assert (ended.code, ended.out, ended.err.count("\n")) == (code, "", 1), ended
    assert ended.err.startswith("tandem: ")
    assert "--debug" not in ended.err
    assert all(words in ended.err for words in sentence), ended.err


def assert_refused(store: Path, kind: type[StorageError], code: int, *sentence: str) -> None:
    """Whoever opens the store is told, every command too, and the desk is what it was before."""
    before = state_of(store.parent)
    with pytest.raises(kind) as caught:
        open_and_read(store)
    assert caught.value.hint
    for words in COMMANDS:
        assert_told(run(["--home", str(store.parent), "--agent", "ana", *words]), code, *sentence)
    assert state_of(store.parent) == before


def open_and_read(store: Path) -> None:
    with closing(open_shared(store)) as opened:
        opened.examine()


class TestNewer:
    def test_a_desk_of_a_newer_tandem_is_left_alone(self, store: Path) -> None:
        open_newer(store).close()
        sentence = "was written by a newer Tandem", "install the same version of Tandem for everybody"
        assert_refused(store, StoreTooNew, 1, *sentence)

    def test_following_the_mailbox_ends_when_a_newer_tandem_upgrades_the_desk(
        self, store: Path, home: Home, imap_server: ImapServer
    ) -> None:
        home.config.write_text(
            '[mailboxes.support]\naddress = "support@acme.example"\n[mailboxes.support.imap]\n'
            f'url = "imap://support@127.0.0.1:{imap_server.port}/INBOX?security=none"\npassword_env = "DESK_PASSWORD"\n'
        )
        program = Program(home.folder, environment={"DESK_PASSWORD": PASSWORD})
        imap_server.deliver(customer_mail(1), datetime.now(UTC))
        with subprocess.Popen(
            program.command("sync", "--follow", "--json"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=program.full_environment,
        ) as following:
            assert heard(following, following.stdout).startswith('{"fetched":1')
            open_newer(store).close()
            _, said = following.communicate(timeout=60)
        assert following.returncode == 1
        assert said.startswith("tandem: this desk was upgraded by a newer Tandem while this one was running (quit and ")
        assert said.count("\n") == 1


class TestOlder:
    def test_a_desk_that_cannot_be_upgraded_is_left_alone(self, tandem: Commands, desk: Desk, home: Home) -> None:
        desk.store.close()
        home.store.unlink()
        make_version_one(home.store)
        shutil.rmtree(home.backups)
        home.backups.symlink_to("/proc/self")  # a folder in which not even root can make a file
        assert_refused(home.store, StoreUnreachable, 3, "was not upgraded, because no copy of it can be kept")
        home.backups.unlink()
        assert len(tandem.run("list", "--json").objects) == 3
        assert len(list(home.folder.glob("desk-v1-before-*"))) == 1


class TestDamaged:
    HINT = "`tandem restore` brings back a backup"

    def test_a_desk_that_was_cut_short(self, store: Path) -> None:
        os.truncate(store, store.stat().st_size // 2 // PAGE * PAGE)
        assert_refused(store, StoreDamaged, 1, "desk.db is damaged", self.HINT)

    def test_a_desk_of_which_only_the_beginning_is_left(self, store: Path) -> None:
        os.truncate(store, 50)
        assert_refused(store, StoreDamaged, 1, "desk.db is damaged", self.HINT)

    def test_a_desk_of_which_nothing_is_left(self, store: Path) -> None:
        os.truncate(store, 0)
        assert_told(run(["--home", str(store.parent), "list"]), 1, "desk.db is empty", self.HINT, "`tandem init`")
        assert store.stat().st_size == 0
        assert run(["--home", str(store.parent), "init", "--agent", "ana=Ana", "--yes"]).code == 0

    def test_a_desk_whose_header_was_overwritten(self, store: Path) -> None:
        with store.open("r+b") as file:
            file.write(b"\xff" * 100)
        assert_refused(store, StoreDamaged, 1, "desk.db is damaged", self.HINT)

    def test_a_desk_with_garbage_in_all_its_pages(self, store: Path) -> None:
        with store.open("r+b") as file:
            file.seek(PAGE)
            file.write(b"\xff" * (store.stat().st_size - PAGE))
        assert_refused(store, StoreDamaged, 1, "desk.db is damaged", self.HINT)

    def test_garbage_anywhere_is_found_by_the_doctor_and_never_an_accident(self, store: Path) -> None:
        whole = store.read_bytes()
        for page in range(1, len(whole) // PAGE, 7):
            store.write_bytes(whole[: page * PAGE] + b"\xff" * PAGE + whole[(page + 1) * PAGE :])
            for words in COMMANDS:
                ended = run(["--home", str(store.parent), "--agent", "ana", *words])
                if ended.code:
                    assert_told(ended, 1, "is damaged")
            with pytest.raises(StoreDamaged):
                open_and_read(store)

    def test_the_log_of_a_desk_that_was_cut_to_nothing_is_left_alone(self, desk: Desk, home: Home) -> None:
        log = home.store.with_name("desk.db-wal")
        receive(desk)
        left = log.read_bytes()
        desk.store.close()
        home.store.write_bytes(b"")
        log.write_bytes(left)
        assert_refused(home.store, StoreDamaged, 1, "desk.db is empty")


class TestForeign:
    def test_a_database_of_another_program_is_left_alone(self, desk: Desk, home: Home) -> None:
        desk.store.close()
        home.store.unlink()
        with closing(sqlite3.connect(home.store)) as shell:
            shell.execute("CREATE TABLE contacts (name TEXT)")
        assert_refused(home.store, StoreUnreachable, 3, "desk.db is a database of another program")

    def test_a_folder_in_its_place(self, desk: Desk, home: Home) -> None:
        desk.store.close()
        home.store.unlink()
        home.store.mkdir()
        assert_refused(home.store, StoreUnreachable, 3, "desk.db")


class TestReadOnly:
    """Run as somebody else where we are root, who may write everywhere."""

    @pytest.fixture
    def homes(self) -> Iterator[tuple[Path, Path]]:
        """Two desks in a folder that everybody may enter: one to practise on, and the one that is meant."""
        folder = Path(tempfile.mkdtemp(prefix="tandem-test-"))
        folder.chmod(0o755)
        for name in ("practice", "desk"):
            make_home(Home(folder / name), None)
            desk = make_desk(folder / name)
            receive(desk)
            desk.store.close()
        if os.geteuid() == 0:
            for each in (folder / "desk", *(folder / "desk").rglob("*")):
                os.chown(each, 0, NOBODY)
        yield folder / "practice", folder / "desk"
        (folder / "desk").chmod(0o700)
        shutil.rmtree(folder)

    @pytest.mark.parametrize(
        ("folder", "file", "sentence"),
        [
            (0o550, 0o440, "desk.db.lock may not be read and written by you"),
            (0o550, 0o660, "desk may not be read and written by you"),
            (0o2770, 0o440, "may not be read and written by you"),
            (0o2770, 0o400, "may not be"),
        ],
    )
    def test_a_desk_that_may_not_be_written_is_told(
        self, homes: tuple[Path, Path], folder: int, file: int, sentence: str
    ) -> None:
        practice, home = homes
        for each in home.rglob("*"):
            each.chmod(file if each.is_file() else folder)
        home.chmod(folder)
        before = state_of(home)
        for words in (["list"], ["note", "1", "hello"]):
            ended = run_demoted(practice, home, "--agent", "ana", *words)
            assert_told(ended, 3, sentence)
        assert state_of(home) == before

    def test_a_store_that_alone_may_not_be_written_is_told(self, homes: tuple[Path, Path]) -> None:
        practice, home = homes
        for each in home.rglob("*"):
            each.chmod(0o660 if each.is_file() else 0o2770)
        home.chmod(0o2770)
        (home / "desk.db").chmod(0o440)
        before = state_of(home)
        assert_told(
            run_demoted(practice, home, "--agent", "ana", "note", "1", "hello"),
            3,
            "desk.db may not be read and written",
        )
        assert state_of(home) == before
