"""What the program sends to terminals of several kinds, byte for byte, and which it refuses."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tandem.paths import Home
from tests.desks import make_desk, receive
from tests.tui.pseudo_terminal import Terminal

_COLOUR = re.compile(r"\x1b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m")
_MAIN = "from tandem.cli import main; main()"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A desk with one ticket, and a folder for the agent's own settings."""
    folder = tmp_path / "desk"
    desk = make_desk(folder)
    receive(desk, subject="Заказ 88213")
    desk.store.close()
    folder.chmod(0o700)
    Home(folder).config.write_text("")
    (tmp_path / "settings" / "tandem").mkdir(parents=True)
    return folder


def environment(home: Path, **more: str) -> dict[str, str]:
    bare = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    folders = {"XDG_CONFIG_HOME": str(home.parent / "settings"), "XDG_STATE_HOME": str(home.parent / "state")}
    return {**bare, **folders, "TANDEM_TOUR": "off", "ESCDELAY": "20", "PYTHONPATH": str(Path.cwd()), **more}


def command(home: Path) -> list[str]:
    return [sys.executable, "-c", _MAIN, "--home", str(home), "--agent", "ana"]


@contextmanager
def running(home: Path, **more: str) -> Iterator[Terminal]:
    """The program on a pseudo terminal, its list painted."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = os.posix_spawn(
        sys.executable,
        command(home),
        environment(home, **more),
        file_actions=[(os.POSIX_SPAWN_DUP2, slave, number) for number in (0, 1, 2)],
        setsid=True,
    )
    os.close(slave)
    terminal = Terminal(process, master)
    try:
        terminal.wait_for("помощ" if more.get("LANG", "").startswith("bg") else " help")
        yield terminal
        terminal.press("\x11")
        assert terminal.end() == 0
    finally:
        os.close(master)


def test_with_no_color_not_one_colour_is_sent_and_no_mouse_is_asked_for(home: Path) -> None:
    with running(home, NO_COLOR="1") as terminal:
        terminal.press("?", "in the list")
        assert not _COLOUR.search(terminal.text)
        assert "\x1b[7m" in terminal.text or re.search(r"\x1b\[[\d;]*7[;m]", terminal.text)
        assert "\x1b[?1000h" not in terminal.text
        terminal.press("\x1b", "Dana")


def test_a_mouse_that_is_wanted_tells_of_clicks_and_the_wheel_only(home: Path) -> None:
    (home.parent / "settings" / "tandem" / "screen.toml").write_text("mouse = true\ntheme = 'ansi'\n")
    with running(home) as terminal:
        assert terminal.text.rindex("\x1b[?1003l") > terminal.text.rindex("\x1b[?1003h")
        assert "\x1b[?1000h" in terminal.text[terminal.text.rindex("\x1b[?1003l") :]
        assert not re.search(r"\x1b\[[\d;]*[34]8;[25];", terminal.text)


def test_plain_signs_and_another_language_are_there_from_the_first_byte_on(home: Path) -> None:
    (home.parent / "settings" / "tandem" / "screen.toml").write_text("ascii = true\n")
    with running(home, LANG="bg_BG.UTF-8") as terminal:
        assert "Входящи" in terminal.text
        assert "Inbox" not in terminal.text
        assert {each for each in terminal.text if not each.isascii() and not each.isalpha()} == set()


@pytest.mark.parametrize(
    ("term", "told"),
    [("dumb", "TERM=dumb"), ("unknown", "TERM=unknown"), ("", "TERM is empty")],
    ids=["dumb", "unknown", "empty"],
)
def test_a_terminal_that_cannot_show_the_screen_is_refused_in_one_sentence(home: Path, term: str, told: str) -> None:
    master, slave = pty.openpty()
    ran = subprocess.run(
        command(home),
        stdin=slave,
        stdout=slave,
        stderr=subprocess.PIPE,
        env=environment(home, TERM=term),
        text=True,
        check=False,
    )
    os.close(slave)
    os.close(master)
    assert ran.returncode == 1
    assert (
        ran.stderr
        == f"tandem: this terminal ({told}) cannot show the inbox screen (`tandem list` prints the inbox as lines)\n"
    )


def test_without_a_terminal_the_command_line_is_named(home: Path) -> None:
    ran = subprocess.run(command(home), capture_output=True, env=environment(home), text=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "tandem: the inbox screen needs a terminal (`tandem list` prints the inbox as lines)\n"


def test_a_keymap_that_cannot_be_does_not_end_the_start_and_is_told_with_its_file_and_line(home: Path) -> None:
    own = home.parent / "settings" / "tandem" / "screen.toml"
    own.write_text('[keys]\nclose = "n"\n')
    with running(home) as terminal:
        terminal.wait_for("screen.toml:2: keys.close")
        terminal.press("e", "Nothing is open")
