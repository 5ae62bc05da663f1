from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from desk.errors import ConfigError, LoginRefused, TandemError
from mail.auth import PasswordCommand, PasswordEnvironment, PasswordFile, TokenCommand


def python(program: str, patience: float = 20.0) -> PasswordCommand:
    return PasswordCommand((sys.executable, "-S", "-c", program), patience)


def test_a_command_gives_its_first_line() -> None:
    assert python(r"print('s3cret word\r'); print('url: x')").read() == "s3cret word"


def test_a_command_is_run_without_a_shell() -> None:
    assert PasswordCommand(("echo", "$HOME; echo x")).read() == "$HOME; echo x"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (PasswordCommand(()), "it is empty"),
        (PasswordCommand(("no-such-program",)), "No such file or directory"),
        (PasswordCommand(("echo", "a\0b")), "it holds a NUL"),
        (python("print('s3cret'); raise SystemExit(3)"), "failed with exit code 3"),
        (python("pass"), "gave an empty password"),
        (python(r"import sys; sys.stdout.buffer.write(b'\xff\n')"), "not UTF-8"),
    ],
)
def test_a_command_that_gives_none_is_refused_in_words(command: PasswordCommand, why: str) -> None:
    with pytest.raises(TandemError, match=why) as caught:
        command.read()
    assert "s3cret" not in str(caught.value)


def test_a_token_is_the_first_line_without_blanks_around_it() -> None:
    assert (
        TokenCommand((sys.executable, "-S", "-c", r"print(' ya29.a-b_c~+/= \r\nexpires: never')")).read()
        == "ya29.a-b_c~+/="
    )


@pytest.mark.parametrize("printed", ["", "   ", "error: log in first", "{'a': 1}", "ya29\1auth=x", "токен"])
def test_what_is_no_token_is_not_shown_to_a_server(printed: str) -> None:
    with pytest.raises(LoginRefused, match=r"token command python|gave an empty") as caught:
        TokenCommand((sys.executable, "-S", "-X", "utf8", "-c", f"print({printed!r})")).read()
    assert not printed.strip() or printed not in str(caught.value)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (TokenCommand(()), "token command: it is empty"),
        (TokenCommand(("no-such-program",)), "the token command cannot be run: No such file"),
        (TokenCommand((sys.executable, "-S", "-c", "raise SystemExit(3)")), "token command .* failed with exit code 3"),
        (
            TokenCommand((sys.executable, "-S", "-c", "import time; time.sleep(60)"), 0.5),
            r"did not end in 0\.5 seconds",
        ),
    ],
)
def test_a_token_command_that_gives_none_is_refused_in_words(command: TokenCommand, why: str) -> None:
    with pytest.raises(TandemError, match=why):
        command.read()


def test_a_command_that_hangs_is_ended_with_all_it_started() -> None:
    started = time.monotonic()
    with pytest.raises(LoginRefused, match=r"did not end in 0\.5 seconds"):
        python("import subprocess; subprocess.run(['sleep', '60'])", patience=0.5).read()
    assert time.monotonic() - started < 50


def test_a_command_without_end_is_ended() -> None:
    with pytest.raises(LoginRefused):
        PasswordCommand(("yes",)).read()


def test_what_a_command_leaves_running_holds_nobody_up() -> None:
    holding = "import subprocess; subprocess.Popen(['sleep', '40']); print('s3cret')"
    assert python(holding, patience=30).read() == "s3cret"


def test_a_file_gives_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text(" s3cret word \nnext\n")
    path.chmod(0o600)
    assert PasswordFile(path).read() == " s3cret word "


def test_a_file_that_the_desks_group_may_read_is_taken_and_no_other_groups(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("secret")
    path.chmod(0o640)
    group = path.stat().st_gid
    assert PasswordFile(path, group).read() == "secret"
    with pytest.raises(ConfigError, match="can open the password file"):
        PasswordFile(path, group + 1).read()
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="can open the password file"):
        PasswordFile(path, group).read()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o777])
def test_a_file_that_others_can_open_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "password"
    path.write_text("s3cret\n")
    path.chmod(mode)
    with pytest.raises(
        ConfigError, match=f"others on this machine can open the password file .mode {mode:04o}"
    ) as caught:
        PasswordFile(path).read()
    assert caught.value.hint == f"chmod 600 {path}"


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file or directory"):
        PasswordFile(tmp_path / "nowhere").read()
    with pytest.raises(ConfigError):
        PasswordFile(tmp_path).read()


def test_a_pipe_does_not_hold_us_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(ConfigError):
        PasswordFile(tmp_path / "pipe").read()


def test_a_variable_gives_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "s3cret")
    assert PasswordEnvironment("MAIL_PASSWORD").read() == "s3cret"


def test_a_variable_that_is_not_set_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_PASSWORD", raising=False)
    with pytest.raises(ConfigError, match=r"MAIL_PASSWORD: .* is not set"):
        PasswordEnvironment("MAIL_PASSWORD").read()


def test_a_password_of_two_lines_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "s3cret\r\nA LOGOUT")
    with pytest.raises(ConfigError, match="line breaks"):
        PasswordEnvironment("MAIL_PASSWORD").read()
