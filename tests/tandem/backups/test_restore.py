"""A desk becomes what a backup holds: whole or not at all, under its colleagues' eyes, and nothing is sent twice."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
import stat
import tarfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.desk import Desk
from desk.expression import EVERYTHING
from desk.letters import messages_of
from desk.outgoing import Answer, OutboxState
from desk.ticket import Ticket, TicketNumber
from storage.database import open_store
from storage.schema import SCHEMA
from tandem.backups.archive import write_archive
from tandem.backups.manifest import Manifest, Member
from tandem.paths import Home
from tests.desks import make_desk, receive
from tests.journeys.mails import customer_mail
from tests.processes import ask, next_line
from tests.program import Program
from tests.servers import PASSWORD, ImapServer, SmtpServer
from tests.storage.versions import documents_in, make_version_one
from tests.tandem.cli.test_process import under_terminal
from tests.tandem.commands import Commands
from tests.tandem.worker import working

ONE = TicketNumber(1)
ROUNDS = int(os.environ.get("TANDEM_KILLS", "4"))
"""How often a restore is killed: a quick look in every test run, a hundred and more when asked for."""

MACRO = "---\nname: {}\n---\nHello.\n"
AS_IT_WAS, AS_IT_IS = MACRO.format("As it was"), MACRO.format("As it is")


def tickets(desk: Desk) -> list[Ticket]:
    return desk.store.tickets.find(EVERYTHING, sort="id", reverse=True)


def subjects(home: Home) -> list[str]:
    with closing((desk := make_desk(home.folder)).store):
        return [each.subject for each in tickets(desk)]


def files_of(home: Home) -> dict[str, bytes]:
    """Every file of a desk but the log and what SQLite keeps beside the store."""
    paths = [each for each in home.folder.rglob("*") if each.is_file() and home.log.parent not in each.parents]
    return {str(each): each.read_bytes() for each in paths if not each.name.startswith("desk.db-")}


@pytest.fixture
def backup(tandem: Commands, desk: Desk, home: Home, tmp_path: Path) -> Path:
    """A backup of a desk with one ticket, its own macro, and an answer on its way; then a second ticket came."""
    receive(desk, subject="first")
    add_note(desk, ONE, "she called")
    (home.macros / "own.md").write_text(AS_IT_WAS)
    tandem.run("backup", tmp_path / "backup.tar.gz")
    receive(desk, subject="second")
    (home.macros / "own.md").write_text(AS_IT_IS)
    (home.macros / "new.md").write_text(MACRO.format("New"))
    return tmp_path / "backup.tar.gz"


@pytest.fixture
def new(tmp_path: Path) -> Home:
    return Home(tmp_path / "new" / "desk")


class TestANewDesk:
    def test_it_is_the_one_that_was_backed_up(self, backup: Path, desk: Desk, home: Home, new: Home) -> None:
        [told] = Commands(new.folder).run("restore", backup, "--json").objects
        assert (told["tickets"], told["mails"], told["files_added"], told["macros"]) == (1, 1, 1, 1)
        assert (told["config"], told["uncertain"], told["missing"], told["kept"]) == ("restored", 0, [], None)
        with closing((restored := make_desk(new.folder)).store):
            assert tickets(restored) == tickets(desk)[:1]
            assert restored.store.conversations.of(ONE) == desk.store.conversations.of(ONE)
            [message] = messages_of(desk, ONE)
            assert restored.blobs.get(message.raw) == desk.blobs.get(message.raw)
        assert (new.macros / "own.md").read_text() == AS_IT_WAS
        assert Commands(new.folder).run("doctor", "--offline", "--json").objects[0]["ok"] is True

    def test_it_is_private(self, backup: Path, new: Home) -> None:
        Commands(new.folder).run("restore", backup)
        modes = {stat.S_IMODE(each.stat().st_mode) for each in new.folder.rglob("*") if each.is_file()}
        assert modes == {0o600}
        assert stat.S_IMODE(new.folder.stat().st_mode) == 0o700

    def test_in_a_folder_that_a_group_shares_it_is_shared(self, backup: Path, new: Home) -> None:
        new.folder.mkdir(parents=True)
        new.folder.chmod(0o2770)
        Commands(new.folder).run("restore", backup)
        modes = {stat.S_IMODE(each.stat().st_mode) for each in new.folder.rglob("*") if each.is_file()}
        assert modes == {0o660}
        assert {stat.S_IMODE(each.stat().st_mode) for each in new.folder.rglob("*") if each.is_dir()} == {0o2770}

    def test_its_settings_ask_for_passwords_where_the_new_desk_keeps_them(
        self, tandem: Commands, desk: Desk, home: Home, new: Home, tmp_path: Path
    ) -> None:
        (home.folder / "secrets").mkdir()
        (home.folder / "secrets" / "support").write_text("hunter2\n")
        server = f'url = "imap://me@127.0.0.1?security=none"\npassword_file = "{home.folder}/secrets/support"\n'
        other = 'url = "smtp://me@127.0.0.1?security=none"\npassword_command = ["pass", "show", "acme"]\n'
        with home.config.open("a") as config:
            config.write(f"[mailboxes.support.imap]\n{server}[mailboxes.support.smtp]\n{other}")
        tandem.run("backup", tmp_path / "b")
        lines = Commands(new.folder).run("restore", tmp_path / "b").lines
        assert lines[-3].startswith(f"The settings came from the backup: look at {new.config}")
        assert lines[-2] == "They run this for a password: pass show acme"
        assert f"write it into {new.folder}/secrets/support (mode 600)" in lines[-1]
        assert not (new.folder / "secrets").exists()
        assert str(home.folder) not in new.config.read_text()

    def test_a_file_that_is_no_backup_leaves_no_trace(self, new: Home, tmp_path: Path) -> None:
        (tmp_path / "other").write_text("hello" * 1000)
        for name, said in (("other", "no backup"), ("nowhere", "there is no file"), (".", "no plain file")):
            assert said in Commands(new.folder).run("restore", tmp_path / name, expect=1).err
        assert not new.folder.exists()


class TestADeskThatIsThere:
    def test_it_is_only_replaced_when_that_is_said(self, tandem: Commands, home: Home, backup: Path) -> None:
        before = files_of(home)
        assert "there is a desk" in tandem.run("restore", backup, expect=1).err
        assert files_of(home) == before

    def test_it_becomes_the_backup_and_what_it_was_is_kept(
        self, tandem: Commands, desk: Desk, home: Home, backup: Path
    ) -> None:
        mails, config = set(home.mail.rglob("*")), home.config.read_bytes()
        [told] = tandem.run("restore", backup, "--yes", "--json").objects
        assert [each.subject for each in tickets(desk)] == ["first"]
        assert set(home.mail.rglob("*")) == mails
        assert (home.macros / "own.md").read_text() == AS_IT_WAS
        assert (home.macros / "new.md").read_text() == MACRO.format("New")
        assert (told["config"], home.config.read_bytes()) == ("kept", config)
        kept = Path(told["kept"])
        assert [kept] == list(home.backups.iterdir())
        assert kept.name.startswith("before-restore-20")
        tandem.run("restore", kept, "--yes")
        assert [each.subject for each in tickets(desk)] == ["first", "second"]
        assert (home.macros / "own.md").read_text() == AS_IT_IS
        assert len(list(home.backups.iterdir())) == 2

    def test_numbers_are_never_used_again(self, tandem: Commands, desk: Desk, backup: Path) -> None:
        tandem.run("restore", backup, "--yes")
        assert receive(desk, subject="third").number == 3

    def test_settings_come_back_where_there_are_none(self, tandem: Commands, home: Home, backup: Path) -> None:
        before = home.config.read_text()
        home.config.unlink()
        assert tandem.run("restore", backup, "--yes", "--json").objects[0]["config"] == "restored"
        assert before.partition("\n")[2] == home.config.read_text()

    def test_macros_that_are_kept_elsewhere_stay(
        self, tandem: Commands, home: Home, backup: Path, tmp_path: Path
    ) -> None:
        home.macros.rename(tmp_path / "elsewhere")
        home.macros.symlink_to(tmp_path / "elsewhere")
        assert "is a link to another place" in tandem.run("restore", backup, "--yes").out
        assert (tmp_path / "elsewhere" / "own.md").read_text() == AS_IT_IS

    def test_mails_that_were_lost_or_damaged_come_back(
        self, tandem: Commands, desk: Desk, home: Home, backup: Path
    ) -> None:
        mails = [each for each in home.mail.glob("??/*") if not each.name.startswith(".")]
        whole = {each: each.read_bytes() for each in mails}
        for each in mails:
            each.write_bytes(b"")
        told = tandem.run("restore", backup, "--yes", "--json").objects[0]
        assert (told["files_added"], told["missing"]) == (0, [])
        assert sum(each.read_bytes() == whole[each] for each in mails) == 1
        mails[0].unlink()
        mails[1].unlink()
        assert tandem.run("restore", backup, "--yes", "--json").objects[0]["files_added"] == 1

    def test_a_store_that_was_kept_alone_can_be_restored(
        self, tandem: Commands, desk: Desk, home: Home, tmp_path: Path
    ) -> None:
        receive(desk, subject="first")
        with open_store(home.store) as store:
            store.copy_to(tmp_path / "desk-before-upgrade.db")
        receive(desk, subject="second")
        tandem.run("restore", tmp_path / "desk-before-upgrade.db", "--yes")
        assert subjects(home) == ["first"]

    def test_a_store_of_an_older_version_is_brought_up_to_date(
        self, tandem: Commands, home: Home, new: Home, tmp_path: Path
    ) -> None:
        make_version_one(tmp_path / "desk-v1.db")
        before = documents_in(tmp_path / "desk-v1.db")
        there = len(before["tickets"])
        for commands, words in ((tandem, ["--yes"]), (Commands(new.folder), [])):
            [told] = commands.run("restore", tmp_path / "desk-v1.db", *words, "--json").objects
            assert told["tickets"] == there > 0
            commands.run("export", "--format", "tinydb", "-")
        assert documents_in(tmp_path / "desk-v1.db") == before
        assert [each.name for each in tmp_path.glob("*before*")] == []

    def test_an_open_screen_of_a_colleague_goes_on_with_it(self, tandem: Commands, home: Home, backup: Path) -> None:
        with working("look", home.folder) as colleague:
            assert next_line(colleague) == "ready"
            assert ask(colleague, "look") == "some first|second"
            tandem.run("restore", backup, "--yes")
            assert ask(colleague, "look") == "all first"
            tandem.run("note", 1, "after it")
            assert ask(colleague, "look") == "some first"


class TestOnATerminal:
    @pytest.mark.parametrize("typed", ["restore", "yes"])
    def test_it_asks_for_a_word(self, home: Home, desk: Desk, backup: Path, typed: str) -> None:
        code, shown = under_terminal(Program(home.folder), "restore", str(backup), typed=f"{typed}\n".encode())
        assert b"The backup holds 1 ticket as of" in shown
        assert (code, len(tickets(desk))) == ((0, 1) if typed == "restore" else (1, 2))


class TestWhatWouldBeSent:
    @pytest.fixture
    def queued(self, desk: Desk, tandem: Commands, tmp_path: Path) -> Path:
        """A backup of a desk with one mail in each state in which it is on its way."""
        receive(desk)
        for state in ("queued", "deferred", "claimed", "in_data"):
            entry = reply(desk, ONE, Answer(text=f"This was {state}.", send_in=0))
            desk.store.outbox.put(replace(entry, state=OutboxState(state), claim="elsewhere|1|2|3|4#5"))
        tandem.run("backup", tmp_path / "backup")
        return tmp_path / "backup"

    @pytest.fixture(autouse=True)
    def server(self, home: Home, smtp_server: SmtpServer) -> SmtpServer:
        with home.config.open("a") as config:
            config.write(f'[mailboxes.support.smtp]\nurl = "smtp://127.0.0.1:{smtp_server.port}?security=none"\n')
        return smtp_server

    @pytest.mark.parametrize("where", ["here", "elsewhere"])
    def test_only_an_agent_sends_it_again(
        self, queued: Path, tandem: Commands, home: Home, new: Home, server: SmtpServer, where: str
    ) -> None:
        restored = tandem if where == "here" else Commands(new.folder)
        said = restored.run("restore", queued, *(["--yes"] if where == "here" else [])).out
        assert "4 mails had not left then and may have left since" in said
        assert restored.run("deliver", "--json").objects[0]["sent"] == 0
        outbox = restored.run("outbox", "--json").objects
        assert [each["state"] for each in outbox] == ["uncertain"] * 4
        assert "restored from a backup of 20" in outbox[0]["last_error"]
        [shown] = restored.run("show", 1, "--json").objects
        events = [each["event"]["detail"]["said"] for each in shown["messages"][-4:]]
        assert events == [outbox[0]["last_error"]] * 4
        restored.run("outbox", "retry", 2)
        assert restored.run("deliver", "--json").objects[0]["sent"] == 1
        assert len(server.received) == 1

    def test_what_had_left_has_left(self, tandem: Commands, desk: Desk, server: SmtpServer, tmp_path: Path) -> None:
        receive(desk)
        reply(desk, ONE, Answer(text="It is on its way.", send_in=0))
        tandem.run("deliver")
        tandem.run("backup", tmp_path / "backup")
        assert tandem.run("restore", tmp_path / "backup", "--yes", "--json").objects[0]["uncertain"] == 0
        tandem.run("deliver")
        assert tandem.run("outbox", "--json").objects[0]["state"] == "sent"
        assert len(server.received) == 1


def test_what_came_in_since_is_fetched_again_once(
    tmp_path: Path, imap_server: ImapServer, smtp_server: SmtpServer
) -> None:
    tandem = Program(tmp_path / "desk", environment={"DESK_PASSWORD": PASSWORD})
    tandem.init(imap_server.port, smtp_server.port)
    now = datetime.now(UTC)
    for number in (1, 2):
        imap_server.deliver(customer_mail(number, subject=f"Question {number}"), now)
    tandem.run("sync")
    tandem.run("backup", tmp_path / "backup")
    for number in (3, 4, 5):
        imap_server.deliver(customer_mail(number, subject=f"Question {number}"), now)
    assert tandem.run("sync", "--json").lines[-1]["fetched"] == 3
    tandem.run("restore", tmp_path / "backup", "--yes")
    assert len(tandem.run("list", "--json").lines) == 2
    again = tandem.run("sync", "--json").lines[-1]
    assert (again["fetched"], again["tickets_created"], again["duplicates"]) == (3, 3, 0)
    found = tandem.run("list", "--json").lines
    assert sorted(each["subject"] for each in found) == [f"Question {n}" for n in (1, 2, 3, 4, 5)]
    assert tandem.run("sync", "--json").lines[-1]["fetched"] == 0


def forged(backup: Path, path: Path, change: Callable[[Path], None], more: bytes = b"") -> Path:
    """The same backup with another store and maybe one more mail, and digests that are right."""
    with tarfile.open(backup) as tar:
        files = {each.name: tar.extractfile(each).read() for each in tar.getmembers()}  # type: ignore[union-attr]
    store = path.with_name("forged.db")
    store.write_bytes(files["desk.db"])
    change(store)
    content = {name: data for name, data in files.items() if not name.startswith("manifest.")}
    content["desk.db"] = store.read_bytes()
    if more:
        digest = hashlib.sha256(more).hexdigest()
        content[f"mail/{digest[:2]}/{digest[2:]}"] = more
    members = tuple(Member(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in content.items())
    manifest = Manifest(tandem="0.1.0", schema=SCHEMA.version, made=datetime.now(UTC), members=members)
    with path.open("wb") as out:
        write_archive(out, manifest, lambda each: iter([content[each.name]]), compress=True)
    return path


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


class TestAfterTheDeskIsRestored:
    def test_mails_that_had_not_left_the_desk_before_are_counted(
        self, tandem: Commands, desk: Desk, backup: Path
    ) -> None:
        assert "had not left" not in tandem.run("restore", backup, "--yes").out
        reply(desk, ONE, Answer(text="It is on its way."))
        lines = tandem.run("restore", backup, "--yes").lines
        assert lines[2].startswith("1 mail that had not left there will not be sent from here")

    def test_macros_that_cannot_be_put_back_are_told_with_all_else(
        self, tandem: Commands, desk: Desk, home: Home, backup: Path
    ) -> None:
        (home.macros / "own.md").unlink()
        (home.macros / "own.md").mkdir()
        ended = tandem.run("restore", backup, "--yes", expect=1)
        assert [each.subject for each in tickets(desk)] == ["first"]
        assert "the desk is restored, but not all of its macros and settings" in ended.err
        assert ended.lines[1].startswith("The desk before is kept in")

    def test_mails_that_its_store_does_not_speak_of_are_left_out(self, backup: Path, new: Home) -> None:
        path = forged(backup, backup.with_name("forged"), lambda _: None, more=b"a mail of nobody")
        Commands(new.folder).run("restore", path)
        assert all(each.read_bytes() != b"a mail of nobody" for each in new.mail.rglob("*") if each.is_file())


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
