"""A desk becomes what a backup holds: whole or not at all, under its colleagues' eyes, and nothing is sent twice."""

from __future__ import annotations

import stat
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.actions.reply import reply
from desk.desk import Desk
from desk.letters import messages_of
from desk.outgoing import Answer, OutboxState
from storage.database import open_store
from tandem.paths import Home
from tests.desks import make_desk, receive
from tests.journeys.mails import customer_mail
from tests.processes import ask, next_line
from tests.program import Program
from tests.servers import PASSWORD, ImapServer, SmtpServer
from tests.storage.versions import documents_in, make_version_one
from tests.tandem.backups.restoring import AS_IT_IS, AS_IT_WAS, MACRO, ONE, files_of, forged, subjects, tickets
from tests.tandem.commands import Commands
from tests.tandem.on_terminal import under_terminal
from tests.tandem.worker import working


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
        restored.run("outbox", "retry", outbox[0]["id"])
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
