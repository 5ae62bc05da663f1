"""The files of a mail that we write: read, told apart, and made into parts of it (RFC 2045, 2046, 2183)."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desk.conversation import Attachment
from desk.errors import RefusedError, StoreDamaged
from desk.outgoing import Enclosure, Letter
from mail.fields import disposition, one_line

_FIRST = 2
"""Where the files begin in the walk over all parts: after the whole and its text."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes along: its base name and its content."""

    name: str
    data: bytes

    @property
    def type(self) -> str:
        """What its name promises, plain bytes for what may not be base64 (RFC 2046 5.2.1) or is packed."""
        kind, packed = mimetypes.guess_type(f"./{self.name}")  # alone, `data:x,y` would be read as a URL
        if kind is None or packed or kind.startswith(("message/", "multipart/")):
            return "application/octet-stream"
        return kind

    @property
    def part(self) -> str:
        """The MIME part that carries it.

        Raises:
            RefusedError: its name cannot stand in a mail.
        """
        body = base64.encodebytes(self.data).decode().replace("\n", "\r\n")
        fields = [f"Content-Type: {self.type}", "Content-Transfer-Encoding: base64", disposition(self.name)]
        return "\r\n".join([*fields, "", body or "\r\n"])


def files_of(letter: Letter, stored: Callable[[str], bytes], limit: int) -> tuple[File, ...]:
    """The files of a letter: those attached before, then those still to be read, together at most `limit` bytes.

    Raises:
        RefusedError: one cannot be read, is not kept any more, or they are too large together.
    """
    files: list[File] = []
    for each in letter.enclosures:
        _refuse_too_large(each.name, [*files, File(each.name, b"")], limit, each.size)
        files.append(_kept(each, stored))
    for path in letter.attachments:
        room = limit - sum(len(each.data) for each in files)
        file = read_file(path, room)
        _refuse_too_large(str(path), files, limit, len(file.data))
        files.append(file)
    return tuple(files)


def described(files: tuple[File, ...]) -> tuple[Attachment, ...]:
    """The files as the desk keeps them."""
    return tuple(
        Attachment(one_line(each.name), each.type, len(each.data), hashlib.sha256(each.data).hexdigest(), part)
        for part, each in enumerate(files, start=_FIRST)
    )


def _refuse_too_large(name: str, files: list[File], limit: int, more: int) -> None:
    if sum(len(each.data) for each in files) + more > limit:
        raise RefusedError(
            f"cannot attach {name!r}: the files of a mail may have {limit / 1_000_000:.3g} MB together",
            "send fewer files or a link",
        )


def _kept(enclosure: Enclosure, stored: Callable[[str], bytes]) -> File:
    try:
        return File(enclosure.name, stored(enclosure.sha256))
    except StoreDamaged as error:
        raise RefusedError(f"the attached file {enclosure.name!r} is not kept any more", "attach it again") from error


def read_file(path: Path, room: int) -> File:
    """A file; of one that has more than `room` bytes no more than shows that it has.

    Raises:
        RefusedError: it cannot be read, in words.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise RefusedError(f"cannot attach {str(path)!r}: it is not a file", "name a file, then send again")
        with path.open("rb") as file:
            return File(path.name, file.read(room + 1))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no file can have this name"
        raise RefusedError(f"cannot attach {str(path)!r}: {why}", "name a file that you may read") from error
