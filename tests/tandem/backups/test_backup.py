"""A backup of a desk that others are working on: of one moment, whole, private, and without secrets."""

from __future__ import annotations

import os
import random
import resource
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from desk.actions.reply import reply
from desk.desk import Desk
from desk.expression import EVERYTHING
from desk.outgoing import Answer
from storage.database import open_store
from storage.schema import SCHEMA
from storage.shared import SharedStore, open_shared
from tandem.backups.archive import open_archive
from tandem.paths import Home
from tests.desks import receive
from tests.processes import next_line
from tests.program import Program
from tests.tandem.commands import Commands
from tests.tandem.worker import working

ROUNDS = int(os.environ.get("TANDEM_KILLS", "3"))
"""How often a backup is interrupted: a quick look in every test run, a hundred and more when asked for."""


def held(path: Path) -> dict[str, bytes]:
    """Everything in a backup, by name; that it is whole is checked on the way."""
    with open_archive(path, SCHEMA.version) as archive:
        return {member.name: b"".join(chunks) for member, chunks in archive.contents()}


def mails_of(home: Home) -> list[Path]:
    return sorted(each for each in home.mail.glob("??/*") if not each.name.startswith("."))


def member_of(mail: Path) -> str:
    return f"mail/{mail.parent.name}/{mail.name}"


@contextmanager
def store_in(content: dict[str, bytes], folder: Path) -> Iterator[SharedStore]:
    folder.mkdir()
    (folder / "desk.db").write_bytes(content["desk.db"])
    with closing(open_shared(folder / "desk.db")) as store:
        yield store


def around(home: Home) -> set[str]:
    """Every file and folder of the desk but for mails and the log, and what lies beside the desk."""
    paths = [*home.folder.iterdir(), *home.backups.iterdir(), *home.folder.parent.iterdir()]
    return {str(path) for path in paths if path.suffix not in (".db-wal", ".db-shm")} - {str(home.log.parent)}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "desk.tar.gz"


