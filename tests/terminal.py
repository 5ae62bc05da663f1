"""A real terminal (tmux) with a program in it, driven by keys and read as text."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

PATIENCE = 40.0
"""Seconds to wait for something to appear."""


def need_tmux() -> None:
    """Skip the test where tmux is not installed; fail where everything must be."""
    if shutil.which("tmux") is None:
        message = "tmux is not installed: `apt install tmux`"
        if os.environ.get("TANDEM_REQUIRE_SERVERS") == "1":
            pytest.fail(message)
        pytest.skip(message)


class Terminal:
    """A program on a terminal of this size, in a tmux server of its own that ends with it."""

    def __init__(self, command: list[str], environment: dict[str, str], *, columns: int, rows: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tdm")
        self._socket = str(Path(self._folder.name) / "tmux")
        self._command, self._environment, self._size = command, environment, (columns, rows)

    def __enter__(self) -> Self:
        columns, rows = self._size
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), *self._command)
        for name, value in (("status", "off"), ("escape-time", "0"), ("remain-on-exit", "on")):
            self._tmux("set", "-g", name, value)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], capture_output=True, check=False)
        self._folder.cleanup()

    @property
    def text(self) -> str:
        """What is on the screen."""
        return self._tmux("capture-pane", "-p")

    @property
    def is_alive(self) -> bool:
        """Whether the program still runs."""
        return self._tmux("display-message", "-p", "#{pane_dead}").strip() == "0"

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names, as fast as a quick person."""
        for key in keys:
            self._tmux("send-keys", key)
            time.sleep(0.12)

    def type(self, text: str) -> None:
        """Type text as it is."""
        self._tmux("send-keys", "-l", text)

    def paste(self, text: str) -> None:
        """Paste text as a terminal does that puts no brackets around it."""
        self._tmux("set-buffer", text)
        self._tmux("paste-buffer")

    def hang_up(self) -> None:
        """Take the terminal away from the program, as a connection does that breaks off."""
        self._tmux("kill-server")

    def wait_for(self, *wanted: str, gone: str = "") -> str:
        """Wait until all these are on the screen, and `gone` is not; returns the screen."""
        deadline = time.monotonic() + PATIENCE
        while not (all(each in self.text for each in wanted) and (not gone or gone not in self.text)):
            assert time.monotonic() < deadline, f"no {wanted!r} (or still {gone!r}) on the screen:\n{self.text}"
            assert self.is_alive, f"the program has ended:\n{self.text}"
            time.sleep(0.05)
        return self.text

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", self._socket, *words],
            capture_output=True,
            text=True,
            check=False,
            env={**self._environment, "COLORTERM": "truecolor"},
        )
        assert done.returncode == 0, f"tmux {words[:2]}: {done.stderr}"
        return done.stdout
