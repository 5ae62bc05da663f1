"""Which process is doing something, and whether it is still there: so that work left behind is found at once.

Every answer errs towards "still there". Then a lease has to run out first, which is slower and just as right.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from desk.safe import safe_line

_PROC = Path("/proc")
_DEAD = frozenset("ZXx")
"""States of a process that has ended and whose parent has not asked yet (proc_pid_stat(5))."""


def owner() -> str:
    """A name for this process that no other process ever had or will have, on any host."""
    return str(_Process.current())


def is_gone(claim: str) -> bool:
    """Whether the process that made a claim (`owner()`, then perhaps `#` and more) has surely ended.

    False for other hosts, for containers beside this one, and for whatever cannot be read.
    """
    if (process := _Process.parse(claim.partition("#")[0])) is None:
        return False
    here = _Process.current()
    if process.host != here.host:
        return False
    return process.boot != here.boot or (process.space == here.space and _has_ended(process))


def in_words(claim: str) -> str:
    """A process as people find it: its number, and the host where that is not this one."""
    if (process := _Process.parse(claim.partition("#")[0])) is None:
        return "a process of another version"
    if process.host == _Process.current().host:
        return f"process {process.pid}"
    return f"process {process.pid} on {safe_line(process.host)}"


@dataclass(frozen=True, slots=True)
class _Process:
    """`space` is the set of process ids that `pid` belongs to; `started` is in clock ticks after `boot`."""

    host: str
    boot: str
    space: str
    pid: int
    started: str

    def __str__(self) -> str:
        return "|".join((self.host, self.boot, self.space, str(self.pid), self.started))

    @classmethod
    def current(cls) -> Self:
        host = os.uname().nodename.replace("|", "").replace("#", "")
        return cls(host, _boot(), _space(), os.getpid(), _stat(os.getpid())[1])

    @classmethod
    def parse(cls, text: str) -> Self | None:
        match text.split("|"):
            case [host, boot, space, pid, started] if pid.isdecimal() and 0 < int(pid) < 1 << 31:
                return cls(host, boot, space, int(pid), started)
            case _:
                return None


def _has_ended(process: _Process) -> bool:
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # it is there and belongs to somebody else
    state, started = _stat(process.pid)
    is_known = "" not in (started, process.started)
    return state in _DEAD or (is_known and started != process.started)


def _stat(pid: int) -> tuple[str, str]:
    """A process's state and start time; empty where the system does not say or hides others' processes."""
    try:
        text = (_PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except OSError:
        return "", ""
    # The name in parentheses may itself hold blanks and parentheses; the fields are counted from behind it.
    fields = text.rpartition(")")[2].split()
    return fields[0], fields[19]


def _boot() -> str:
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def _space() -> str:
    try:
        return str((_PROC / "self/ns/pid").stat().st_ino)
    except OSError:
        return ""
