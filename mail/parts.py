"""The MIME parts of a mail as a tree, and what is in each (RFC 2046, RFC 2183).

A mail inside the mail is one part, whose bytes stay as they are: nothing is read in it but its header. There are caps
on all that a mail could make endless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from desk.filenames import clean_name
from mail.defects import Defects
from mail.headers import Headers, to_bytes
from mail.parameters import Parametrised, read_parameters
from mail.splitting import Dashes, Span, fields, split_head
from mail.transfer import undo_transfer

LARGEST = 50_000_000
"""Bytes of a mail that is read whole."""

HEAD = 256 * 1024
"""Bytes of a mail that are read where the whole is too much."""

MOST_PARTS = 500
DEEPEST = 20
"""Levels of parts inside parts that are read."""

MOST_BLOCKS = 200
"""Header blocks read of one report."""

_TYPE = re.compile(r"[a-z0-9_.+-]{1,60}/[a-z0-9_.+-]{1,60}")
_BOUNDARY = re.compile(r'(?:^|[;\s])boundary\s*=\s*(?:"((?:[^"\\]|\\.){1,20000})"|([^;\r\n"]{1,20000}))', re.IGNORECASE)
_EMPTY_LINES = re.compile(rb"(?>\r\n|\r|\n)(?:[ \t]*+(?>\r\n|\r|\n))+")


_NOTHING = Span(0, 0)


@dataclass(slots=True, eq=False)
class Part:
    """One MIME part. `index` is its place in the depth-first walk over all parts that were read, from 0.

    `behind` is what follows the closing boundary of a multipart, which is meant to be ignored (RFC 2046 5.1.1).
    """

    headers: Headers
    index: int
    type: Parametrised
    disposition: Parametrised
    raw: bytes = field(repr=False)
    span: Span
    children: list[Part] = field(default_factory=list["Part"])
    behind: Span = _NOTHING

    @property
    def body(self) -> bytes:
        """What follows its header, as it stands in the mail."""
        return self.raw[self.span.start : self.span.end]

    @property
    def filename(self) -> str:
        """The name its sender gave it, cleaned; may be empty."""
        return clean_name(self.disposition.get("filename") or self.type.get("name"))


def read_tree(raw: bytes, defects: Defects) -> Part:
    """The parts of a mail from its root; only its head where the whole is too large."""
    if len(raw) > LARGEST:
        defects.note("this mail is larger than 50 MB; only its head was read")
        head, _ = split_head(raw[:HEAD], Span(0, HEAD))
        return _Tree(raw, defects).leaf(head, Span(head.end, head.end))
    return _Tree(raw, defects).part(Span(0, len(raw)), "text/plain", 0)


class _Tree:
    """One mail while it is taken apart."""

    def __init__(self, raw: bytes, defects: Defects) -> None:
        self._raw = raw
        self._defects = defects
        self._dashes: Dashes | None = None
        self._count = 0

    def leaf(self, head: Span, body: Span, default: str = "text/plain") -> Part:
        """A part that is not taken apart."""
        headers = Headers(fields(self._raw, head), self._defects)
        self._count += 1
        kind = _content_type(headers, default)
        disposition = read_parameters(headers.raw("content-disposition"))
        return Part(headers, self._count - 1, kind, disposition, self._raw, body)

    def part(self, span: Span, default: str, depth: int) -> Part:
        """A part and all below it."""
        part = self.leaf(*split_head(self._raw, span), default)
        if not part.type.value.startswith("multipart/"):
            return part
        if depth == DEEPEST:
            self._defects.note(f"the parts of this mail are nested more than {DEEPEST} deep; the rest was not read")
            return part
        inner = "message/rfc822" if part.type.value == "multipart/digest" else "text/plain"
        for each in self._enclosed(part):
            if self._count == MOST_PARTS:
                self._defects.note(f"this mail has more than {MOST_PARTS} parts; the rest was not read")
                break
            part.children.append(self.part(each, inner, depth + 1))
        return part

    def _enclosed(self, part: Part) -> list[Span]:
        """What stands between a multipart's boundaries; without any it is shown as the text it may be."""
        self._dashes = self._dashes or Dashes(self._raw)
        boundary = _boundary(part) or self._dashes.likely_boundary(part.span)
        spans = self._dashes.parts(part.span, boundary) if boundary else []
        if spans:
            part.behind = self._dashes.behind(part.span, boundary)
        else:
            part.type = Parametrised("text/plain", part.type.parameters)
            if part.body.strip():
                self._defects.note("the parts of this mail cannot be told from each other; they are shown as one text")
        return spans


def _boundary(part: Part) -> bytes:
    found = _BOUNDARY.search(part.headers.raw("content-type"))
    text = (found[1] or found[2] or "") if found else part.type.get("boundary")
    return to_bytes(re.sub(r"\\(.)", r"\1", text)).strip()


def _content_type(headers: Headers, default: str) -> Parametrised:
    kind = read_parameters(headers.raw("content-type") or default)
    return kind if _TYPE.fullmatch(kind.value) else Parametrised("text/plain", kind.parameters)


def content(part: Part, defects: Defects) -> bytes:
    """A part's bytes, its transfer encoding undone."""
    is_text = part.type.value.startswith("text/")
    return undo_transfer(part.body, part.headers.raw("content-transfer-encoding"), defects, is_text=is_text)


def enclosed_head(part: Part) -> Headers:
    """The header of the mail in a part, or of the one that only its header is left of."""
    data = content(part, Defects())
    head, _ = split_head(data, Span(0, len(data)))
    return Headers(fields(data, head), Defects())


def header_blocks(part: Part) -> list[Headers]:
    """The blocks of header lines in a report's part, with empty lines between them (RFC 3464 2.1)."""
    data = content(part, Defects()).strip()[:HEAD]
    blocks = islice(_EMPTY_LINES.split(data), MOST_BLOCKS)
    return [Headers(fields(each, split_head(each, Span(0, len(each)))[0]), Defects()) for each in blocks]


def walk(part: Part) -> Iterator[Part]:
    """A part and all below it, depth first."""
    yield part
    for each in part.children:
        yield from walk(each)


def leaves(part: Part) -> Iterator[Part]:
    """The parts that hold something."""
    return (each for each in walk(part) if not each.children)
