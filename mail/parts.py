"""The MIME parts of a mail as a tree, and the files attached to it (RFC 2046, RFC 2183).

The standard library splits the mail (policy compat32: it keeps every header as bytes and never looks inside one);
what its headers mean is read here, with caps on all that a mail could make endless.
"""

from __future__ import annotations

import hashlib
import io
import mimetypes
import re
from collections.abc import Collection, Iterator
from copy import copy
from dataclasses import dataclass
from email.errors import MessageError
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32, Policy, compat32
from itertools import count
from typing import cast

from desk.conversation import Attachment
from mail.defects import Defects
from mail.filenames import clean_name, unique_names
from mail.headers import Headers, to_bytes
from mail.parameters import Parametrised, read_parameters
from mail.transfer import undo_transfer

LARGEST = 50_000_000
"""Bytes of a mail that is read whole."""

HEAD = 256 * 1024
"""Bytes of a mail that are read where the whole is too much."""

MOST_PARTS = 500
DEEPEST = 20
"""Levels of parts inside parts that are read."""

MALFORMED = (MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
"""What the standard library's mail code has been seen to raise on bad mail."""

MOST_FILES = 100
LARGEST_FILES = 50_000_000
"""How many files are taken out of one mail, and their bytes together; the others stay in the mail's own file."""

_TYPE = re.compile(r"[a-z0-9_.+-]{1,60}/[a-z0-9_.+-]{1,60}")
_KNOWN = mimetypes.MimeTypes()
_READABLE = {"text/calendar": ".ics", "text/vcard": ".vcf", "text/rfc822-headers": ".txt"}


class _AsItStands(Compat32):
    """Writes every header as it was read, where the library would fold and encode it anew."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header field."""
        return to_bytes(f"{name}: {value}{self.linesep}")


_EXACT = _AsItStands(linesep="\r\n", mangle_from_=False)


class _TooManyParts(Exception):
    """A mail has more parts than anyone sends."""


@dataclass(slots=True, eq=False)
class Part:
    """One MIME part. `index` is its place in the depth-first walk over all parts that were read, from 0."""

    message: Message
    index: int
    type: Parametrised
    disposition: Parametrised
    children: list[Part]

    @property
    def is_message(self) -> bool:
        """Whether it holds another mail, or the blocks of a report: a leaf to us."""
        return self.type.value.startswith("message/")

    @property
    def filename(self) -> str:
        """The name its sender gave it, cleaned; may be empty."""
        return clean_name(self.disposition.get("filename") or self.type.get("name"))


def read_message(raw: bytes, defects: Defects) -> Message:
    """Split a mail; only its head where the whole is too large, too deep or too broken."""
    if len(raw) > LARGEST:
        defects.note("this mail is larger than 50 MB; only its head was read")
        return _read_head(raw)
    try:
        return BytesParser(_counted_parts(), policy=compat32).parsebytes(raw)
    except _TooManyParts:
        defects.note(f"this mail has more than {MOST_PARTS} parts; only its head was read")
    except MALFORMED:
        defects.note("the parts of this mail are broken or nested too deeply; only its head was read")
    return _read_head(raw)


def _counted_parts() -> type[Message]:
    counter = count()

    class Counted(Message):
        """A message that is one of a counted number."""

        def __init__(self, policy: Policy[Message] = compat32) -> None:
            if next(counter) > MOST_PARTS:
                raise _TooManyParts
            super().__init__(policy)

    return Counted


def _read_head(raw: bytes) -> Message:
    head = BytesHeaderParser(policy=compat32).parsebytes(raw[:HEAD])
    head.set_payload("")
    return head


def read_tree(message: Message, defects: Defects) -> Part:
    """The parts of a mail from its root."""
    return _read_part(message, count(), 0, "text/plain", defects)


def _read_part(message: Message, counter: Iterator[int], depth: int, default: str, defects: Defects) -> Part:
    kind = _content_type(message, default)
    disposition = read_parameters(_raw(message, "content-disposition"))
    part = Part(message, next(counter), kind, disposition, [])
    enclosed = _enclosed(message)
    if enclosed and depth == DEEPEST:
        defects.note(f"the parts of this mail are nested more than {DEEPEST} deep; the rest was not read")
        return part
    inner = "message/rfc822" if kind.value == "multipart/digest" else "text/plain"
    part.children = [_read_part(each, counter, depth + 1, inner, defects) for each in enclosed]
    return part


def _enclosed(message: Message) -> list[Message]:
    """The parts right below one."""
    return cast("list[Message]", message.get_payload()) if message.is_multipart() else []


def _content_type(message: Message, default: str) -> Parametrised:
    kind = read_parameters(_raw(message, "content-type") or default)
    return kind if _TYPE.fullmatch(kind.value) else Parametrised("text/plain", kind.parameters)


def _raw(message: Message, name: str) -> str:
    """A header as the mail has it; `Message.get` would lose its bytes above 127."""
    return next((str(value) for each, value in message.raw_items() if each.lower() == name), "")


def content(part: Part, defects: Defects) -> bytes:
    """A part's bytes, its transfer encoding undone."""
    encoding = _raw(part.message, "content-transfer-encoding")
    return undo_transfer(_body(part.message, defects), encoding, defects)


def _body(message: Message, defects: Defects) -> bytes:
    if message.is_multipart():
        return b"".join(_flattened(each, defects) for each in _enclosed(message))
    untouched = copy(message)
    del untouched["content-transfer-encoding"]
    payload = untouched.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _flattened(message: Message, defects: Defects) -> bytes:
    buffer = io.BytesIO()
    try:
        BytesGenerator(buffer, policy=_EXACT).flatten(message)
    except MALFORMED:
        defects.note("a mail inside this mail is broken; it is only in the mail's own file")
    return buffer.getvalue()


def walk(part: Part) -> Iterator[Part]:
    """A part and all below it, depth first."""
    yield part
    for each in part.children:
        yield from walk(each)


def leaves(part: Part) -> Iterator[Part]:
    """The parts that hold something; a mail inside the mail is one of them, not what is inside it."""
    if not part.children or part.is_message:
        yield part
        return
    for each in part.children:
        yield from leaves(each)


def attachments(
    root: Part, body: Collection[int], defects: Defects
) -> tuple[tuple[Attachment, ...], tuple[bytes, ...]]:
    """Every part that is not part of the text (`body` are the indexes of those that are), and the first ones' bytes."""
    parts = [each for each in leaves(root) if each.index not in body]
    names = unique_names([each.filename or _made_up_name(each) for each in parts])
    found: list[Attachment] = []
    taken: list[bytes] = []
    room = LARGEST_FILES
    for part, name in zip(parts, names, strict=True):
        data = content(part, defects)
        if len(taken) == len(found) < MOST_FILES and len(data) <= room:
            taken.append(data)
            room -= len(data)
        found.append(Attachment(name, part.type.value, len(data), hashlib.sha256(data).hexdigest(), part.index))
    if left := len(found) - len(taken):
        defects.note(f"the last {left} of the {len(found)} files of this mail stay in the mail's own file")
    return tuple(found), tuple(taken)


def _made_up_name(part: Part) -> str:
    if part.type.value == "message/rfc822":
        enclosed = Headers(part.children[0].message.raw_items(), Defects()) if part.children else None
        subject = clean_name(enclosed.text("subject").replace("/", "_")) if enclosed else ""
        return clean_name(f"{subject or 'mail'}.eml")
    return f"part-{part.index}{_extension(part.type.value)}"


def _extension(kind: str) -> str:
    """The usual end of a name for a MIME type, the same on every machine."""
    is_text = kind.startswith(("text/", "message/"))
    return _READABLE.get(kind) or _KNOWN.guess_extension(kind) or (".txt" if is_text else ".bin")
