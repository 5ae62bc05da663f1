"""Text in its composed form (NFC, UAX 15) in linear time, whatever a stranger wrote.

Normalising sorts the marks on a letter, and takes the square of their number to do it: a mail of 2 MB that is nothing
but accents would keep a screen busy for twenty minutes. No script needs more than 30 marks on a letter (UAX 15 13.1,
stream-safe text); of more, the rest are left out.
"""

from __future__ import annotations

import re
from unicodedata import category, normalize

MOST_MARKS = 30
"""Marks on one letter that are kept."""

_ANY_MARK = re.compile("[^\0-\u02ff]")
"""The first mark of Unicode is U+0300."""

_LONG_RUN = re.compile(rf"[^\w\x00-\u02ff]{{{MOST_MARKS + 1},}}")
"""Marks are neither letters nor digits for Python; signs and blanks that are found with them stay as they are."""


def compose(text: str) -> str:
    """The text in NFC, without what no letter carries."""
    if text.isascii():
        return text
    if not _ANY_MARK.search(text):
        return normalize("NFC", text)
    return normalize("NFC", _LONG_RUN.sub(_with_few_marks, text))


def _with_few_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for char in run[0]:
        marks = marks + 1 if category(char).startswith("M") else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)
