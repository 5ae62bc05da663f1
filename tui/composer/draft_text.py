"""A draft's text as a value: where its marked gaps stand, and what must never be in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desk.outgoing import gaps
from desk.signing import signature_row

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BREAK = re.compile(r"\r\n?")
_CALLED = re.compile(r"(?:^|(?<=[\s(\[{“„«\"'>]))(?P<whole>:(?P<name>[^\W_][\w-]{0,59}))$")
_REST = re.compile(r"[\w-]*")


@dataclass(frozen=True, slots=True)
class Called:
    """A macro's name as it is typed into a text, `:refund`: the name, and where it begins and ends on its line."""

    name: str
    start: int
    end: int


def gap_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the marked gaps ⟦like this⟧ of a text begin and end, in order."""
    end = 0
    for gap in gaps(text):
        start = text.index(gap, end)
        end = start + len(gap)
        yield start, end


def plain(text: str) -> str:
    """A text that was pasted or edited elsewhere: line feeds only, and no control characters but TAB."""
    return _CONTROL.sub("", _BREAK.sub("\n", text))


def once_signed(text: str, over: str) -> str:
    """A text that is put into another, above the signature there: without that at its own end."""
    lines = over.split("\n")
    row = signature_row(lines)
    there = "\n".join(lines[row:]).rstrip() if row is not None else ""
    words = text.rstrip()
    return words.removesuffix(there).rstrip() if there and words.endswith(f"\n{there}") else text


def called_at(line: str, column: int) -> Called | None:
    """The macro that a line names where the cursor stands, behind or within its name; None for none.

    It begins a word, so that no time of day (10:30) and no address is taken for one.
    """
    if not (found := _CALLED.search(line[:column])):
        return None
    rest = _REST.match(line, column)
    end = rest.end() if rest else column
    return Called(line[found.start("name") : end], found.start("whole"), end)
