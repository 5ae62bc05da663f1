"""A line that is as long as a whole text, as somebody pastes it: of its thousands of rows only those in sight are made.

Textual makes the whole line anew for each row that it paints, and cuts it into all of its rows: seconds for a megabyte.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from rich.containers import Lines
from rich.text import Span, Text

if TYPE_CHECKING:
    from rich.style import Style

LONG = 4_000
"""Characters from which on a line is long."""


class LongLine(Text):
    """A line whose rows are made when they are asked for. It takes styles as any other does."""

    __slots__ = ()

    def __init__(self, line: str, *, style: str | Style = "") -> None:
        super().__init__(style=style, end="", no_wrap=True)
        self._text, self._length = [line], len(line)

    def set_length(self, new_length: int) -> None:
        """Put blanks behind it, or cut it."""
        more = new_length - len(self)
        if more < 0:
            super().set_length(new_length)
        else:
            self._text.append(" " * more)
            self._length = new_length

    def divide(self, offsets: Iterable[int]) -> Lines:
        """Its rows, which are cut at these places."""
        return cast("Lines", _Rows(self, [0, *offsets, len(self)]))


class _Tabs:
    """As much of a row as is asked of those before the one that is painted: its tabs."""

    __slots__ = ("plain",)

    def __init__(self, plain: str) -> None:
        self.plain = plain


class _Rows:
    """The rows of one line: the one that is asked for first, and of all others only their letters."""

    def __init__(self, line: LongLine, cuts: Sequence[int]) -> None:
        self._line, self._plain = line, line.plain
        self._cuts = list(pairwise(cuts))
        self._has_tabs, self._is_made = "\t" in self._plain, False

    def __getitem__(self, at: int) -> Text | _Tabs:
        if self._is_made:
            return _Tabs(self._plain[slice(*self._cuts[at])]) if self._has_tabs else _NO_TABS
        self._is_made = True
        start, end = self._cuts[at]
        spans = [
            Span(max(each.start - start, 0), min(each.end, end) - start, each.style)
            for each in self._line.spans
            if each.start < end and each.end > start
        ]
        return Text(self._plain[start:end], self._line.style, end="", no_wrap=True, spans=spans)


_NO_TABS = _Tabs("")
