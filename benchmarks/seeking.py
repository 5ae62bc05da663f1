"""Two words sought and fifty rows painted by an open screen, beside `notmuch search --limit=50` as a process.

No program on Textual paints sooner than one that has nothing to seek: that is measured too.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import kept, others
from benchmarks.others import Program
from benchmarks.screen import tandem
from benchmarks.terminal import Terminal
from benchmarks.worlds import SOUGHT, environment, seconds, typical

_TIMES = 7
_TALL = (80, 56)
"""Room for fifty rows, and for nothing beside them."""
_SILENCE = 0.4
"""Seconds after which nothing more comes: the letter itself is painted before what it finds."""
_BARE = """
from rich.segment import Segment
from textual.app import App
from textual.strip import Strip
from textual.widget import Widget
class Rows(Widget):
    first = 1000
    def render_line(self, y):
        return Strip([Segment(f"row {self.first + y}".ljust(79))])
class Bare(App):
    def compose(self):
        yield Rows()
    def key_x(self):
        rows = self.query_one(Rows)
        rows.first += 1
        rows.refresh()
Bare().run(mouse=False)
"""


def measure(folder: Path) -> Iterator[str]:
    """For each size the time from the last letter to the last byte painted, and that of the other's process."""
    for size in kept.SIZES:
        other = others.notmuch(size, folder / f"notmuch-{size}")
        ours, theirs = list[float](), list[float]()
        for _ in range(_TIMES):
            ours.append(_sought(tandem(kept.desk(size))))
            if other is not None:
                theirs.append(seconds(partial(_searched, other)))
        yield f"tandem at {size:,}, two words of every mail, fifty rows painted: {typical(ours)}"
        if other is not None:
            ratio = statistics.median(ours) / statistics.median(theirs)
            command = " ".join((*other.command, *SOUGHT))
            yield f"{command} at {size:,}: {typical(theirs)}; ours is {ratio:.2f} of it"
    bare = Program("a bare Textual app", (sys.executable, "-c", _BARE), environment(folder), b"x")
    with Terminal(bare.command, bare.surroundings, _TALL) as terminal:
        terminal.wait_for(b"row 1049")
        terminal.settle(1.5)
        changed = [_changed(terminal, bare.page) for _ in range(_TIMES)]
    yield f"{bare.name}, fifty rows that change with a key: {typical(changed)}"
    yield from others.lacking()


def _changed(terminal: Terminal, key: bytes) -> float:
    seconds_taken = terminal.press(key, _SILENCE).last
    terminal.settle()
    return seconds_taken


def _searched(program: Program) -> None:
    command = [*program.command, *SOUGHT]
    subprocess.run(command, env=program.surroundings, check=True, capture_output=True)


def _sought(program: Program) -> float:
    """The time that the last letter takes on a screen that has just been started: one that sought before remembers it.

    Every ticket is searched.
    """
    with Terminal(program.command, program.surroundings, _TALL) as terminal:
        terminal.wait_for(b"Customer")
        terminal.settle(1.5)
        for key in (b"g", b"a", b"/"):
            terminal.press(key)
            terminal.settle(0.3)
        terminal.press(" ".join(SOUGHT)[:-1].encode(), _SILENCE)
        return terminal.press(SOUGHT[1][-1].encode(), _SILENCE).last
