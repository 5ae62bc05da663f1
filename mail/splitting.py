"""A mail cut into head and body, and a multipart body at its boundaries: offsets into its bytes, nothing copied.

Follows the standard library's parser line for line where a mail is broken, but never recurses into attached mails,
keeps every byte, and takes one look at each line (RFC 5322 2.1, RFC 2046 5.1.1).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

_HEAD = re.compile(rb"(?:(?:[!-9;-~]*+[ \t]{0,20}:|>?From |[ \t])[^\r\n]*+(?:\r\n|\r|\n|\Z))*+")
_BROKEN = re.compile(rb"(?!--)[^\r\n]{1,1000}(?:\r\n|\r|\n)")
_USUAL = re.compile(rb"(?im)^(?:from|to|subject|date|message-id|received|mime-version|content-type):")
_SKIPPED = 5
"""Broken lines in a header that are passed over."""

_EMPTY_LINE = re.compile(rb"\r\n|\r|\n")
_FOLDED = re.compile(rb"(?<=[\r\n])(?![ \t\r\n])")
_UNFOLDING = re.compile(r"[\r\n]+\Z")
_LINE = re.compile(rb"[^\r\n]*+")
_LABEL_BLANKS = b" \t"

_LOOKED_AT = 1_000
"""Lines of dashes that are looked at for a boundary that nobody named."""

Field = tuple[str, str]
"""A header field: its name and its raw value, ASCII, with every byte above 127 as a lone surrogate."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a mail's bytes, `start` up to but not including `end`."""

    start: int
    end: int


def split_head(raw: bytes, span: Span) -> tuple[Span, Span]:
    """The header lines and the body behind the empty line; a line that is no header begins the body, too.

    A name may have blanks before its colon (RFC 5322 4.5); mbox files leave `From ` and `>From ` lines among them.
    """
    end = _head_end(raw, span.start, span.end)
    for _ in range(_SKIPPED if end > span.start else 0):
        if (further := _further(raw, end, span.end)) == end:
            break
        end = further
    empty = _EMPTY_LINE.match(raw, end, span.end)
    return Span(span.start, end), Span(empty.end() if empty else end, span.end)


def _head_end(raw: bytes, start: int, end: int) -> int:
    head = _HEAD.match(raw, start, end)
    return head.end() if head else start


def _further(raw: bytes, start: int, end: int) -> int:
    """Where a header ends that goes on behind one broken line: usual fields follow it, and then an empty line."""
    broken = _BROKEN.match(raw, start, end)
    if broken is None:
        return start
    further = _head_end(raw, broken.end(), end)
    goes_on = _EMPTY_LINE.match(raw, further, end) and _USUAL.search(raw, broken.end(), further)
    return further if goes_on else start


def fields(raw: bytes, head: Span) -> Iterator[Field]:
    """The header fields in order, folded lines with their line ends; lines without a name are left out."""
    for line in _FOLDED.split(raw[head.start : head.end]):
        name, colon, value = line.partition(b":")
        if colon and name and not line.startswith((b" ", b"\t", b"From ", b">From ")):
            text = value.lstrip(b" \t").decode("ascii", "surrogateescape")
            yield name.decode("ascii", "surrogateescape"), _UNFOLDING.sub("", text)


class Dashes:
    """Every line of a mail that begins with two dashes, found once: one of them may be a boundary."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._starts = sorted({*_line_starts(raw, b"\n--"), *_line_starts(raw, b"\r--")})
        if raw.startswith(b"--"):
            self._starts.insert(0, 0)

    def parts(self, body: Span, boundary: bytes) -> list[Span]:
        """What stands between the boundary's lines, up to the closing one."""
        found: list[Span] = []
        open_since: int | None = None
        for start, after, closes in self._marks(body, boundary):
            if open_since is not None and start > open_since:
                found.append(Span(open_since, self._before_line_end(open_since, start)))
            if closes:
                return found
            open_since = after
        if open_since is not None and open_since < body.end:
            found.append(Span(open_since, body.end))
        return found

    def behind(self, body: Span, boundary: bytes) -> Span:
        """What stands behind the closing one."""
        end = next((after for _, after, closes in self._marks(body, boundary) if closes), body.end)
        return Span(end, body.end)

    def likely_boundary(self, body: Span) -> bytes:
        """The boundary where the header names none: the first line of dashes that a closing one goes with."""
        first = bisect_left(self._starts, body.start)
        labels = [
            self._label(start, body.end) for start in self._starts[first : first + _LOOKED_AT] if start < body.end
        ]
        closed = frozenset(labels)
        return next((each for each in labels if each and each + b"--" in closed), b"")

    def _label(self, start: int, end: int) -> bytes:
        """What follows the two dashes on their line."""
        line = _LINE.match(self._raw, start + 2, end)
        return line[0].rstrip(_LABEL_BLANKS) if line else b""

    def _marks(self, body: Span, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
        """Where each line of the boundary starts, where the next line starts, and whether it is the closing one."""
        closing = boundary + b"--"
        for index in range(bisect_left(self._starts, body.start), len(self._starts)):
            start = self._starts[index]
            if start >= body.end:
                return
            if not self._raw.startswith(boundary, start + 2):
                continue
            line = _LINE.match(self._raw, start + 2, body.end)
            label = line[0].rstrip(_LABEL_BLANKS) if line else b""
            if line and label in (boundary, closing):
                end = _EMPTY_LINE.match(self._raw, line.end(), body.end)
                yield start, end.end() if end else line.end(), label != boundary

    def _before_line_end(self, start: int, end: int) -> int:
        """The line end before a boundary belongs to the boundary (RFC 2046 5.1.1)."""
        if end - 2 >= start and self._raw[end - 2 : end] == b"\r\n":
            return end - 2
        return end - 1 if end - 1 >= start and self._raw[end - 1] in b"\r\n" else end


def _line_starts(raw: bytes, mark: bytes) -> Iterator[int]:
    at = raw.find(mark)
    while at >= 0:
        yield at + 1
        at = raw.find(mark, at + 1)
