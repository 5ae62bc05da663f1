"""Who holds a lock on a file, as far as the system tells: Linux lists all locks in /proc/locks (proc(5))."""

from __future__ import annotations

import os
import pwd
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import Path

_PROC = Path("/proc")

_LONG = frozenset({b"reindex", b"restore", b"import", b"doctor", b"customers"})
"""Commands of Tandem that may keep others waiting for longer than their patience."""

_WRITER_BYTE = 120
"""Of the index of SQLite's log (walformat, "WAL Locks"): who has a lock on it writes."""

_HANDLE = re.compile(rb"[a-z0-9_-]{1,20}")
_WITH_VALUE = frozenset({b"--home", b"--agent"})


@dataclass(frozen=True, slots=True)
class Holder:
    """A process by its number, and in words whose it is; `pid` is 0 when the system does not tell.

    `job` is the long command that it runs, "" for any other; `agent` whom it was started for, "" where it does not say.
    `is_foreign`: it is no Tandem, and takes no turn.
    """

    pid: int = 0
    owner: str = ""
    is_stopped: bool = False
    job: str = ""
    agent: str = ""
    is_foreign: bool = False

    def __str__(self) -> str:
        if not self.pid:
            return "somebody else"
        process = f"process {self.pid} of {self.owner}"
        if self.is_stopped:
            process = f"process {self.pid} of {self.owner}, which is stopped"
        elif self.job:
            process = f"process {self.pid} of {self.owner}, which runs `tandem {self.job}`"
        return f"another program, {process}" if self.is_foreign else process

    @property
    def told(self) -> str:
        """Who it is, with what to do where waiting does not help; empty where the system does not tell.

        An agent whose own command is short is told by the handle alone.
        """
        if self.is_stopped:
            return f"{self} ({self.hint})"
        return self.agent if self.agent and not self.job else str(self) if self.pid else ""

    @property
    def hint(self) -> str:
        """What to do about it."""
        if self.is_stopped:
            return f"`fg` in its terminal or `kill -CONT {self.pid}` lets it go on; then try again"
        return "try again when that is done; on a large desk it takes minutes" if self.job else "try again in a moment"


def of(path: Path) -> Holder:
    """Who holds the flock(2) lock on this file just now."""
    with suppress(OSError, ValueError, IndexError):
        return _process(_holding(_locks(), "FLOCK", path))
    return Holder()


def of_store(lock: Path, database: Path) -> Holder:
    """Who keeps others from writing to a SQLite file: another program that does, or else whose turn it is by `lock`.

    Whose turn it is waits for that program, too. SQLite's writer has a lock on one byte of the index of its log.
    """
    with suppress(OSError, ValueError, IndexError):
        locks, index = _locks(), database.with_name(f"{database.name}-shm")
        turn, writer = _holding(locks, "FLOCK", lock), _holding(locks, "POSIX", index, _WRITER_BYTE)
        if writer not in (0, turn) and not _words(_PROC / str(writer)):
            return replace(_process(writer), is_foreign=True)
        return _process(turn)
    return Holder()


def _locks() -> list[list[str]]:
    """All locks of this machine, in words; those that are waited for look otherwise."""
    return [each.split() for each in (_PROC / "locks").read_text("ascii").splitlines()]


def _holding(locks: list[list[str]], kind: str, path: Path, byte: int = 0) -> int:
    """The process that holds an exclusive lock on this byte of a file; 0 where none does."""
    if not path.exists():
        return 0
    file = path.stat()
    place = f"{os.major(file.st_dev):02x}:{os.minor(file.st_dev):02x}:{file.st_ino}"
    for words in locks:
        match words:
            case [_, found, _, "WRITE", pid, where, first, last] if (found, where) == (kind, place):
                if int(first) <= byte and (last == "EOF" or byte <= int(last)):
                    return int(pid)
            case _:
                pass
    return 0


def _process(pid: int) -> Holder:
    folder = _PROC / str(pid)
    state = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
    words = _words(folder)
    return Holder(pid, _name(folder.stat().st_uid), state in {"T", "t"}, _job(words), _agent(words))


def _words(process: Path) -> list[bytes]:
    """What stands behind `tandem` on the command line of a process; nothing where it is another program."""
    words = (process / "cmdline").read_bytes().split(b"\0")
    programs = [place for place, word in enumerate(words[:3]) if word.rpartition(b"/")[2] == b"tandem"]
    return words[programs[-1] + 1 :] if programs else []


def _agent(words: list[bytes]) -> str:
    """Whom `--agent` names."""
    named = (word for before, word in pairwise(words) if before == b"--agent")
    joined = (word.removeprefix(b"--agent=") for word in words if word.startswith(b"--agent="))
    first = next(chain(named, joined), b"")
    return first.decode("ascii") if _HANDLE.fullmatch(first) else ""


def _job(after: list[bytes]) -> str:
    """The long command of Tandem that a process was started as; its other words are nobody's business."""
    plain = (word for before, word in pairwise((b"", *after)) if word[:1] != b"-" and before not in _WITH_VALUE)
    first = next(plain, b"")
    return first.decode("ascii") if first in _LONG else ""


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
