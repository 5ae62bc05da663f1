"""A process that forks writers quickly, to be killed: `python -m tests.storage.nursery PATH`.

Everything is imported before the first fork, so that a writer is there in milliseconds; the nursery itself never opens
the store.  Commands and answers are lines: `start NAME` is answered by `NAME pid PID`; then the writer says
`NAME ready`, and `NAME wrote SERIAL TICKET` after each commit; `bury PID` is answered by `NAME ended STATUS` once all
that the writer said has been passed on.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

from storage.database import TicketStore, open_store
from tests.processes import next_line

ROOT = Path(__file__).parents[2]
TEXT = "the payment did not arrive " * 40


@dataclass
class Writer:
    """A forked process, and what it said: by serial, the ticket that it had committed."""

    name: str
    pid: int = 0
    is_ready: bool = False
    wrote: dict[int, int] = field(default_factory=dict)
    status: int | None = None


class Nursery:
    """The test's end of the conversation."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._writers: dict[str, Writer] = {}

    def start(self, names: Iterator[str]) -> list[Writer]:
        """Fork a writer for each name; they may not have begun when this returns."""
        writers = [Writer(name) for name in names]
        self._writers |= {writer.name: writer for writer in writers}
        for writer in writers:
            self._tell(f"start {writer.name}")
            while not writer.pid:
                self._hear()
        return writers

    def wait_until_ready(self, writers: list[Writer]) -> None:
        while not all(writer.is_ready for writer in writers):
            self._hear()

    def kill(self, writers: list[Writer]) -> None:
        """Kill without warning, and hear all that they had still said."""
        for writer in writers:
            os.kill(writer.pid, signal.SIGKILL)
        for writer in writers:
            self._tell(f"bury {writer.pid} {writer.name}")
        while any(writer.status is None for writer in writers):
            self._hear()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _hear(self) -> None:
        line = next_line(self._process)
        assert line, "the nursery has ended"
        name, what, *numbers = line.split()
        writer, first = self._writers[name], int(next(iter(numbers), "0"))
        match what:
            case "pid":
                writer.pid = first
            case "ready":
                writer.is_ready = True
            case "wrote":
                writer.wrote[first] = int(numbers[1])
            case "ended":
                writer.status = first
            case _:
                raise AssertionError(line)


@contextmanager
def nursery(path: Path) -> Generator[Nursery]:
    """A nursery for writers on the store in this file."""
    command = [sys.executable, "-m", "tests.storage.nursery", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Nursery(process)
        finally:
            process.kill()


def say(*words: object) -> None:
    """One write of less than a pipe's atomic size: a line comes whole or not at all."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def write_on(path: str, name: str) -> None:
    """Commit a ticket with two entries and a count, and say so, for as long as the nursery is there."""
    parent = os.getppid()
    with open_store(path) as store:
        say(name, "ready")
        for serial in count(1):
            if os.getppid() != parent:
                return
            say(name, "wrote", serial, commit(store, name, serial))


def commit(store: TicketStore, name: str, serial: int) -> int:
    """One transaction over three tables; returns the ticket's number."""
    counter = store.table("counter")
    with store.transaction():
        number = store.table("tickets").insert({"subject": "Refund of an invoice", "writer": name, "serial": serial})
        store.table("entries").insert_multiple([{"ticket": number, "text": TEXT}] * 2)
        before = next(islice(counter, 1), {"n": 0})["n"]
        counter.truncate()
        counter.insert({"n": before + 1})
    return number


def main(path: str) -> None:
    for line in sys.stdin:
        command, *words = line.split()
        if command == "start" and (pid := os.fork()) == 0:
            write_on(path, words[0])
            os._exit(0)
        elif command == "start":
            say(words[0], "pid", pid)
        else:
            say(words[1], "ended", os.waitstatus_to_exitcode(os.waitpid(int(words[0]), 0)[1]))


if __name__ == "__main__":
    main(sys.argv[1])