class TestWhatIsInIt:
    def test_store_mails_macros_and_settings(
        self, tandem: Commands, desk: Desk, home: Home, target: Path, tmp_path: Path
    ) -> None:
        ticket = receive(desk)
        reply(desk, ticket.number, Answer(text="It is on its way."))
        (home.macros / "own.md").write_text("---\nname: Own\n---\nHello\n")
        (home.macros / "README.md").write_text("ours\n")
        [told] = tandem.run("backup", target, "--json").objects
        content, mails = held(target), mails_of(home)
        texts = {"config.toml", "macros/own.md", "macros/README.md"}
        assert set(content) == {"desk.db", *texts, *map(member_of, mails)}
        assert [content[member_of(each)] for each in mails] == [each.read_bytes() for each in mails]
        assert content["macros/own.md"] == (home.macros / "own.md").read_bytes()
        assert (told["file"], told["size"]) == (str(target), target.stat().st_size)
        assert (told["tickets"], told["mails"], told["macros"], told["config"]) == (1, 2, 2, True)
        assert (told["left_out"], told["missing"]) == ([], [])
        with store_in(content, tmp_path / "copy") as copy:
            copy.examine()
            assert copy.tickets.get(ticket.number) == desk.ticket(ticket.number)
            assert copy.conversations.of(ticket.number) == desk.store.conversations.of(ticket.number)

    def test_no_password(self, tandem: Commands, home: Home, target: Path) -> None:
        (home.folder / "secrets").mkdir(mode=0o700)
        (home.folder / "secrets" / "support").write_text("hunter2\n")
        server = f'url = "imap://me@127.0.0.1/INBOX?security=none"\npassword_file = "{home.folder}/secrets/support"\n'
        spelt = 'url = "smtp://me@127.0.0.1?security=none"\npassword_command = ["echo", "hunter2"]\n'
        with home.config.open("a") as config:
            config.write(f"# hunter2\n[mailboxes.support.imap]\n{server}[mailboxes.support.smtp]\n{spelt}")
        lines = tandem.run("backup", target).lines
        assert lines[1:] == ["Not in it: the setting mailboxes.support.smtp.password_command: it may be a password."]
        content = held(target)
        assert b"hunter2" not in b"".join(content.values())
        assert b'password_file = "secrets/support"' in content["config.toml"]
        assert str(home.folder).encode() not in content["config.toml"]

    def test_settings_that_nobody_can_read_are_left_out(self, tandem: Commands, home: Home, target: Path) -> None:
        home.config.write_text("password hunter2")
        assert "config.toml: it cannot be read as settings" in tandem.run("backup", target).lines[1]
        assert "config.toml" not in held(target)

    def test_a_desk_without_settings_is_fine(self, tandem: Commands, home: Home, target: Path) -> None:
        home.config.unlink()
        assert "0 macros and no settings" in tandem.run("backup", target).lines[0]

    def test_nothing_from_outside_the_desk(self, tandem: Commands, home: Home, target: Path, tmp_path: Path) -> None:
        (tmp_path / "private").write_text("hunter2")
        (home.macros / "link.md").symlink_to(tmp_path / "private")
        os.mkfifo(home.macros / "pipe.md")
        (home.macros / "folder.md").mkdir()
        (home.macros / "folder.md" / "deep.md").write_text("hunter2")
        (home.macros / "huge.md").write_bytes(b"x" * 1_100_000)
        (home.macros / ("l" * 120 + ".md")).write_text("hunter2")
        (home.macros / ".hidden.md").write_text("hunter2")
        (home.macros / "good.md").write_text("Hello\n")
        [told] = tandem.run("backup", target, "--json").objects
        assert set(held(target)) == {"desk.db", "config.toml", "macros/good.md"}
        said = [each.partition(":")[0] for each in told["left_out"]]
        assert said == [f"macros/{each}.md" for each in ("folder", "huge", "link", "l" * 120, "pipe")]

    def test_a_macros_folder_elsewhere_stays_there(
        self, tandem: Commands, home: Home, target: Path, tmp_path: Path
    ) -> None:
        home.macros.rmdir()
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "a.md").write_text("Hello\n")
        home.macros.symlink_to(tmp_path / "elsewhere")
        assert tandem.run("backup", target, "--json").objects[0]["macros"] == 0

    def test_a_mail_that_is_missing_or_damaged_is_told_and_the_rest_is_kept(
        self, tandem: Commands, desk: Desk, home: Home, target: Path
    ) -> None:
        for _ in range(4):
            receive(desk)
        missing, damaged, cut, whole = mails_of(home)
        missing.unlink()
        damaged.write_bytes(damaged.read_bytes().swapcase())
        cut.write_bytes(b"")
        refused = tandem.run("backup", target, "--json", expect=1)
        assert "3 files of mails are missing or damaged on this desk" in refused.err
        [told] = refused.objects
        assert sorted(f"mail/{each[:2]}/{each[2:]}" for each in told["missing"]) == sorted(
            map(member_of, (missing, damaged, cut))
        )
        assert set(held(target)) == {"desk.db", "config.toml", member_of(whole)}

    def test_what_restoring_would_refuse_is_told_and_kept(
        self, tandem: Commands, desk: Desk, home: Home, target: Path
    ) -> None:
        receive(desk)
        with open_store(home.store) as store:
            store.table("tickets").update({"status": "strange"})
        refused = tandem.run("backup", target, expect=1)
        assert f"{target} cannot be restored as it is: the desk is damaged: tickets/1 does not fit" in refused.err
        assert "desk.db" in held(target)
        assert tandem.run("restore", target, "--yes", expect=1).err.count("tickets/1 does not fit") == 1


