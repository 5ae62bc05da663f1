"""What stands on the terminal: of a frame only what differs from it is written.

A key that goes to the next row changes two rows and a number; the blanks around the number, and what a row keeps, do
not travel over the line again. What somebody else wrote, or a terminal of another size, is not known here: Textual
paints the whole screen then, and a whole screen is written as it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from textual.strip import Strip

from tui.terminal.cells import PLAIN, Cell, cells_of, changed, drawn, strokes_of, turned

_NEAR = 5
"""Cells that are drawn again rather than to go over them: that takes as many bytes."""


class Standing:
    """The cells of each line as they were written last; None is one that is not known."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell | None]] = {}

    def forget(self) -> None:
        """Somebody else has the terminal, or everything is to be written."""
        self._lines.clear()

    def move_up(self, first: int, end: int, by: int) -> None:
        """The terminal moved these lines up by so many (down, if negative); those that came in are not known."""
        lines = {y: self._lines.pop(y, []) for y in range(first, end)}
        self._lines.update((y - by, line) for y, line in lines.items() if first <= y - by < end)

    def bring(self, pieces: Iterable[tuple[int, int, Strip]], console: Console) -> str:
        """What brings pieces of lines (line, column, piece) onto the terminal, which then draws plainly again."""
        parts, pen = list[str](), PLAIN
        for y, x, piece in pieces:
            cells, sure = cells_of(piece, console)
            old = self._put(y, x, cells, is_sure=sure == len(cells))
            places = changed(old, cells, sure, _NEAR)
            strokes = [stroke for begin, end in places for stroke in strokes_of(cells[begin:end], x + begin)]
            text, pen = drawn(strokes, y, pen)
            parts.append(text)
        return "".join(parts) + turned(pen, PLAIN)

    def _put(self, y: int, x: int, cells: list[Cell], *, is_sure: bool) -> list[Cell | None]:
        """Let these cells stand there, and return what stood there; behind unsure ones anything may stand now."""
        line, end = self._lines.setdefault(y, []), x + len(cells)
        line += [None] * (end - len(line))
        old, line[x:end] = line[x:end], cells
        if not is_sure and old != cells:
            del line[end:]
        return old


STANDING = Standing()
"""On the one terminal of this process."""
