"""Mails of the shared corpus as trees, ours and as others expect them, so that both can be laid side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mail.charsets import decode
from mail.defects import Defects
from mail.headers import Headers
from mail.parts import Part, content, read_tree

CORPUS = Path(__file__).parents[2].parent / "shared/corpus"
_LINE_ENDS = re.compile(rb"\r\n?")


@dataclass(frozen=True, slots=True)
class Node:
    """A part: its type, its header fields unfolded, its decoded content with LF line ends (None: it is
    not known), and what is inside it.
    """

    type: str
    fields: tuple[tuple[str, str], ...] = ()
    content: bytes | None = b""
    children: tuple[Node, ...] = field(default=())


def tree_of(raw: bytes, *, as_utf8: bool = False) -> Node:
    """What we make of a mail, mails inside it taken apart likewise; texts in their own character set or in UTF-8."""
    return _node(read_tree(raw, Defects()), as_utf8=as_utf8)


def _node(part: Part, *, as_utf8: bool) -> Node:
    data = content(part, Defects())
    headers = tuple((name, unfolded(value)) for name, value in _fields(part.headers))
    if part.type.value == "message/rfc822":
        return Node(part.type.value, headers, b"", (tree_of(data, as_utf8=as_utf8),))
    children = tuple(_node(each, as_utf8=as_utf8) for each in part.children)
    if as_utf8 and part.type.value.startswith("text/"):
        data = decode(data, part.type.get("charset")).text.encode()
    return Node(part.type.value, headers, b"" if children else with_line_feeds(data), children)


def _fields(headers: Headers) -> Iterator[tuple[str, str]]:
    return ((name, value) for name in headers.names for value in headers.every(name))


def unfolded(text: str) -> str:
    """A header's value with every run of blanks and line ends as one blank."""
    return " ".join(text.split())


def with_line_feeds(data: bytes) -> bytes:
    """The same with LF line ends."""
    return _LINE_ENDS.sub(b"\n", data)


def differences(ours: Node, theirs: Node, place: str = "1") -> Iterator[str]:
    """Where two trees differ, as `place: what`; places count from 1 as in IMAP."""
    if ours.type != theirs.type:
        yield f"{place}: type {ours.type}, expected {theirs.type}"
    if theirs.fields and sorted(ours.fields) != sorted(theirs.fields):
        yield f"{place}: header"
    if ours.content is not None and theirs.content is not None and ours.content.strip() != theirs.content.strip():
        yield f"{place}: content"
    if len(ours.children) != len(theirs.children):
        yield f"{place}: {len(ours.children)} parts, expected {len(theirs.children)}"
    for number, (mine, other) in enumerate(zip(ours.children, theirs.children, strict=False), 1):
        yield from differences(mine, other, f"{place}.{number}")