class TestWhereItGoes:
    def test_several_at_once_each_find_a_name(self, desk: Desk, home: Home) -> None:
        receive(desk)
        processes = [Program(home.folder).start("backup") for _ in range(3)]
        assert [each.wait() for each in processes] == [0, 0, 0]
        assert len(list(home.backups.iterdir())) == 3

    def test_into_the_desks_own_folder(self, tandem: Commands, home: Home) -> None:
        home.backups.rmdir()
        told = [tandem.run("backup", "--json").objects[0]["file"] for _ in range(2)]
        assert sorted(told) == sorted(map(str, home.backups.iterdir()))
        for each in told:
            assert Path(each).name.startswith("tandem-20")
            assert stat.S_IMODE(Path(each).stat().st_mode) == 0o600

    def test_into_another_folder(self, tandem: Commands, tmp_path: Path) -> None:
        (tmp_path / "stick").mkdir()
        [told] = tandem.run("backup", tmp_path / "stick", "--json").objects
        assert [str(each) for each in (tmp_path / "stick").iterdir()] == [told["file"]]

    def test_a_shared_desk_shares_its_backups(self, tandem: Commands, home: Home, target: Path) -> None:
        for folder in (home.folder, home.backups):
            folder.chmod(0o2770)
        [told] = tandem.run("backup", "--json").objects
        assert stat.S_IMODE(Path(told["file"]).stat().st_mode) == 0o660
        tandem.run("backup", target)
        assert stat.S_IMODE(target.stat().st_mode) == 0o600

    @pytest.mark.parametrize(
        ("name", "magic"), [("a.tar", b"manifest.json"), ("a.tar.gz", b"\x1f\x8b"), ("a", b"\x1f\x8b")]
    )
    def test_only_what_is_called_tar_is_not_compressed(
        self, tandem: Commands, tmp_path: Path, name: str, magic: bytes
    ) -> None:
        tandem.run("backup", tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(magic)

    def test_never_over_a_file(self, tandem: Commands, home: Home, tmp_path: Path) -> None:
        (tmp_path / "mine").write_text("mine")
        (tmp_path / "link").symlink_to("nowhere")
        before = around(home)
        for name in ("mine", "link"):
            assert "is there already and is not overwritten" in tandem.run("backup", tmp_path / name, expect=1).err
        assert (tmp_path / "mine").read_text() == "mine"
        assert around(home) == before

    def test_not_into_a_folder_that_is_not_there(self, tandem: Commands, tmp_path: Path) -> None:
        assert "there is no folder" in tandem.run("backup", tmp_path / "no" / "where", expect=1).err

    def test_not_to_standard_output_which_cannot_be_read_back(self, tandem: Commands) -> None:
        assert "name a file" in tandem.run("backup", "-", expect=1).err

    def test_not_without_a_desk(self, tmp_path: Path) -> None:
        assert "no desk" in Commands(tmp_path / "nowhere").run("backup", expect=1).err
        assert not (tmp_path / "nowhere").exists()


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class TestWhatGoesWrong:
    @pytest.mark.parametrize("room_for", ["nothing", "the store"])
    def test_a_full_disk_leaves_nothing_half(
        self, tandem: Commands, desk: Desk, home: Home, target: Path, room_for: str
    ) -> None:
        for number in range(20):
            receive(desk, text=random.Random(number).randbytes(10_000).hex())
        tandem.run("backup", target)
        room = len(held(target)["desk.db"]) + 20_000 if room_for == "the store" else 50_000
        before = around(home)
        with no_file_larger_than(room):
            refused = tandem.run("backup", target.with_name("second.tar"), expect=1 if room_for == "the store" else 3)
        assert "there is no room for" in refused.err or "the disk failed" in refused.err
        assert around(home) == before

    def test_a_damaged_store_is_told(self, tandem: Commands, desk: Desk, home: Home, target: Path) -> None:
        receive(desk)
        desk.store.close()
        data = bytearray(home.store.read_bytes())
        data[8192:12288] = random.Random(1).randbytes(4096)
        home.store.write_bytes(data)
        assert "is damaged" in tandem.run("backup", target, expect=1).err
        assert not target.exists()


class TestOthersAtWork:
    def test_it_is_whole_while_others_take_mail_in_and_answer(
        self, tandem: Commands, home: Home, tmp_path: Path
    ) -> None:
        with working("receive", home.folder) as colleague:
            assert next_line(colleague) == "1"
            for number in range(4):
                target = tmp_path / f"backup-{number}"
                [told] = tandem.run("backup", target, "--json").objects
                assert told["missing"] == []
                content = held(target)
                with store_in(content, tmp_path / f"copy-{number}") as copy:
                    copy.examine()
                    spoken_of = {each.digest for each in copy.references()}
                    assert {f"mail/{each[:2]}/{each[2:]}" for each in spoken_of} <= set(content)
                    assert copy.tickets.count(EVERYTHING) == told["tickets"]
                    assert len(spoken_of) >= told["tickets"] > 0
            assert int(next_line(colleague)) > 0

    @pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
    def test_interrupted_at_any_moment_it_is_whole_or_not_there(
        self, desk: Desk, home: Home, tmp_path: Path, sign: signal.Signals
    ) -> None:
        for number in range(20):
            receive(desk, text=random.Random(number).randbytes(100_000).hex())
        program, chance = Program(home.folder), random.Random(sign)
        (tmp_path / "here").mkdir()
        for number in range(ROUNDS):
            process = program.start("backup", tmp_path / "here" / f"{number}.tar.gz")
            time.sleep(chance.uniform(0.1, 0.7))
            process.send_signal(sign)
            process.wait()
        program.run("backup", tmp_path / "here" / "last.tar.gz")
        made = sorted((tmp_path / "here").iterdir())
        assert made[-1].name == "last.tar.gz"
        assert [len(held(each)) for each in made] == [22] * len(made)
        assert not list(home.folder.glob(".*"))
