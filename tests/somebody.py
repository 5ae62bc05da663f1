"""The program as other Unix users run it, each with a uid of their own; only root can become them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_PROGRAM = "from tandem.cli import main; main()"
_BASE_LEAVES_OUT = shutil.ignore_patterns(
    "site-packages", "dist-packages", "test", "idlelib", "lib2to3", "ensurepip", "include", "share", "config-*", "*.a"
)
_OTHERS_LEAVE_OUT = shutil.ignore_patterns(
    "basedpyright*", "nodejs*", "mypy*", "ruff*", "tests", "docs", "typings", ".git", ".venv", ".*_cache"
)


@dataclass(frozen=True)
class Python:
    """An interpreter that every user of this machine can start, with the program and what it needs."""

    executable: Path
    paths: tuple[Path, ...]

    @property
    def environment(self) -> dict[str, str]:
        """What it must be told."""
        return {
            "PYTHONPATH": os.pathsep.join(map(str, self.paths)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LD_LIBRARY_PATH": str(self.executable.parents[1] / "lib"),
        }

    def is_for(self, uid: int) -> bool:
        """Whether this user can start it and load the program."""
        command = [str(self.executable), "-c", "import tandem.cli, mail.reading_process"]
        try:
            done = subprocess.run(
                command, user=uid, group=uid, extra_groups=[], cwd="/", capture_output=True, env=self.environment,
                check=False,
            )  # fmt: skip
        except OSError:
            return False
        return done.returncode == 0


@contextmanager
def python_for(uid: int) -> Generator[Python]:
    """Our own interpreter where others may start it; else one with links to its files, in a place they can get to."""
    ours = Python(Path(sys.executable), (ROOT,))
    if ours.is_for(uid):
        yield ours
        return
    place = Path(tempfile.mkdtemp(prefix="tandem-python-", dir="/tmp"))
    try:
        place.chmod(0o755)
        linked = _linked(place)
        assert linked.is_for(uid), "there is no Python here that other users could start"
        yield linked
    finally:
        shutil.rmtree(place)


def _linked(place: Path) -> Python:
    packages = [Path(each) for each in sys.path if Path(each).name in ("site-packages", "dist-packages")]
    for number, source in enumerate((Path(sys.base_prefix), ROOT, *packages)):
        leaves_out = _OTHERS_LEAVE_OUT if number else _BASE_LEAVES_OUT
        shutil.copytree(source, place / str(number), symlinks=True, copy_function=_link, ignore=leaves_out)
    executable = place / "0" / "bin" / Path(sys.executable).resolve().name
    return Python(executable, tuple(place / str(number + 1) for number in range(1 + len(packages))))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Somebody:
    """A Unix user at a desk: uid, the groups of this login, and umask."""

    python: Python
    desk: Path
    uid: int
    groups: tuple[int, ...] = ()
    umask: int = 0o022
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, *words: str, program: str = _PROGRAM) -> subprocess.Popen[str]:
        """Start a command and return at once."""
        command = [str(self.python.executable), "-c", program, "--home", str(self.desk), *words]
        return subprocess.Popen(
            command,
            user=self.uid,
            group=self.groups[0] if self.groups else self.uid,
            extra_groups=list(self.groups),
            umask=self.umask,
            cwd="/",
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **self.python.environment, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, expect: int = 0) -> Said:
        """Run a command to its end and check its exit code; a failure is one sentence and no traceback."""
        process = self.start(*words)
        out, err = process.communicate(timeout=60)
        assert process.returncode == expect, f"{words}: exit {process.returncode}\n{out}\n{err}"
        assert "Traceback" not in out + err
        assert "Logging error" not in err
        if expect:
            assert err.count("\n") == 1, err
        return Said(process.returncode, out, err)
