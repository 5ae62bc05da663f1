"""Another process at work on a desk: `python -m tests.tandem.worker JOB FOLDER`, one line on standard output a step."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from desk.actions.reply import reply
from desk.expression import EVERYTHING
from desk.outgoing import Answer
from tests.desks import make_desk, receive

ROOT = Path(__file__).parents[2]


@contextmanager
def working(job: str, folder: Path) -> Generator[subprocess.Popen[str]]:
    """A worker that is killed, if need be, when the block is left."""
    command = [sys.executable, "-m", "tests.tandem.worker", job, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def next_line(process: subprocess.Popen[str]) -> str:
    """What the worker says next; "" when it has ended."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ask(process: subprocess.Popen[str], word: str) -> str:
    """Say a line to the worker, and hear its answer."""
    assert process.stdin is not None
    process.stdin.write(f"{word}\n")
    process.stdin.flush()
    return next_line(process)


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def receive_and_answer(folder: Path) -> None:
    """Take mails in and answer each, without end; the number of each ticket is said once it is answered."""
    desk = make_desk(folder)
    while True:
        ticket = receive(desk)
        reply(desk, ticket.number, Answer(text="It is on its way."))
        say(ticket.number)


def look(folder: Path) -> None:
    """For each line on standard input, say which tickets there are and whether the store was seen to change."""
    desk = make_desk(folder)
    watch = desk.store.watch()
    say("ready")
    for _ in sys.stdin:
        subjects = [each.subject for each in desk.store.tickets.find(EVERYTHING, sort="id", reverse=True)]
        say(f"{'all' if watch.poll() is None else 'some'} {'|'.join(subjects)}")


JOBS: dict[str, Callable[[Path], None]] = {"receive": receive_and_answer, "look": look}

if __name__ == "__main__":
    JOBS[sys.argv[1]](Path(sys.argv[2]))
