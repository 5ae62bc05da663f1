"""From the start of the process to the first painted list, in turns with a minimal Textual app, neomutt and aerc."""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks import kept, others
from benchmarks.others import Program
from benchmarks.terminal import Terminal
from benchmarks.worlds import TANDEM, environment, typical

_RUNS = 7
_LISTED = b"Customer"
"""Stands in every row of every list."""

_MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("painted now")
Minimal().run(mouse=False)
"""


def minimal(home: Path) -> Program:
    """A Textual app that shows two words."""
    return Program("a minimal Textual app", (sys.executable, "-c", _MINIMAL), environment(home), b"")


def tandem(home: Path) -> Program:
    """Ours, on a desk, and on a terminal with colours of 24 bits, which cost the most bytes."""
    return Program("tandem", (TANDEM,), {**environment(home), "COLORTERM": "truecolor"}, b"\x1b[6~")


def measure(folder: Path) -> Iterator[str]:
    """The time to the first painted list of each program at each size, and until a key is answered."""
    lists: dict[tuple[str, int], list[float]] = defaultdict(list)
    bare, answered = list[float](), defaultdict[int, list[float]](list)
    programs = {size: list(_programs(size, folder)) for size in kept.SIZES}
    for _ in range(_RUNS):
        bare.append(_until(minimal(folder), b"painted now"))
        for size in kept.SIZES:
            answered[size].append(_until_answered(tandem(kept.desk(size))))
            for program in programs[size]:
                lists[program.name, size].append(_until(program, _LISTED))
    yield from _told(lists, bare, answered)


def _told(
    lists: dict[tuple[str, int], list[float]], bare: list[float], answered: dict[int, list[float]]
) -> Iterator[str]:
    least, ours = statistics.median(bare), statistics.median(lists["tandem", kept.SIZES[0]])
    yield f"a minimal Textual app, start to first text: {typical(bare)}"
    for (name, size), times in lists.items():
        middle = statistics.median(times)
        of_ours = f", {middle / ours:.2f} of its own {kept.SIZES[0]:,}" if name == "tandem" else ""
        ratios = f"{middle / least:.2f} x minimal{of_ours}"
        yield f"{name} at {size:,}, start to first painted list: {typical(times)}, {ratios}"
    for size, times in answered.items():
        ratio = statistics.median(times) / least
        yield f"tandem at {size:,}, start until a key is answered: {typical(times)}, {ratio:.2f} x minimal"
    yield from others.lacking()


def _programs(size: int, folder: Path) -> Iterator[Program]:
    yield tandem(kept.desk(size))
    for each in (others.neomutt, others.aerc):
        if program := each(size, folder / f"{each.__name__}-{size}"):
            yield program


def _until(program: Program, text: bytes) -> float:
    """Start a program on a terminal of its own and wait until it has written this text; then end it."""
    started = time.perf_counter()
    with Terminal(program.command, program.surroundings) as terminal:
        return terminal.wait_for(text) - started


def _until_answered(program: Program) -> float:
    """The same until help is on the screen, for which the key is pressed before there is anything."""
    started = time.perf_counter()
    with Terminal(program.command, program.surroundings) as terminal:
        terminal.wait_for(b"\x1b[?1049h")
        terminal.send(b"?")
        return terminal.wait_for(b"close") - started
