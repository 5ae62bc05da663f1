"""A terminal that can do no more than our screen asks of one: go somewhere, draw, turn colours, and move rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len

_TOLD = re.compile(
    r"\x1b\]8;[^;]*;(.*?)\x1b\\|\x1b\[(\??[\d;]*)([A-Za-z])|(?:\x1b\].*?(?:\x07|\x1b\\))|([^\x1b]+)|\x1b"
)
_ENDS = {"22": {"1", "2"}, "23": {"3"}, "24": {"4"}, "27": {"7"}}


class Paper:
    """What stands on it: on each line the characters and their looks, of which a blank shows only some."""

    def __init__(self, columns: int, rows: int) -> None:
        self._columns = columns
        self.lines = [self._blank() for _ in range(rows)]

    @property
    def text(self) -> str:
        """All lines, without looks."""
        return "\n".join("".join(character for character, _ in line) for line in self.lines)

    def feed(self, text: str) -> None:
        """Write this, beginning at the upper left."""
        y = x = 0
        on, colours, link, region = set[str](), ["39", "49"], "", (0, len(self.lines))
        for url, codes, what, words in _TOLD.findall(text):
            if what == "H":
                y, x = (int(each) - 1 for each in (codes.split(";") if ";" in codes else (codes or "1", "1")))
            elif what == "G":
                x = int(codes) - 1
            elif what == "m":
                _turn(codes or "0", on, colours)
            elif what == "r":
                region = (int(codes.split(";")[0]) - 1, int(codes.split(";")[1])) if codes else (0, len(self.lines))
            elif what in {"S", "T"}:
                self._move(*region, int(codes) if what == "S" else -int(codes))
            elif words:
                x = self._draw(y, x, words, (link, *sorted(on), *colours))
            elif not what:
                link = url

    def _draw(self, y: int, x: int, words: str, look: Sequence[str]) -> int:
        for each in filter(lambda character: character >= " ", words):
            shown = look if each != " " or {"4", "7"}.intersection(look) else look[-1:]
            if width := cell_len(each):
                self.lines[y][x : x + width] = [(each, " ".join(shown)), *[("", "")] * (width - 1)]
            elif x:
                before = self.lines[y][x - 1]
                self.lines[y][x - 1] = (before[0] + each, before[1])
            x += width
        return x

    def _move(self, first: int, end: int, by: int) -> None:
        rows = self.lines[first:end]
        new = [self._blank() for _ in range(abs(by))]
        self.lines[first:end] = [*rows[by:], *new] if by > 0 else [*new, *rows[:by]]

    def _blank(self) -> list[tuple[str, str]]:
        return [(" ", "49")] * self._columns


def _turn(codes: str, on: set[str], colours: list[str]) -> None:
    for code in re.findall(r"[34]8;2;\d+;\d+;\d+|[34]8;5;\d+|\d+", codes):
        if code == "0":
            on.clear()
            colours[:] = ["39", "49"]
        elif code in _ENDS:
            on -= _ENDS[code]
        elif len(code) > 1:
            colours[code.startswith("4")] = code
        else:
            on.add(code)
