"""The application as a program in a terminal: started from a shell, or with an editor that is a script."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.desks import make_desk, receive
from tests.terminal import Terminal

ROOT = Path(__file__).parents[2]


@contextmanager
def shell(folder: Path, **more: str) -> Generator[Terminal]:
    """The application, started from a shell that tells its exit code afterwards and stays."""
    line = f"{sys.executable} -m tests.tui.terminal_app {folder} & echo $! > {folder}/pid; fg >/dev/null"
    line = f"set -m; {line}; echo ended with $?; sleep 100"
    with Terminal(["bash", "-c", line], _environment(folder, **more), columns=80, rows=24) as terminal:
        terminal.wait_for("Refund for order")
        yield terminal


def pid(folder: Path) -> int:
    """The process of the application that a shell started."""
    return int((folder / "pid").read_text("utf-8"))


def edited_with(tmp_path: Path, script: str, **more: str) -> Terminal:
    """The application in a terminal, with an editor that is a shell script; `$0` is the file."""
    desk = make_desk(tmp_path / "desk")
    receive(desk)
    desk.store.close()
    program = [sys.executable, "-m", "tests.tui.terminal_app", str(tmp_path / "desk")]
    environment = _environment(tmp_path, EDITOR=f"sh -c {shlex.quote(script)}", **more)
    return Terminal(program, environment, columns=80, rows=24)


def say_hello(terminal: Terminal) -> None:
    """Begin a reply of one word."""
    terminal.wait_for("Refund for order")
    terminal.press("r")
    terminal.wait_for("Reply to")
    terminal.type("Hello")
    terminal.wait_for("Hello")


def _environment(home: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "PYTHONPATH": str(ROOT),
        **more,
    }
