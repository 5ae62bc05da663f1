"""The program as a process among others: pipes that break, terminals, locales, signals, locks."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.people import Address
from tandem.config import Config
from tandem.founding import make_home, save_config
from tandem.paths import Home
from tests.desks import make_desk, receive
from tests.journeys.mails import customer_mail
from tests.processes import heard
from tests.program import TANDEM, Program
from tests.servers import PASSWORD, ImapServer, SmtpServer
from tests.tandem.on_terminal import under_terminal

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe\u200b\r\x08\x7f"
PATIENCE = 30.0


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A desk with two tickets from a customer who means harm."""
    return made(tmp_path / "desk")


def made(folder: Path) -> Program:
    home = Home(folder)
    make_home(home, None)
    save_config(home, Config())
    desk = make_desk(folder)
    receive(desk, subject=f"Заказ {EVIL}", sender=Address("dana@corp.example", EVIL), text=f"Hello {EVIL}\nthere")
    receive(desk, subject="Second")
    desk.store.close()
    return Program(folder)


@pytest.fixture(scope="module", autouse=True)
def blocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, subprocess.Popen[str]]]:
    """A command that waits ten seconds for its turn to write, in vain, while the other tests go on."""
    program = made(tmp_path_factory.mktemp("blocked") / "desk")
    lock = os.open(program.home / "desk.db.lock", os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    process = subprocess.Popen(
        program.command("note", 1, "hello"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=program.full_environment,
    )
    yield program, process
    os.close(lock)
    process.kill()
    process.communicate()


class TestTerminal:
    @pytest.mark.parametrize("words", [("list",), ("show", 1), ("show", 1, "--all-headers"), ("show", 1, "--raw", 2)])
    def test_no_mail_can_drive_it(self, program: Program, words: tuple[str | int, ...]) -> None:
        code, received = under_terminal(program, *words)
        text = received.decode()
        assert code == 0
        assert "\ufffd" in text or words[0] == "list"
        assert not re.findall(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", text)
        assert "\r" not in text.replace("\r\n", "")

    @pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}, {"FORCE_COLOR": "1"}])
    def test_nothing_is_coloured(self, program: Program, environment: dict[str, str]) -> None:
        for words in (("list",), ("doctor", "--offline"), ("show", 99), ("frobnicate",)):
            assert b"\x1b" not in under_terminal(program, *words, environment=environment)[1]

    def test_lines_are_cut_to_its_width(self, program: Program) -> None:
        _, received = under_terminal(program, "list", environment={"COLUMNS": "60"})
        assert max(map(len, received.decode().split("\r\n"))) <= 60

    def test_one_that_cannot_show_a_character_shows_a_question_mark(self, program: Program) -> None:
        code, received = under_terminal(program, "list", environment={"PYTHONIOENCODING": "latin-1"})
        assert (code, b"* ????? " in received) == (0, True)

    def test_ctrl_c_at_a_question_is_exit_code_130(self, tmp_path: Path) -> None:
        code, received = under_terminal(Program(tmp_path / "desk"), "init", typed=b"\x03")
        assert code == 130
        assert received.decode().endswith("tandem: interrupted\r\n")
        assert not (tmp_path / "desk").exists()

    def test_a_password_is_typed_unseen(self, tmp_path: Path, imap_server: ImapServer) -> None:
        words = ("init", "--address", "support@acme.example", "--agent", "ana=Ana")
        urls = ("--imap", f"imap://support@127.0.0.1:{imap_server.port}?security=none", "--smtp", "smtp://127.0.0.1:1")
        _, received = under_terminal(Program(tmp_path / "desk"), *words, *urls, typed=b"wild boar 77\n")
        assert b"password" in received
        assert b"boar" not in received


class TestPipe:
    @pytest.mark.parametrize(
        "environment",
        [
            {"LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            {"LC_ALL": "POSIX"},
            {"PYTHONIOENCODING": "latin-1"},
            {"LANG": "no_such.ISO-8859-1"},
        ],
    )
    def test_it_gets_utf8_whatever_the_locale(self, program: Program, environment: dict[str, str]) -> None:
        other = Program(program.home, environment=environment)
        assert "Заказ" in other.run("list").out
        assert "Заказ" in other.run("list", "--json").out
        assert other.run("list", "Заказ", "--json").lines[0]["id"] == 1
        other.run("note", 1, "звонок")
        assert "звонок" in other.run("show", 1).out

    @pytest.mark.parametrize("words", [("list",), ("list", "--json"), ("show", "1", "--raw", "2"), ("--help",)])
    def test_a_reader_who_leaves_is_no_news(self, program: Program, words: tuple[str, ...]) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            program.command(*words), stdout=writer, stderr=subprocess.PIPE, env=program.full_environment, check=False
        )
        os.close(writer)
        assert (done.returncode, done.stderr) == (1, b"")

    def test_head_takes_what_it_wants(self, program: Program) -> None:
        line = f"{' '.join(program.command('list', '--sort', 'id'))} | head -n 1"
        done = subprocess.run(
            ["sh", "-c", line], capture_output=True, text=True, env=program.full_environment, check=False
        )
        assert (done.returncode, done.stdout.split("\t")[0], done.stderr) == (0, "2", "")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
    @pytest.mark.parametrize("words", [("list",), ("list", "--json"), ("show", "1")])
    def test_a_full_disk_is_one_sentence(self, program: Program, words: tuple[str, ...]) -> None:
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                program.command(*words), stdout=full, stderr=subprocess.PIPE, env=program.full_environment, check=False
            )
        assert done.returncode == 1
        assert done.stderr == b"tandem: No space left on device\n"

    def test_a_closed_output_is_no_trouble(self, program: Program) -> None:
        line = f"{' '.join(program.command('list', '--json'))} >&-"
        done = subprocess.run(["sh", "-c", line], capture_output=True, env=program.full_environment, check=False)
        assert (done.returncode, done.stderr) == (0, b"")

    def test_a_closed_input_holds_nothing(self, program: Program) -> None:
        line = f"{' '.join(program.command('note', 1, '-'))} <&-"
        done = subprocess.run(["sh", "-c", line], capture_output=True, env=program.full_environment, check=False)
        assert (done.returncode, done.stderr) == (1, b"tandem: the note is empty (write something first)\n")


