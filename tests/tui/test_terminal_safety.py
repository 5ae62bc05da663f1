"""What really goes to the terminal: the program under a pseudo terminal, over mails that try to drive it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desk.actions.note import add_note
from desk.people import Address
from desk.safe import DANGEROUS
from tests.desks import receive
from tests.tui.apps import open_desk

COLUMNS, ROWS = 120, 36
PATIENCE = 40.0
QUIET = 0.08
"""Seconds without output after which the screen counts as painted."""

SEQUENCE = re.compile(
    "\x1b\\[(?P<csi>[0-9;:?<>=]*[ -/]*[@-~])|\x1b\\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\\\)"
    "|\x1b(?P<other>[PX^_].*?\x1b\\\\|.)",
    re.DOTALL,
)
MARKUP = "[#123] [@click=app.quit]x[/] [/b] [red]"
ATTACKS = {
    "titles, a link, the clipboard": (
        "\x1b]0;PWNED\x07\x1b]2;PWNED\x1b\\\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\\x1b]52;c;UFdORUQ=\x07"
    ),
    "DCS, reports, erasing, C1": (
        "\x1bP+q544e\x1b\\\x1b[6n\x1b[5n\x1b[c\x1b[>q\x1b[2J\x1b[H\x1b[?1049l\x1bc\x9b2J\x9d0;PWNED\x9c\x90q\x9c\x85"
    ),
    "turned around, hidden, bells": "gpj.\u202eexe\u2066x\u2069\u200b\ufeff\u2028b\u2029c\x0bd\x0ce\x00f\x7fg"
    + "\x07" * 5000,
    "markup, marks, and what never ends": MARKUP + " e" + "\u0301" * 10_000 + " \x1b]0;never ended",
}
"""Texts that drive a terminal: ECMA-48, xterm's OSC, bidi controls (UAX 9), and Textual's own markup."""


@dataclass
class Terminal:
    """A program in a pseudo terminal, and everything it wrote."""

    process: int
    master: int
    written: bytearray = field(default_factory=bytearray)

    @property
    def text(self) -> str:
        """What was written so far."""
        return self.written.decode("utf-8", "surrogateescape")

    def press(self, keys: str, words: str = "") -> None:
        """Type these keys, and wait until these words and nothing more are painted."""
        before = len(self.text)
        os.write(self.master, keys.encode())
        self.wait_for(words, before)

    def settle(self) -> None:
        """Read until nothing has been written for a while."""
        while self._read(QUIET):
            pass

    def wait_for(self, words: str, start: int = 0) -> None:
        """Read until these words were written, from the character `start` on."""
        deadline = time.monotonic() + PATIENCE
        while words not in self.text[start:]:
            assert time.monotonic() < deadline, self.text[-2000:]
            self._read(0.1)
        self.settle()

    def end(self) -> int:
        """Read what is left, and give the exit code."""
        while self._read(PATIENCE):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def _read(self, patience: float) -> bool:
        if not select.select([self.master], [], [], patience)[0]:
            return False
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            return False
        self.written += data
        return bool(data)


@contextmanager
def terminal(folder: Path, *words: str) -> Iterator[Terminal]:
    """The program over the desk in this folder, with these words behind it, ended at the latest when the test is."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "ESCDELAY": "20"}
    environment["PATH"] = os.environ["PATH"]
    process = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "tests.tui.terminal_app", str(folder), *words],
        environment,
        file_actions=[(os.POSIX_SPAWN_DUP2, slave, number) for number in (0, 1, 2)],
        setsid=True,
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        os.close(master)
        try:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def write_mails(folder: Path, attacks: dict[str, str]) -> None:
    """A desk with one ticket for each of these texts: in the subject, the name, the address, the text and a note."""
    with open_desk(folder) as desk:
        for number, (name, attack) in enumerate(attacks.items()):
            ticket = receive(
                desk,
                subject=f"Case {number} {attack} tail",
                text=f"Body of {name}: {attack} tail\n> quoted {attack}",
                sender=Address(f"a{number}@corp.example", f"Name {attack}"),
                defects=(f"a defect {attack}",),
                facts=(f"a fact {attack}",),
            )
            add_note(desk, ticket.number, f"Note {attack}")


def walk_through(screen: Terminal, count: int) -> None:
    """Look at every ticket in list and reader, and write on each."""
    screen.wait_for(f"Case {count - 1} ")
    for _ in range(count):
        screen.press("\r")
        screen.press("T")
        screen.press("r", "Reply to")
        screen.press("\x0f", ">:")
        screen.press("\x1b", " discard")
        screen.press("X", "Inbox")
        screen.press("q", "close+next")
        screen.press("j")
    screen.press("m", "Macros")
    screen.press("\x1b", "close+next")
    screen.press("?", "Keys")
    screen.press("\x1b", "close+next")


def shapes(text: str) -> set[str]:
    """Every escape sequence, told by what it does: numbers that only move the cursor or choose a colour left out."""
    found = set()
    for match in SEQUENCE.finditer(text):
        csi = match["csi"]
        if csi is None:
            found.add(match[0])
        else:
            found.add("CSI " + (csi[-1] if csi[-1] in "Hm" else csi))
    return found


def controls(text: str) -> set[str]:
    """Characters that drive a terminal and stand outside of any escape sequence."""
    return set(DANGEROUS.findall(SEQUENCE.sub("", text))) - {"\r"}


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The escape sequences that a mailbox of plain mails brings."""
    folder = tmp_path_factory.mktemp("harmless")
    write_mails(folder, {"plain": "hello", "again": "world"})
    with terminal(folder) as screen:
        walk_through(screen, 2)
        screen.press("q")
        screen.press("q")
        assert screen.end() == 0
    return shapes(screen.text)


def test_no_mail_makes_the_terminal_do_anything(tmp_path: Path, harmless: set[str]) -> None:
    write_mails(tmp_path, ATTACKS)
    with terminal(tmp_path) as screen:
        walk_through(screen, len(ATTACKS))
        screen.press("q")
        screen.press("q")
        assert screen.end() == 0
    assert shapes(screen.text) - harmless == set()
    assert controls(screen.text) == set()
    assert MARKUP in screen.text
    assert "PWNED" in screen.text
