"""The memory of all processes of a screen, beside a minimal Textual app. With a mailbox: benchmarks/day.py.

An app on Textual takes more after it was used, whatever it does: what a screen takes after use is compared with what
the minimal app takes after as many keys, each of which paints all of its lines anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import kept, others
from benchmarks.others import Program
from benchmarks.screen import minimal, tandem
from benchmarks.terminal import Terminal
from benchmarks.worlds import environment

_USE = (b"g", b"a", *[b"\x1b[6~"] * 60, b"/", *(bytes([each]) for each in b"refund"), b"\r", b"\r", b"q", b"g", b"i")
_LINES = """
from rich.segment import Segment
from textual.app import App
from textual.strip import Strip
from textual.widget import Widget
class Lines(Widget):
    first = 0
    def render_line(self, y):
        return Strip([Segment(f"painted now {self.first + y}".ljust(119))])
class Minimal(App):
    def compose(self):
        yield Lines()
    def on_key(self):
        lines = self.query_one(Lines)
        lines.first += 36
        lines.refresh()
Minimal().run(mouse=False)
"""


def measure(folder: Path) -> Iterator[str]:
    """Megabytes after the start, and after lists, pages, a filter and a ticket."""
    least = after_start(minimal(folder), b"painted now")
    painting = Program(
        "a minimal Textual app that paints lines", (sys.executable, "-c", _LINES), environment(folder), b""
    )
    least_used = _after_use(painting, b"painted now")
    yield f"a minimal Textual app: {least:.1f} MB; one that paints lines, after as many keys: {least_used:.1f} MB"
    for size in kept.SIZES:
        for program in (tandem(kept.desk(size)), *_rivals(size, folder)):
            used = after_start(program, b"Customer")
            yield f"{program.name} at {size:,}, after the start: {used:.1f} MB, {used / least:.2f} x minimal"
        used = _after_use(tandem(kept.desk(size)), b"Customer")
        ratios = f"{used / least_used:.2f} x minimal after use, {used / least:.2f} x minimal after its start"
        yield f"tandem at {size:,}, after use: {used:.1f} MB, {ratios}"
    yield from others.lacking()


def _rivals(size: int, folder: Path) -> Iterator[Program]:
    for make in (others.neomutt, others.aerc):
        if (program := make(size, folder / f"{make.__name__}-{size}")) is not None:
            yield program


def after_start(program: Program, text: bytes) -> float:
    """Megabytes that a program takes some seconds after it has written this."""
    with Terminal(program.command, program.surroundings) as terminal:
        terminal.wait_for(text)
        terminal.settle(2.0)
        return terminal.memory


def _after_use(program: Program, text: bytes) -> float:
    """The same after the keys of some minutes' work, whatever the program makes of them."""
    with Terminal(program.command, program.surroundings) as terminal:
        terminal.wait_for(text)
        terminal.settle(2.0)
        for key in _USE:
            terminal.send(key)
            terminal.settle(0.1)
        terminal.settle(2.0)
        return terminal.memory
