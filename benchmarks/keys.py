"""What a key costs once the screen stands: time until it is painted, and bytes on the line, beside neomutt and aerc."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import kept, others
from benchmarks.others import Program
from benchmarks.screen import tandem
from benchmarks.terminal import NARROW, WIDE, Answer, Terminal

_STEPS, _PAGES, _OPENINGS, _INBOX = 120, 100, 7, 12
_DOWN, _OPEN, _BACK = b"j", b"\r", b"q"
_PREVIEWED = 0.3
"""Seconds after which what stands beside the list has been painted too."""


def measure(folder: Path) -> Iterator[str]:
    """One line for each program, size of the mailbox and key."""
    for size in kept.SIZES:
        ours = tandem(kept.desk(size))
        for columns, rows in (NARROW, WIDE):
            yield _told(f"tandem at {size:,}, {columns}x{rows}, j in the inbox", list(_waiting(ours, (columns, rows))))
            with _opened(ours, (columns, rows)) as terminal:
                yield from _moves(f"tandem at {size:,}, {columns}x{rows}", terminal, ours.page, _unseen(size, rows))
                yield _told(f"tandem at {size:,}, {columns}x{rows}, j with what is beside", _slowly(terminal))
        yield _told(f"tandem at {size:,}, a ticket of {kept.LONGEST} messages", list(_openings(ours)))
        yield _told(f"tandem at {size:,}, a letter of a filter", list(_letters(ours)))
        for make in (others.neomutt, others.aerc):
            if (program := make(size, folder / f"{make.__name__}-{size}")) is not None:
                with _started(program, NARROW) as terminal:
                    yield from _moves(
                        f"{program.name} at {size:,}, 80x24", terminal, program.page, _unseen(size, NARROW[1])
                    )
    yield from others.lacking()


def _waiting(program: Program, size: tuple[int, int]) -> Iterator[Answer]:
    """From row to row of the inbox, whose tickets are not read, wait for long, and are several people's."""
    with _started(program, size) as terminal:
        for _ in range(_INBOX):
            yield terminal.press(_DOWN)
            terminal.settle(_PREVIEWED)


def _unseen(tickets: int, rows: int) -> int:
    """How many pages are turned: as many as there are below the steps, but no more than tell of the slowest."""
    return min(_PAGES, (tickets - _STEPS) // rows)


def _moves(name: str, terminal: Terminal, page: bytes, pages: int) -> Iterator[str]:
    yield _told(f"{name}, j", [terminal.press(_DOWN) for _ in range(_STEPS)])
    terminal.settle()
    yield _told(f"{name}, a page of unseen rows", [terminal.press(page) for _ in range(pages)])
    terminal.settle()


def _slowly(terminal: Terminal) -> list[Answer]:
    return [terminal.press(_DOWN, _PREVIEWED) for _ in range(_STEPS // 10)]


def _openings(program: Program) -> Iterator[Answer]:
    """From the list to its newest ticket."""
    with _opened(program, NARROW) as terminal:
        for _ in range(_OPENINGS):
            yield terminal.press(_OPEN)
            terminal.settle()
            terminal.press(_BACK)
            terminal.settle()


def _letters(program: Program) -> Iterator[Answer]:
    with _opened(program, WIDE) as terminal:
        terminal.press(b"/")
        terminal.settle()
        for letter in b"refund":
            yield terminal.press(bytes([letter]), _PREVIEWED)


def _opened(program: Program, size: tuple[int, int]) -> Terminal:
    """Our program with every ticket in its list."""
    terminal = _started(program, size)
    terminal.press(b"g")
    terminal.press(b"a")
    terminal.settle()
    return terminal


def _started(program: Program, size: tuple[int, int]) -> Terminal:
    terminal = Terminal(program.command, program.surroundings, size)
    terminal.wait_for(b"Customer")
    terminal.settle(1.5)
    return terminal


def _told(name: str, answers: Sequence[Answer]) -> str:
    first, last = ([each * 1000 for each in times] for times in zip(*((a.first, a.last) for a in answers), strict=True))
    sizes = [each.size for each in answers]
    return (
        f"{name}: first byte {statistics.median(first):.1f} ms, painted {statistics.median(last):.1f} ms "
        f"(p99 {_most(last):.1f}), {statistics.median(sizes):,.0f} bytes (most {max(sizes):,}), n={len(answers)}"
    )


def _most(times: Sequence[float]) -> float:
    """The 99th percentile; of fewer than a hundred the most."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]
