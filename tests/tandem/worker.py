"""Another process at work on a desk: `python -m tests.tandem.worker JOB FOLDER`, one line on standard output a step."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from desk.actions.reply import reply
from desk.expression import EVERYTHING
from desk.outgoing import Answer
from tests.desks import make_desk, receive
from tests.processes import say, working_in

working = partial(working_in, "tests.tandem.worker")
"""A process that does one of the jobs below."""


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
