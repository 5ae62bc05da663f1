"""Which parts of a mail's text a reader may skip: quotations, signatures and endless rests; pure, and linear in time.

Folding is view only: nothing is taken out of the text, and it never hides everything. What a quotation is stands in
desk/quotations.py, what a signature is in desk/signatures.py. Lines are looked at one by one, at no more than a bounded
number and length of them and of their neighbours, so no input can make this slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from desk.attributions import ends_attribution
from desk.quotations import MARKS, quotations
from desk.signatures import signature_at
from tui.words.tongue import trn

MIN_WORDS = 3
"""Where fewer words than this would be left to see, nothing is folded."""

MOST_LINES = 10_000
"""Lines in which quotations are sought; more than most people's longest mails have."""

_LONGEST_LINE = 2_000
_BLANK_LINES = re.compile(r"(?<=\n)(?:[^\S\n]*+\n){20,}+")
"""Of so many none tells more."""
_PORTION = 600
"""Rows of the screen, about, that stand open of a text: what an eye takes in without looking for its end."""
_FOLDED_PORTION = 5_000
"""Rows that one key opens: a fiftieth of a second's work."""
_MOST_PARTS = 40
_ROW = 80
_GLIMPSE = 200
_WORD = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]|[^\W_]+")


class Kind(StrEnum):
    """What a stretch of text is to its reader."""

    TEXT = "text"
    QUOTE = "quote"
    SIGNATURE = "signature"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of lines of one kind; all but TEXT start folded."""

    kind: Kind
    lines: tuple[str, ...]

    @property
    def label(self) -> str:
        """What stands in its place while it is folded."""
        count = len(self.lines) - (self.lines[0] == "--")
        match self.kind:
            case Kind.QUOTE:
                words = trn("{n} quoted line", "{n} quoted lines", count)
            case Kind.SIGNATURE:
                words = trn("signature, {n} line", "signature, {n} lines", count)
            case _:
                words = trn("{n} more line", "{n} more lines", count)
        return words.format(n=count)


def parts_of(text: str, *, is_answer: bool = True) -> tuple[Part, ...]:
    """A mail's text in parts, in order. Runs of blank lines become one; what is very long is cut into portions.

    Quotations are sought in answers only: what any other mail holds is what it is about.
    """
    lines = _lines(_BLANK_LINES.sub("\n" * 20, text))
    parts = list(_parts(lines, is_answer=is_answer))
    if not _speaks(line for part in parts if part.kind is Kind.TEXT for line in part.lines):
        parts = [Part(Kind.TEXT, tuple(lines))]
    return tuple(_bounded([Part(part.kind, kept) for part in parts if (kept := _tidied(part.lines))]))


def first_words(text: str) -> str:
    """How a mail begins, in one line and without what it quotes, for a mail folded to one line."""
    lines = [line.strip() for line in text[:_LONGEST_LINE].split("\n") if line.strip()]
    own = [line for line in lines if not line.startswith(">") and not ends_attribution(line)]
    return " ".join(own or lines)[:_GLIMPSE]


def _lines(text: str) -> list[str]:
    lines = [line if line == "-- " else line.rstrip() for line in text.split("\n")]
    if max(map(len, lines)) <= _LONGEST_LINE:
        return lines
    return [piece for line in lines for piece in _chopped(line)]


def _chopped(line: str) -> list[str]:
    return [line[at : at + _LONGEST_LINE] for at in range(0, max(len(line), 1), _LONGEST_LINE)]


def _speaks(lines: Iterable[str]) -> bool:
    words = (word for line in lines for word in _WORD.finditer(line))
    return len(list(islice(words, MIN_WORDS))) == MIN_WORDS


def _parts(lines: Sequence[str], *, is_answer: bool) -> Iterator[Part]:
    start = 0
    for each in quotations(lines[:MOST_LINES]) if is_answer else ():
        end = each.end if each.end < MOST_LINES else _end_of_quotation(lines)
        yield from _with_signature(lines[start : each.begin])
        yield Part(Kind.QUOTE, tuple(lines[each.begin : end]))
        start = end
    yield from _with_signature(lines[start:])


def _end_of_quotation(lines: Sequence[str]) -> int:
    """Where a quotation ends that goes on behind the lines that are looked at: with its marks, or with the mail."""
    follow = range(min(MOST_LINES, len(lines)), len(lines))
    if not lines[MOST_LINES - 1].startswith(MARKS):
        return len(lines)
    return next((at for at in follow if not lines[at].startswith(MARKS)), len(lines))


def _with_signature(lines: Sequence[str]) -> Iterator[Part]:
    cut = signature_at(lines)
    yield Part(Kind.TEXT, tuple(lines[:cut]))
    yield Part(Kind.SIGNATURE, tuple(lines[cut:]))


def _tidied(lines: Sequence[str]) -> tuple[str, ...]:
    squeezed = [line.rstrip() for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    while squeezed and not squeezed[-1]:
        squeezed.pop()
    return tuple(squeezed[1:] if squeezed and not squeezed[0] else squeezed)


def _bounded(parts: Sequence[Part]) -> Iterator[Part]:
    """The same parts, none too long to be opened at once; after a portion of open text, more text is folded as a rest.

    Where very many parts are left then, they become a rest too.
    """
    room = _PORTION
    for at, part in enumerate(parts):
        if room <= 0 and len(parts) - at > _MOST_PARTS:
            rest = tuple(line for later in parts[at:] for line in later.lines)
            yield from _cut(Kind.REST, rest)
            return
        if part.kind is Kind.TEXT:
            yield from _begun(part.lines, room)
            room -= sum(map(_rows, part.lines))
        else:
            yield from _cut(part.kind, part.lines)
            room -= 1


def _begun(lines: Sequence[str], room: int) -> Iterator[Part]:
    begin = next(_portions(lines, room)) if room > 0 else ()
    yield from [Part(Kind.TEXT, begin)] if begin else []
    yield from _cut(Kind.REST, lines[len(begin) :]) if lines[len(begin) :] else []


def _cut(kind: Kind, lines: Sequence[str]) -> Iterator[Part]:
    return (Part(kind, portion) for portion in _portions(lines, _FOLDED_PORTION))


def _portions(lines: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    """The lines in runs of about `most` rows of the screen each; a few more lines go with the last."""
    begin = rows = 0
    for at, line in enumerate(lines):
        if rows >= most and len(lines) - at > most // 10:
            yield tuple(lines[begin:at])
            begin, rows = at, 0
        rows += len(line) // _ROW + 1
    yield tuple(lines[begin:])


def _rows(line: str) -> int:
    return len(line) // _ROW + 1
