"""A draft's text as a value: where its marked gaps stand, and what must never be in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desk.outgoing import gaps

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BREAK = re.compile(r"\r\n?")


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
