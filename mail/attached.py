"""The files attached to a mail: every part that is not its text, and what Outlook packed into winmail.dat."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from desk.conversation import Attachment
from desk.filenames import clean_name, unique_names
from mail.charsets import decode
from mail.defects import Defects, quoted
from mail.parts import Part, content, enclosed_head, leaves, walk
from mail.tnef import Packed, PackedFile, bodies, unpack
from mail.transfer import uuencoded_files

MOST_FILES = 100
LARGEST_FILES = 50_000_000
"""How many files are taken out of one mail, and their bytes together; the others stay in the mail's own file."""

_KNOWN = mimetypes.MimeTypes()
_READABLE = {"text/calendar": ".ics", "text/vcard": ".vcf", "text/rfc822-headers": ".txt"}
_PACKED = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_MAILS = frozenset({"message/rfc822", "message/global"})


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a mail, the contents of the first ones, and the texts that came packed with them."""

    attachments: tuple[Attachment, ...]
    contents: tuple[bytes, ...]
    text: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    type: str
    part: int
    data: bytes


def read_files(root: Part, body: Collection[int], defects: Defects) -> Files:
    """Every part that is not part of the text; `body` are the indexes of those that are."""
    packed: list[Packed] = []
    files = [
        file
        for part in leaves(root)
        for file in (_files_in_text(part) if part.index in body else _files(part, packed, defects))
    ]
    pictures = frozenset(_pictures(root))
    names = unique_names([each.name for each in files])
    found = [
        Attachment(
            name, each.type, len(each.data), hashlib.sha256(each.data).hexdigest(), each.part, each.part in pictures
        )
        for each, name in zip(files, names, strict=True)
    ]
    taken = _taken(files)
    if left := len(found) - len(taken):
        defects.note(f"the last {left} of the {len(found)} files of this mail stay in the mail's own file")
    text = "\n\n".join(each.text for each in packed if each.text)
    return Files(tuple(found), taken, text, "\n".join(each.html for each in packed if each.html))


def _files_in_text(part: Part) -> Iterator[_File]:
    """Files that stand uuencoded in the text; the text is left as it is."""
    if part.type.value == "text/plain" and part.raw.find(b"begin ", part.span.start, part.span.end) >= 0:
        for name, data in uuencoded_files(content(part, Defects())):
            yield _unpacked(PackedFile(decode(name).text, "", data), part.index)


def _pictures(root: Part) -> Iterator[int]:
    """The pictures that belong to an HTML text: related to it and named for it, not attached (RFC 2387, RFC 2392)."""
    for related in walk(root):
        if related.type.value == "multipart/related":
            for each in related.children[1:]:
                is_attached = each.disposition.value == "attachment" or "content-id" not in each.headers
                if each.type.value.startswith("image/") and not is_attached:
                    yield each.index


def _taken(files: list[_File]) -> tuple[bytes, ...]:
    taken: list[bytes] = []
    room = LARGEST_FILES
    for each in files[:MOST_FILES]:
        room -= len(each.data)
        if room < 0:
            break
        taken.append(each.data)
    return tuple(taken)


def _files(part: Part, packed: list[Packed], defects: Defects) -> Iterator[_File]:
    data = content(part, defects)
    unpacked = unpack(data) if _is_packed(part) else None
    if unpacked is None or not (unpacked.is_whole or unpacked.files):
        yield _File(part.filename or _made_up_name(part), part.type.value, part.index, data)
        return
    if not unpacked.is_whole:
        defects.note(f"the file {quoted(part.filename)} is cut or broken; what could be unpacked of it is listed")
    packed.append(unpacked)
    only_rtf = [] if unpacked.text or unpacked.html else bodies(unpacked)
    for each in (*only_rtf, *unpacked.files):
        yield _unpacked(each, part.index)


def _is_packed(part: Part) -> bool:
    return part.type.value in _PACKED or part.filename.casefold() == "winmail.dat"


def _unpacked(file: PackedFile, part: int) -> _File:
    kind = file.type or _KNOWN.guess_type(file.name)[0] or "application/octet-stream"
    return _File(clean_name(file.name) or f"part-{part}{_extension(kind)}", kind, part, file.data)


def _made_up_name(part: Part) -> str:
    if part.type.value in _MAILS:
        subject = clean_name(enclosed_head(part).text("subject").replace("/", "_"))
        return clean_name(f"{subject or 'mail'}.eml")
    return f"part-{part.index}{_extension(part.type.value)}"


def _extension(kind: str) -> str:
    """The usual end of a name for a MIME type, the same on every machine."""
    is_text = kind.startswith(("text/", "message/"))
    return _READABLE.get(kind) or _KNOWN.guess_extension(kind) or (".txt" if is_text else ".bin")
