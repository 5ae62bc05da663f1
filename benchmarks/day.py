"""A day at a screen on a terminal: its mailbox on a server of this machine, random keys while mails come, and after.

The mails of eight hours come as fast as the keys are pressed. What is pressed leaves nothing marked and nothing typed.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.mailboxes import watching
from benchmarks.memory import after_start
from benchmarks.screen import minimal
from benchmarks.terminal import Terminal
from tandem.election import RENEW_EVERY
from tandem.workshop import IDLE
from tests.dovecot import PASSWORD
from tests.journeys.mails import customer_mail
from tests.quirky_imap import QuirkyImap

_TICKETS = 1_000
_ACTIONS, _MAILS, _STEPS = 1_000, 480, 10
_QUIET = 0.02
_UP, _DOWN, _ESCAPE, _ENTER = b"\x1b[5~", b"\x1b[6~", b"\x1b", b"\r"
_JOBS = (
    *([b"j"], [b"k"], [_DOWN], [_UP], [b"G"], [b"g", b"g"], [_ENTER, b"j", _ESCAPE], [_ENTER, _DOWN, _ESCAPE]),
    *([b"g", b"a"], [b"g", b"i"], [b"g", b"m"], [b"g", b"w"], [b"`", _ESCAPE], [b"w"], [b"w", _ESCAPE]),
    *([b"/", b"r", b"e", _ENTER, _ESCAPE], [b"?", b"u", b"n", _ESCAPE, _ESCAPE], [b":", b"c", b"l", _ESCAPE, _ESCAPE]),
    *([b"x", b"j", b"x", _ESCAPE], [b"e", b"u"], [b"s", b"w", b"u"], [b"t", _ESCAPE], [b"m", _ESCAPE], [b"S", b"u"]),
    *(
        [b"g", b"h", _ESCAPE],
        [b"g", b"o", _ESCAPE],
        [b"g", b"p", _ESCAPE],
        [b"P", _ESCAPE],
        [b"b", _ESCAPE],
        [b"z", b"a"],
    ),
)


def measure(folder: Path) -> Iterator[str]:
    """Megabytes with a watched mailbox, after each tenth of the day, and when no mail came for a while."""
    least = after_start(minimal(folder), b"painted now")
    with QuirkyImap() as server:
        program = watching(folder / "watched", _TICKETS, server, PASSWORD)
        with Terminal(program.command, program.surroundings) as terminal:
            terminal.wait_for(b"Customer")
            terminal.settle(3.0)
            yield _told("after the start", terminal.memory, least)
            started = time.perf_counter()
            steps = list(_day(terminal, lambda at: server.deliver(customer_mail(at, subject=f"Word{at}"))))
            took = time.perf_counter() - started
            yield f"{_ACTIONS:,} random actions and {_MAILS} mails, in {took:.0f} s; after each tenth:"
            for name, used in (
                ("all processes", [all_ for all_, _ in steps]),
                ("the screen's", [own for _, own in steps]),
            ):
                yield f"  {name}: {_listed(used)} MB, {_slope(used):+.2f} MB each tenth in the second half"
            _be_idle(terminal)
            yield _told("when no mail came for a while after that", terminal.memory, least)


def _told(when: str, used: float, least: float) -> str:
    return f"tandem at {_TICKETS:,} with a watched mailbox, {when}: {used:.1f} MB, {used / least:.2f} x minimal"


def _day(terminal: Terminal, deliver: Callable[[int], object]) -> Iterator[tuple[float, float]]:
    """The memory after each step of the day: of all processes, and of the screen's alone."""
    chance, mails = random.Random(8), 0
    for at in range(1, _ACTIONS + 1):
        for key in chance.choice(_JOBS):
            terminal.send(key)
            terminal.settle(_QUIET, 1.0)
        while mails < _MAILS * at // _ACTIONS:
            deliver(mails)
            mails += 1
        if at % (_ACTIONS // _STEPS) == 0:
            terminal.settle(1.0)
            yield terminal.memory, terminal.alone


def _be_idle(terminal: Terminal) -> None:
    """Wait until what reads mails has ended."""
    end = time.monotonic() + IDLE + RENEW_EVERY + 1.0
    while time.monotonic() < end:
        terminal.settle()
        time.sleep(0.5)


def _listed(steps: list[float]) -> str:
    return " ".join(f"{each:.1f}" for each in steps)


def _slope(steps: list[float]) -> float:
    """Megabytes that a step of the second half takes more than the one before it."""
    later = steps[len(steps) // 2 :]
    return statistics.linear_regression(range(len(later)), later).slope
