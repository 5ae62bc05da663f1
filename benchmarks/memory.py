"""The memory of all processes of a screen, beside a minimal Textual app. With a mailbox: benchmarks/day.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks import kept, others
from benchmarks.others import Program
from benchmarks.screen import minimal, tandem
from benchmarks.terminal import Terminal

_USE = (b"g", b"a", *[b"\x1b[6~"] * 60, b"/", *(bytes([each]) for each in b"refund"), b"\r", b"\r", b"q", b"g", b"i")


def measure(folder: Path) -> Iterator[str]:
    """Megabytes after the start, and after lists, pages, a filter and a ticket."""
    least = after_start(minimal(folder), b"painted now")
    yield f"a minimal Textual app: {least:.1f} MB"
    for size in kept.SIZES:
        for program in (tandem(kept.desk(size)), *_rivals(size, folder)):
            used = after_start(program, b"Customer")
            yield f"{program.name} at {size:,}, after the start: {used:.1f} MB, {used / least:.2f} x minimal"
        used = _after_use(tandem(kept.desk(size)))
        yield f"tandem at {size:,}, after use: {used:.1f} MB, {used / least:.2f} x minimal"
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


def _after_use(program: Program) -> float:
    with Terminal(program.command, program.surroundings) as terminal:
        terminal.wait_for(b"Customer")
        terminal.settle(2.0)
        for key in _USE:
            terminal.send(key)
            terminal.settle(0.1)
        terminal.settle(2.0)
        return terminal.memory
