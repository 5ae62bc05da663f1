"""Mail is read in a process of its own, because a mail can cost more time or memory than anyone foresees.

`WorkerReader` is the near side: it starts the process when it is first needed, replaces it when a mail was too much
for it, and then makes do with the mail's head. The far side is `mail.reading_process`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from desk.errors import TandemError
from desk.first_use import FIRST_USE
from desk.incoming import KEPT, Incoming
from mail import frames
from mail.heads import scan_head

TOO_MUCH = 4
"""Exit code of a process whose mail took more than its memory."""

_ENTRY = "import sys; sys.path.append(sys.argv[1]); from mail.reading_process import main; main(*sys.argv[2:])"
_HOME = Path(__file__).parents[1]
_ATTEMPTS = 2
"""A process may have been ended by somebody else; the mail gets a second one."""

with FIRST_USE:
    _DECODER = msgspec.msgpack.Decoder(tuple[Incoming, int])
_PATIENCE = 2.0
_STARTING = 60.0
"""Seconds in which a process is ready; on a machine that is very busy it takes many."""
_WHY = {-signal.SIGPROF: "it took too long", TOO_MUCH: "it needed too much memory"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one mail may cost: seconds of CPU, seconds in all, and bytes of address space of the whole process.

    The memory holds the interpreter too (about 150 MB) and several copies of a mail of 50 MB.
    """

    cpu: float = 5.0
    wall: float = 30.0
    memory: int = 1 << 29


class _Lost(Exception):
    """The process is gone. `blame` says what the mail did; empty where the mail may have nothing to do with it."""

    def __init__(self, blame: str = "") -> None:
        super().__init__(blame)
        self.blame = blame


class WorkerReader:
    """Reads mails in one process of its own. For one thread at a time; `close()` it, or use it in a `with`."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._worker: _Worker | None = None
        self._read_at = 0.0

    def read(self, raw: bytes) -> Incoming:
        """What could be read of a mail; never raises because of what is in it.

        Raises:
            TandemError: no process can be started on this machine.
        """
        blame = ""
        for _ in range(_ATTEMPTS):
            try:
                return self._ask(raw)
            except _Lost as lost:
                blame = lost.blame
            if blame:
                break
        why = blame or "the reader of mails broke on it"
        return scan_head(raw, f"this mail could not be read: {why}; {KEPT}")

    def rest(self, idle: float) -> None:
        """End the process if it has read nothing for so many seconds; a later `read` starts another one."""
        if time.monotonic() - self._read_at >= idle:
            self.close()

    def close(self) -> None:
        """End the process; a later `read` starts another one."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, raw: bytes) -> Incoming:
        worker, self._worker = self._worker or _Worker(self._limits), None
        read = worker.ask(raw)
        self._worker, self._read_at = worker, time.monotonic()
        return read


class _Worker:
    """One running process and the pipes to it. It has its own session, so that Ctrl-C here does not reach it."""

    def __init__(self, limits: Limits) -> None:
        self._wall = limits.wall
        command = [sys.executable, "-P", "-c", _ENTRY, str(_HOME), str(limits.cpu), str(limits.memory)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own code
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as error:
            raise _cannot_start() from error
        self._to, self._from = _pipes(self._process)
        self._await_ready()

    def _await_ready(self) -> None:
        try:
            frames.receive(self._from, time.monotonic() + _STARTING)
        except (EOFError, TimeoutError, OSError) as error:
            self.end()
            raise _cannot_start() from error

    def ask(self, raw: bytes) -> Incoming:
        """Hand over a mail and wait for what could be read of it, and then for the files in it.

        Raises:
            _Lost: the process is gone; so it is after any other exception, too.
        """
        deadline = time.monotonic() + self._wall
        try:
            frames.send(self._to, raw, deadline)
            read, count = _DECODER.decode(frames.receive(self._from, deadline))
            files = tuple(frames.receive(self._from, deadline) for _ in range(count))
        except TimeoutError as error:
            self._process.kill()
            self.end()
            raise _Lost("it took too long") from error
        except (EOFError, OSError) as error:
            raise _Lost(_WHY.get(self.end(), "")) from error
        except BaseException:
            self._process.kill()
            self.end()
            raise
        return replace(read, files=files) if files else read

    def end(self) -> int:
        """Close the pipes, upon which the process ends, and see it off; returns its exit code."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            return self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    """The ends to write to and to read from. Writing never blocks, so that a deadline can be kept."""
    if process.stdin is None or process.stdout is None:
        raise _cannot_start()
    os.set_blocking(process.stdin.fileno(), False)
    return process.stdin.fileno(), process.stdout.fileno()


def _cannot_start() -> TandemError:
    return TandemError(
        "the process that reads mails cannot be started", f"does this work? {sys.executable} -c 'import mail.parse'"
    )
