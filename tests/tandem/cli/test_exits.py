"""How commands end: one sentence on stderr, the right exit code, and never a traceback, whatever the words are."""

from __future__ import annotations

import errno
import itertools
from pathlib import Path

import click
import pytest

from desk.desk import Desk
from desk.errors import (
    ConfigError,
    LoginRefused,
    MacroError,
    MailError,
    MailUnreachable,
    NoSuchTicket,
    StorageError,
    StoreBusy,
    StoreDamaged,
    StoreTooNew,
    StoreUnreachable,
    TandemError,
)
from tandem.cli import COMMANDS
from tandem.cli.exits import guarded
from tandem.paths import Home
from tests.desks import receive
from tests.tandem.commands import Commands, run


def failing(error: BaseException) -> click.Command:
    @click.command()
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TandemError("no", "why not"), 1),
        (NoSuchTicket(7), 1),
        (MacroError("refund.md", 3, "no"), 1),
        (ConfigError("config.toml", "undo_seconds", "no"), 1),
        (StorageError("no"), 1),
        (StoreDamaged("no"), 1),
        (StoreTooNew("no"), 1),
        (StoreBusy("no"), 3),
        (StoreUnreachable("no"), 3),
        (MailError("no"), 4),
        (MailUnreachable("no"), 4),
        (LoginRefused("no"), 4),
        (click.UsageError("no"), 2),
        (click.ClickException("no"), 1),
        (KeyboardInterrupt(), 130),
        (OSError(errno.ENOSPC, "No space left on device"), 1),
        (ZeroDivisionError("a defect"), 1),
        (RecursionError(), 1),
        (MemoryError(), 1),
    ],
)
@pytest.mark.breaks
def test_an_error_is_one_sentence_and_a_code(
    error: BaseException, code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert guarded(failing(error), []) == code
    told = capfd.readouterr()
    assert told.out == ""
    [line] = told.err.splitlines()
    assert line.startswith("tandem: ")


def test_a_reader_who_has_gone_is_no_news(capfd: pytest.CaptureFixture[str]) -> None:
    assert guarded(failing(BrokenPipeError(errno.EPIPE, "Broken pipe")), []) == 1
    assert capfd.readouterr().err == ""


@pytest.mark.breaks
def test_a_sentence_cannot_drive_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    for error in (MailError("550 \x1b]0;x\x07\r\nno"), ValueError("\x1b[31m\nred"), click.UsageError("\x1b[31m\nred")):
        guarded(failing(error), [])
        told = capfd.readouterr().err
        assert "\x1b" not in told
        assert told.count("\n") == 1


def test_the_hint_says_what_to_do(capfd: pytest.CaptureFixture[str]) -> None:
    guarded(failing(TandemError("there is no ticket 7", "`tandem list` shows them")), [])
    assert capfd.readouterr().err == "tandem: there is no ticket 7 (`tandem list` shows them)\n"


class TestDebug:
    def test_it_shows_where_an_error_came_from_and_keeps_the_code(
        self, tandem: Commands, capfd: pytest.CaptureFixture[str]
    ) -> None:
        ended = run(["--home", str(tandem.home), "--debug", "show", "99"])
        assert ended.code == 1
        assert "Traceback" in ended.err
        assert ended.err.splitlines()[-1].startswith("tandem: there is no ticket 99")

    def test_behind_a_command_it_is_just_a_word(self, tandem: Commands) -> None:
        ended = run(["--home", str(tandem.home), "show", "99", "--debug"])
        assert ended.code == 2
        assert "Traceback" not in ended.err
        refused = tandem.run("note", 99, "--", "--debug", expect=1)
        assert "Traceback" not in refused.err


class TestHelp:
    @pytest.mark.parametrize("command", sorted(COMMANDS))
    def test_every_command_tells_of_itself(self, command: str) -> None:
        ended = run([command, "--help"])
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.startswith(f"Usage: tandem {command}")

    def test_the_program_lists_every_command(self) -> None:
        out = run(["--help"]).out
        assert all(f"\n  {command} " in out for command in COMMANDS)

    def test_its_version_is_told(self) -> None:
        assert run(["--version"]).out.startswith("tandem, version ")

    def test_an_unknown_command_is_wrong_usage(self) -> None:
        ended = run(["frobnicate"])
        assert (ended.code, ended.err) == (2, "tandem: No such command 'frobnicate'. (`tandem --help` says more)\n")

    def test_an_unknown_option_is_wrong_usage(self) -> None:
        ended = run(["show", "1", "--colour"])
        assert ended.code == 2
        assert "`tandem show --help` says more" in ended.err


class TestWithoutADesk:
    @pytest.mark.parametrize(
        "words",
        [
            [], ["tui"], ["list"], ["show", "1"], ["assign", "1", "me"], ["tag", "1", "+a"], ["status", "1", "open"],
            ["priority", "1", "low"], ["note", "1", "x"], ["undo"], ["reply", "1", "--macro", "acknowledge"],
            ["outbox"], ["outbox", "retry", "1"], ["agents"], ["agents", "add", "a=A"], ["sync"], ["deliver"],
            ["stats"], ["macros", "show", "acknowledge", "--ticket", "1"],
        ],
    )  # fmt: skip
    def test_every_command_says_so_and_makes_none(self, tmp_path: Path, words: list[str]) -> None:
        ended = run(["--home", str(tmp_path / "nowhere"), *words])
        assert ended.code == 1
        assert "there is no desk in" in ended.err
        assert "`tandem init` makes one" in ended.err
        assert ended.err.count("\n") == 1
        assert list(tmp_path.iterdir()) == []


class TestHome:
    def test_the_option_goes_before_the_variable_and_that_before_the_folder_here(
        self, tandem: Commands, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        receive(desk)
        monkeypatch.setenv("TANDEM_HOME", str(tmp_path / "other"))
        assert run(["--home", str(tandem.home), "list"]).code == 0
        assert str(tmp_path / "other") in run(["list"]).err
        monkeypatch.delenv("TANDEM_HOME")
        (tmp_path / "here").mkdir()
        (tmp_path / "here/.tandem").symlink_to(tandem.home)
        monkeypatch.chdir(tmp_path / "here")
        assert len(run(["list"]).lines) == 1

    def test_a_user_that_is_not_there_is_told(self) -> None:
        ended = run(["--home", "~nobodyatall/desk", "list"])
        assert (ended.code, ended.err.count("\n")) == (1, 1)

    @pytest.mark.parametrize("place", ["\udcff", "x" * 300, "a/" * 3000, "/proc/self/mem", "/dev/null/x"])
    def test_an_odd_place_holds_no_desk(self, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
        monkeypatch.delenv("TANDEM_HOME", raising=False)
        ended = run(["--home", place, "list"])
        assert (ended.code, ended.err.count("\n")) == (1, 1)
        assert "no desk" in ended.err


class TestStore:
    def test_one_that_cannot_be_opened_is_exit_code_three(self, tandem: Commands, desk: Desk, home: Home) -> None:
        desk.store.close()
        for path in home.folder.glob("desk.db*"):
            path.unlink()
        home.store.mkdir()
        for words in (["list"], ["note", "1", "x"], ["outbox"]):
            tandem.run(*words, expect=3)

    def test_broken_settings_are_exit_code_one(self, tandem: Commands, home: Home) -> None:
        home.config.write_text("[mailboxes]\nsupport = 3\n")
        assert "mailboxes.support" in tandem.run("list", expect=1).err


HOSTILE = [
    "", " ", "-", "--", "---", "\x1b[31m", "\x00"[1:] + "\x07\x9b", "\udcff\udcfe", "\udc80", "\u202e", "10" * 15,
    "9" * 5000, "-1", "0", "1e9", "٣", "１", "𝟏", "+", "+\udcff", "-\udcff", "=", "a=b", "me", "none", "%s%n", "{0}",
    "⟦gap⟧", "'; DROP TABLE tickets; --", "../../../etc/passwd", "/dev/null", "\n", "a\nb", "\ufeff", "🏳️‍🌈" * 50,
    "x" * 3000, "(" * 50, '"', "%ff", "%00", "is:", "-h", "-hx", "--json", "--home", "\r", "\t", f"id:{10**22}",
]  # fmt: skip
SHAPES = [
    "list {}", "list --sort {}", "list --limit {}", "show {}", "show 1 --raw {}", "assign {} me", "assign 1 {}",
    "tag {} +a", "tag 1 {}", "status {} open", "status 1 {}", "priority 1 {}", "note {} x", "note 1 {}", "undo {}",
    "reply {} --macro acknowledge", "reply 1 --macro {}", "reply 1 --macro acknowledge --set {}",
    "reply 1 --macro acknowledge --cc {}", "reply 1 --macro acknowledge --attach {}", "reply 1 --body-file {}",
    "reply 1 --macro acknowledge --send-in {}", "reply 1 --macro acknowledge --status {}",
    "reply 1 --macro acknowledge --done {}", "outbox {}", "outbox retry {}", "outbox cancel {}", "macros {}",
    "macros show {}", "macros show acknowledge --ticket {}", "agents {}", "agents add {}", "agents add z=Z --login {}",
    "agents edit {} --name Z", "agents edit bo --name {}", "agents edit bo --email {}", "agents remove {}",
    "stats --since {}", "stats --agent {}", "{}", "--agent {} list", "--agent {} note 1 x",
    "init --yes --agent {}", "init --yes --login {}", "init --yes --group {}",
    "init --yes --imap {} --address a@b.example",
    "init --yes --imap imaps://{}@h.invalid --imap-password-env X --address a@b.example",
    "init --yes --smtp {} --address a@b.example", "init --yes --address {} --smtp smtp://127.0.0.1:1?security=none",
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_hostile_words_never_break_a_command(
    tandem: Commands, desk: Desk, shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(desk)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TANDEM_HOME", str(tandem.home))
    for word in HOSTILE:
        words = [each.replace("{}", word) for each in shape.split()]
        ended = run(words, stdin="x")
        assert ended.code in {0, 1, 2, 4}, (words, ended.err)
        assert "--debug before" not in ended.err, (words, ended.err)
        assert "Traceback" not in ended.err, (words, ended.err)
        assert "\x1b" not in ended.out + ended.err
        assert not (ended.code and ended.err.count("\n") != 1 and not ended.err.startswith("Usage: ")), ended.err
        ended.bytes_out.decode("utf-8")


def test_hostile_standard_input_never_breaks_a_command(tandem: Commands, desk: Desk) -> None:
    receive(desk)
    texts = [b"", b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\r\n", b"x" * 2_000_000, "⟦".encode(), b"\x1b[31m\x9b"]
    shapes = [["note", "1", "-"], ["reply", "1", "--body-file", "-"], ["reply", "1", "--body-file", "-", "--dry-run"]]
    for words, text in itertools.product(shapes, texts):
        ended = run(["--home", str(tandem.home), "--agent", "ana", *words], text)
        assert ended.code in {0, 1}
        assert "--debug before" not in ended.err


def test_an_empty_home_is_wrong_usage_and_no_other_desk() -> None:
    ended = run(["--home", "", "list"])
    assert (ended.code, ended.out) == (2, "")
    assert "--home: say which folder" in ended.err