class TestWords:
    @pytest.mark.parametrize(
        "words", [[b"note", b"1", b"caf\xe9"], [b"list", b"\xff\xfe"], [b"agents", b"add", b"z=\xff"]]
    )
    def test_bytes_that_are_no_text_are_wrong_usage(self, program: Program, words: list[bytes]) -> None:
        head: list[bytes] = [each.encode() for each in program.command("x")[:-1]]
        done = subprocess.run([*head, *words], capture_output=True, env=program.full_environment, check=False)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.count(b"\n") == 1
        assert b"not UTF-8" in done.stderr

    def test_a_folder_may_be_named_by_any_bytes(self, tmp_path: Path) -> None:
        folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/desk-\xff"))
        program = made(folder)
        assert len(program.run("list").out.splitlines()) == 2
        refused = Program(folder / "not here").run("list", expect=1)
        assert refused.err.count("\n") == 1

    def test_a_folder_that_is_gone_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "gone").mkdir()
        line = f"cd {tmp_path}/gone && rmdir {tmp_path}/gone && {TANDEM} list"
        environment = {**Program(tmp_path).full_environment, "XDG_DATA_HOME": str(tmp_path)}
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, env=environment, check=False)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)


class TestFollow:
    @pytest.fixture
    def connected(self, program: Program, imap_server: ImapServer, smtp_server: SmtpServer) -> Program:
        Home(program.home).config.write_text(
            '[mailboxes.support]\naddress = "support@acme.example"\n'
            f'[mailboxes.support.imap]\nurl = "imap://support@127.0.0.1:{imap_server.port}/INBOX?security=none"\n'
            'password_env = "DESK_PASSWORD"\n'
            f'[mailboxes.support.smtp]\nurl = "smtp://127.0.0.1:{smtp_server.port}?security=none"\n'
        )
        return Program(program.home, environment={"DESK_PASSWORD": PASSWORD})

    def following(self, program: Program) -> subprocess.Popen[str]:
        return subprocess.Popen(
            program.command("sync", "--follow", "--json"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=program.full_environment,
        )

    def test_mail_that_comes_is_taken_in_until_somebody_interrupts(
        self, connected: Program, imap_server: ImapServer, smtp_server: SmtpServer
    ) -> None:
        imap_server.deliver(customer_mail(1), datetime.now(UTC))
        process = self.following(connected)
        first = heard(process, process.stdout)
        connected.run("reply", 2, "--body-file", "-", "--send-in", "0s", stdin="On its way.")
        imap_server.deliver(customer_mail(2), datetime.now(UTC))
        more = [heard(process, process.stdout) for _ in range(2)]  # what came, and what left
        process.send_signal(signal.SIGINT)
        rest, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 130
        assert err == "tandem: interrupted\n"
        assert all(line.startswith('{"fetched":') for line in [first, *more, *rest.splitlines()])
        assert len(connected.run("list", "--json").lines) == 4
        assert len(smtp_server.received) == 1

    def test_a_server_that_is_away_is_told_and_answers_leave(
        self, connected: Program, imap_server: ImapServer, smtp_server: SmtpServer
    ) -> None:
        imap_server.stop()
        connected.run("reply", 2, "--body-file", "-", "--send-in", "0s", stdin="On its way.")
        process = self.following(connected)
        told = heard(process, process.stderr)
        deadline = time.monotonic() + PATIENCE
        while not smtp_server.received and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        assert told.startswith("tandem: support: IMAP: 127.0.0.1:")
        assert process.returncode == 130
        assert len(smtp_server.received) == 1


class TestLock:
    def test_reading_needs_no_turn(self, blocked: tuple[Program, subprocess.Popen[str]]) -> None:
        program, _ = blocked
        assert len(program.run("list", "--json").lines) == 2
        program.run("show", 1)
        program.run("doctor", "--offline")

    def test_a_store_that_somebody_keeps_is_exit_code_three(
        self, blocked: tuple[Program, subprocess.Popen[str]]
    ) -> None:
        program, process = blocked
        out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out, err.count("\n")) == (3, "", 1)
        assert "try again in a moment" in err
        assert "hello" not in program.run("show", 1).out


def test_the_program_starts_the_right_desk_for_a_key(program: Program) -> None:
    """As in ~/.ssh/authorized_keys: `command="tandem --agent ana"`."""
    program.run("assign", 1, "me")
    assert [each["id"] for each in program.run("list", "is:mine", "--json").lines] == [1]
    told = program.run("tui", expect=1)
    assert "needs a terminal" in told.err
