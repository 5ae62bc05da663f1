"""An agent in another process, on the same desk: `python -m tests.desk.hands FOLDER AGENT`.

Each line on standard input is done, and answered with one line once it is: what was said, or why it was refused.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from desk.actions.merge import merge
from desk.actions.priority import set_priority
from desk.actions.redo import redo
from desk.actions.split import split
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.conversation import EntryId
from desk.desk import Desk, new_act
from desk.errors import NothingToUndo, RefusedError
from desk.ticket import Priority, Status, TicketNumber
from desk.waking import wake
from tests.desks import make_desk
from tests.processes import next_line

ROOT = Path(__file__).parents[2]
MANY = tuple(map(TicketNumber, range(1, 21)))


@contextmanager
def hands(folder: Path, agent: str) -> Generator[subprocess.Popen[str]]:
    """A process that acts as this agent, killed, if need be, when the block is left."""
    command = [sys.executable, "-m", "tests.desk.hands", str(folder), agent]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert heard(process) == "ready"
            yield process
        finally:
            process.kill()


def tell(process: subprocess.Popen[str], *words: object) -> None:
    """Ask for something, without waiting for it."""
    assert process.stdin is not None
    process.stdin.write(" ".join(map(str, words)) + "\n")
    process.stdin.flush()


def heard(process: subprocess.Popen[str]) -> str:
    """What the process says next; "" when it has ended."""
    return next_line(process)


def asked(process: subprocess.Popen[str], *words: object) -> str:
    """Ask for something, and wait for the answer."""
    tell(process, *words)
    return heard(process)


def _say(words: object) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _tags(desk: Desk, number: str, prefix: str, count: str) -> str:
    """Put so many tags on a ticket, one by one."""
    for at in range(int(count)):
        tag(desk, TicketNumber(int(number)), add=[f"{prefix}{at}"])
    return "done"


def _to_and_fro(desk: Desk, number: str, count: str) -> str:
    for at in range(int(count)):
        set_priority(desk, TicketNumber(int(number)), Priority.HIGH if at % 2 else Priority.LOW)
    return "done"


def _close_many(desk: Desk) -> str:
    act = new_act()
    with desk.store.transaction():
        for number in MANY:
            set_status(desk, number, Status.CLOSED, act=act)
    return "done"


def _undo_all(desk: Desk) -> str:
    """Undo until nothing is left; the acts that were undone."""
    acts = list[str]()
    try:
        while True:
            acts.append(undo(desk).act)
    except NothingToUndo:
        return " ".join(acts)


def _wake_many(desk: Desk) -> str:
    """Look for tickets to wake until none sleeps any more; those that were woken here."""
    woken = list[TicketNumber]()
    while any(each.snoozed_until for each in desk.store.tickets.many(MANY)):
        woken += wake(desk)
    return f"woke {' '.join(map(str, woken))}"


def _swing(desk: Desk) -> str:
    """Close many tickets, take it back, do it again, for ever."""
    _close_many(desk)
    _say("swinging")
    while True:
        undo(desk)
        redo(desk)
        _say("swung")


def _swing_merge(desk: Desk) -> str:
    """Merge two tickets, take it back, do it again, for ever."""
    merge(desk, [TicketNumber(2)], TicketNumber(1))
    _say("swinging")
    while True:
        undo(desk)
        redo(desk)


JOBS: Mapping[str, Callable[..., object]] = {
    "tags": _tags,
    "to-and-fro": _to_and_fro,
    "status": lambda desk, number, status: set_status(desk, TicketNumber(int(number)), Status(status)).status,
    "close-many": _close_many,
    "undo": lambda desk: undo(desk).said,
    "undo-all": _undo_all,
    "redo": lambda desk: redo(desk).said,
    "wake-many": _wake_many,
    "swing": _swing,
    "merge": lambda desk, one, into: merge(desk, [TicketNumber(int(one))], TicketNumber(int(into))).said[0],
    "split": lambda desk, number, mail: split(desk, TicketNumber(int(number)), EntryId(int(mail))).said,
    "swing-merge": _swing_merge,
}


def main(folder: str, agent: str) -> None:
    """Do what is asked until nobody asks any more."""
    desk = make_desk(Path(folder), agents=(agent,))
    try:
        _say("ready")
        for line in sys.stdin:
            job, *words = line.split()
            try:
                _say(JOBS[job](desk, *words))
            except RefusedError as refused:
                _say(f"refused: {refused}")
    finally:
        desk.store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
