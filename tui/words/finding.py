"""Words sought in lines that are shown; pure. Case and accents do not count, as the rule in desk/words.py has it.

Where something is found is told in characters of the lines themselves, so that exactly that can be marked.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice
from unicodedata import category, normalize

from desk.composing import compose
from desk.words import search_form
from tui.reader.lines import Line
from tui.words.tongue import tr

LONGEST = 200
"""Characters that are sought at most."""
MOST = 9_999
"""Places that are told at most."""

_GAP = r"[\s>]+"
"""What a blank among the sought words stands for: any blanks, the end of a line, and the marks of a quotation."""
_ALIKE = {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "−": "-"}
"""Signs that word processors put in the place of what people type."""


class _Forms(dict[int, str]):
    """The form in which each character is compared, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        form = self[code] = _form(chr(code))
        return form


def _form(char: str) -> str:
    if form := search_form(char).strip():
        return form
    if char.isspace():
        return " "
    if category(char) in {"Mn", "Me", "Cf"}:
        return ""
    return _ALIKE.get(char) or normalize("NFKC", char).casefold() or char


_FORMS = _Forms()


def form(text: str) -> str:
    """A text as it is compared: character by character, so that places in it can be told."""
    return text.lower() if text.isascii() else text.translate(_FORMS)


def sought(words: str) -> re.Pattern[str] | None:
    """What finds these words in a `form`; None where there is nothing to find."""
    parts = form(compose(words[:LONGEST])).split()
    return re.compile(_GAP.join(map(re.escape, parts))) if parts else None


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of one line's words, and which of all places it belongs to, from 0."""

    begin: int
    end: int
    place: int


class Lines:
    """Lines to be searched, their forms worked out once."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    @cached_property
    def _forms(self) -> list[str]:
        return [form(each.words) for each in self._lines]

    @cached_property
    def _starts(self) -> list[int]:
        """Where the form of each line begins in all of them together."""
        lengths = (len(each) + len(line.flow) for each, line in zip(self._forms, self._lines, strict=True))
        ends = accumulate(lengths)
        return [end - len(each) for each, end in zip(self._forms, ends, strict=True)]

    @cached_property
    def _whole(self) -> str:
        return "".join(
            part for each, line in zip(self._forms, self._lines, strict=True) for part in (line.flow.value, each)
        )

    def find(self, words: str) -> Found:
        """Every place where these words stand."""
        pattern = sought(words)
        places = (found.span() for found in islice(pattern.finditer(self._whole), MOST)) if pattern else ()
        return Found(words, self, tuple(places))

    def line_at(self, offset: int) -> int:
        """The line on which a place of the whole form stands."""
        return bisect_right(self._starts, offset) - 1

    def span_of(self, at: int) -> tuple[int, int]:
        """Where the form of a line begins and ends in the whole."""
        return self._starts[at], self._starts[at] + len(self._forms[at])

    def character(self, at: int, offset: int) -> int:
        """The character of a line that stands at a place of its form."""
        words = self._lines[at].words
        if words.isascii():
            return offset
        if offset >= len(self._forms[at]):
            return len(words)
        return bisect_right(list(accumulate(len(_FORMS[ord(char)]) for char in words)), offset)

    def own(self, at: int) -> int:
        """Where the words of a line begin behind the marks of a quotation."""
        words = self._lines[at].words
        return len(words) - len(words.lstrip("> "))


@dataclass(frozen=True, slots=True)
class Found:
    """Where words stand in lines: as places of their whole form, in order."""

    words: str
    lines: Lines
    places: tuple[tuple[int, int], ...]

    def line_of(self, place: int) -> int:
        """The line on which a place begins."""
        return self.lines.line_at(self.places[place][0])

    def from_line(self, line: int) -> int | None:
        """The first place on this line or below; the first of all where there is none below."""
        if not self.places:
            return None
        at = bisect_left(self.places, (self.lines.span_of(line)[0], 0))
        return at if at < len(self.places) else 0

    def marks(self, line: int) -> list[Mark]:
        """What is to be marked on a line."""
        start, end = self.lines.span_of(line)
        at = bisect_right(self.places, (start, 0))
        at -= at > 0 and self.places[at - 1][1] > start
        found: list[Mark] = []
        while at < len(self.places) and self.places[at][0] < end:
            begin, stop = self.places[at]
            first = self.lines.character(line, begin - start) if begin >= start else self.lines.own(line)
            found.append(Mark(first, self.lines.character(line, min(stop, end) - start), at))
            at += 1
        return [each for each in found if each.begin < each.end]

    def told(self, place: int | None) -> str:
        """How many there are and which one this is: "3 of 17"."""
        count = len(self.places)
        more = "+" if count == MOST else ""
        if not count:
            return tr("not found")
        return tr("{place} of {count}").format(place=(place or 0) + 1, count=f"{count}{more}")
