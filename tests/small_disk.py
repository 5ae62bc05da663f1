"""A disk of a few megabytes that can be filled up, or turned read-only: a tmpfs in a mount namespace of its own.

Only processes that are started through it see the disk; nothing of it stays on the machine. It takes root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from tests.processes import next_line
from tests.program import Program, Ran

ROOT = Path(__file__).parents[1]
_MEGABYTE = 1 << 20


class SmallDisk:
    """A disk of `size` bytes in an empty folder. Use it in a `with`; the test is skipped where none can be had."""

    def __init__(self, folder: Path, size: int = 4 * _MEGABYTE) -> None:
        self.folder = folder
        folder.mkdir()
        mount = f'mount -t tmpfs -o size={size},mode=0700 none "{folder}" && echo mounted && exec cat'
        self._keeper = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", mount],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        if next_line(self._keeper) != "mounted":
            self._keeper.communicate()
            pytest.skip("this machine does not let us mount a disk")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._keeper.communicate()

    @property
    def seen(self) -> Path:
        """The disk as this process can look at it."""
        return Path(f"/proc/{self._keeper.pid}/root{self.folder}")

    def command(self, *words: str) -> list[str]:
        """A command line that sees the disk."""
        return ["nsenter", f"--target={self._keeper.pid}", "--mount", "--", *words]

    def run(self, *words: str) -> None:
        """Run a command that sees the disk and must end well."""
        subprocess.run(self.command(*words), check=True, capture_output=True)

    def python(self, program: str, *words: str) -> str:
        """Run a Python program that sees the disk; returns what it prints."""
        command = self.command(sys.executable, "-c", program, *words)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    def fill(self, but: int = 0) -> None:
        """Leave no room but so many bytes."""
        self.make_room()
        room = shutil.disk_usage(self.seen).free
        with (self.seen / "ballast").open("wb") as ballast:
            ballast.write(b"\0" * max(0, room - but))

    def make_room(self) -> None:
        """Take away what fills it."""
        (self.seen / "ballast").unlink(missing_ok=True)

    def turn(self, how: str, path: Path) -> None:
        """Turn a folder on it "ro" or "rw"."""
        if how == "ro":
            self.run("mount", "--bind", str(path), str(path))
            self.run("mount", "-o", "remount,bind,ro", str(path))
        else:
            self.run("umount", str(path))


class ProgramOnDisk(Program):
    """The program with a desk on a small disk."""

    disk: SmallDisk

    @classmethod
    def on(cls, disk: SmallDisk, **environment: str) -> ProgramOnDisk:
        """A desk on this disk."""
        made = cls(disk.folder / "desk", environment=environment)
        object.__setattr__(made, "disk", disk)
        return made

    def command(self, *words: str | int | Path) -> list[str]:
        """The command line."""
        return self.disk.command(*super().command(*words))

    def refused(self, *words: str | int | Path, stdin: str = "", expect: int = 3) -> Ran:
        """Run a command that is refused in one sentence, without a traceback."""
        ended = self.run(*words, stdin=stdin, expect=expect)
        assert ended.err.count("\n") == 1, ended.err
        assert ended.err.startswith("tandem: ")
        return ended
