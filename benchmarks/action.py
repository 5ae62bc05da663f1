"""One action, durable: how long it takes and how often it makes the disk flush."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.worlds import desk_of, environment, seconds, typical
from desk.actions.tag import tag
from desk.people import Handle
from desk.ticket import TicketNumber
from tandem.config import Config
from tandem.paths import Home
from tandem.wiring import build_office

_TICKETS = 10_000
_ACTIONS = 200
_FLUSH = re.compile(r"\bf(?:data)?sync\(")

_PROGRAM = """
import sys
from pathlib import Path
from benchmarks.action import act
act(Path(sys.argv[1]), int(sys.argv[2]))
"""


def measure(folder: Path) -> Iterator[str]:
    """The time of one tag put on a ticket, and the flushes counted by strace where it is installed."""
    home = desk_of(folder, _TICKETS)
    times = act(home, _ACTIONS)
    yield f"one action, durable, at {_TICKETS:,} tickets: {typical(times)}"
    if shutil.which("strace") is None:
        yield "flushes for each action: not counted, strace is not installed"
        return
    none, many = _flushes(home, 0), _flushes(home, _ACTIONS)
    yield f"flushes for each action: {(many - none) / _ACTIONS:.2f}"


def act(home: Path, times: int) -> list[float]:
    """Put so many tags on tickets, one commit each; how long each took."""
    office = build_office(Home(home), Config(), agent=Handle("ana"))
    try:
        start = office.store.tickets.get(TicketNumber(1))
        offset = len(start.tags) if start else 0
        return [
            seconds(partial(tag, office.desk, TicketNumber(1 + n), add=[f"bench{offset + n}"])) for n in range(times)
        ]
    finally:
        office.close()


def _flushes(home: Path, actions: int) -> int:
    command = ["strace", "-f", "-e", "trace=fsync,fdatasync", sys.executable, "-c", _PROGRAM, str(home), str(actions)]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=True)
    return len(_FLUSH.findall(done.stderr))
