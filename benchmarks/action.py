"""One action, durable: how long it takes beside a bare commit of SQLite, and how often it makes the disk flush."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

from benchmarks.worlds import AGENTS, desk_of, environment, made, seconds
from desk.actions.assign import assign
from desk.views import parse_query
from storage.codec import to_document
from storage.json_text import dumps
from tandem.config import Config
from tandem.paths import Home
from tandem.wiring import Office, build_office

_TICKETS = 10_000
_TIMES = 500
_FLUSH = re.compile(r"\bf(?:data)?sync\(")

_PROGRAM = """
import sys
from pathlib import Path
from benchmarks.action import act
act(Path(sys.argv[1]), int(sys.argv[2]))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """An action and a bare commit in turns, in seconds (medians), and how many flushes an action needs."""

    action: float
    commit: float
    flushes: float | None

    @property
    def ratio(self) -> float:
        """How many bare commits an action is."""
        return self.action / self.commit


def measure(folder: Path) -> Iterator[str]:
    """The cost of giving a ticket to another agent."""
    cost = of(desk_of(folder, _TICKETS), folder)
    flushes = "strace is not installed" if cost.flushes is None else f"{cost.flushes:.2f}"
    yield f"one action (assign), durable, at {_TICKETS:,} tickets: {cost.action * 1000:.2f} ms, flushes {flushes}"
    yield f"a bare commit of SQLite (one row, WAL, FULL), in turns with it: {cost.commit * 1000:.2f} ms"
    yield f"an action is {cost.ratio:.1f} bare commits"


def of(home: Path, folder: Path) -> Cost:
    """What an action costs on this desk; the bare commits go to a file in `folder`, on the same disk."""
    with _office(home) as office, _bare(folder / f"bare-{home.name}.db") as commit:
        times = [(seconds(action), seconds(commit)) for action in _assignments(office, _TIMES)]
    actions, commits = zip(*times, strict=True)
    return Cost(statistics.median(actions), statistics.median(commits), _flushes(home))


def act(home: Path, times: int) -> None:
    """Give so many tickets to another agent, one commit each."""
    with _office(home) as office:
        for action in _assignments(office, times):
            action()


@contextmanager
def _office(home: Path) -> Generator[Office]:
    with closing(build_office(Home(home), Config(), agent=AGENTS[0])) as office:
        yield office


def _assignments(office: Office, times: int) -> Iterator[Callable[[], object]]:
    """Actions on the tickets that agents work on."""
    chance, desk = random.Random(times), office.desk
    live = desk.store.tickets.numbers(parse_query("-is:closed", me=None, now=desk.clock()))
    for _ in range(times):
        ticket = desk.ticket(chance.choice(live))
        others = [each for each in AGENTS if each != ticket.assignee]
        yield partial(assign, desk, ticket.number, chance.choice(others))


@contextmanager
def _bare(path: Path) -> Generator[Callable[[], None]]:
    """A commit of one row of a ticket's size in a table of so many, by SQLite alone."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE tickets (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        bodies = cycle(dumps(to_document(made(number, _TICKETS).ticket)) for number in range(1, 100))
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO tickets VALUES (?, ?)", zip(range(_TICKETS), bodies, strict=False))
        connection.execute("COMMIT")
        chance = random.Random(0)

        def commit() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE tickets SET body = ? WHERE id = ?", (next(bodies), chance.randrange(_TICKETS)))
            connection.execute("COMMIT")

        yield commit


def _flushes(home: Path) -> float | None:
    """Flushes for each action, without those of opening and closing; None where strace is not installed."""
    if shutil.which("strace") is None:
        return None
    none, many = _counted(home, 0), _counted(home, _TIMES)
    return (many - none) / _TIMES


def _counted(home: Path, actions: int) -> int:
    command = ["strace", "-f", "-e", "trace=fsync,fdatasync", sys.executable, "-c", _PROGRAM, str(home), str(actions)]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=True)
    return len(_FLUSH.findall(done.stderr))
