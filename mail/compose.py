"""A letter becomes a mail: its final bytes and its envelope (RFC 5322, 2045, 2046).

The bytes are put together here and not by `email.message`, because they are sent as they are stored: every line ends
in CRLF, all of it is ASCII, and no line is longer than 998 bytes. Nothing in them tells of the program or its machine.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import mimetypes
import secrets
import stat
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from pathlib import Path

from desk.conversation import Attachment
from desk.errors import RefusedError
from desk.outgoing import Composed, Letter
from desk.people import Address
from mail.fields import addr_spec, address_field, disposition, id_field, one_line, sendable_ids, text_field
from mail.wrapping import flowed

ATTACHMENT_LIMIT = 25_000_000
"""Bytes of all attachments of a mail together; most providers take no more."""

REFERENCES_LIMIT = 20_000
SUBJECT_LIMIT = 900
_FIRST_FILE = 2
"""Where the files begin in the walk over all parts: after the whole and its text."""

LINE_LIMIT = 998
"""Bytes of a line without its CRLF (RFC 5322 2.1.1)."""


@dataclass(frozen=True, slots=True)
class MailComposer:
    """Makes mails of plain text with attachments. `attachment_limit` is in bytes, for all files of a mail together."""

    attachment_limit: int = ATTACHMENT_LIMIT

    def reaches(self, address: Address) -> bool:
        """Whether mail can be sent to this address at all."""
        try:
            addr_spec(address.email)
        except RefusedError:
            return False
        return True

    def compose(self, letter: Letter) -> Composed:
        """The final bytes of a letter, under a Message-ID that names its ticket.

        Raises:
            RefusedError: nobody or nothing to write to, an address or a file that cannot be put into a mail.
        """
        recipients = _recipients(letter)
        envelope_from = addr_spec(letter.sender.email)
        message_id = f"<{letter.token}@{envelope_from.rpartition('@')[2]}>"
        files = self._files(letter.attachments)
        content = _content(letter.text, [_attachment(name, data) for name, data in files])
        raw = "\r\n".join([*_fields(letter, message_id), "MIME-Version: 1.0", content])
        attachments = tuple(_described(part, *file) for part, file in enumerate(files, start=_FIRST_FILE))
        contents = tuple(data for _, data in files)
        return Composed(message_id, raw.encode("ascii"), envelope_from, recipients, attachments, contents)

    def _files(self, paths: tuple[Path, ...]) -> list[tuple[str, bytes]]:
        room = self.attachment_limit
        files: list[tuple[str, bytes]] = []
        for path in paths:
            data = _read(path, room, self.attachment_limit)
            room -= len(data)
            files.append((path.name, data))
        return files


def _recipients(letter: Letter) -> tuple[str, ...]:
    """The envelope: everybody once, in the order in which they were named."""
    everybody = {each.key: addr_spec(each.email) for each in (*letter.to, *letter.cc)}
    if not everybody:
        raise RefusedError("this mail has no recipient", "say whom it goes to")
    return tuple(everybody.values())


def _fields(letter: Letter, message_id: str) -> list[str]:
    answered = sendable_ids([letter.in_reply_to] if letter.in_reply_to else [], REFERENCES_LIMIT)
    # A mail that refers to nothing refers to itself: an answer to it names this id even where a server on the way,
    # as Amazon's and Microsoft's do, gives the mail a Message-ID of its own.
    references = sendable_ids([*letter.references, *answered], REFERENCES_LIMIT) or (message_id,)
    fields = [
        f"Date: {format_datetime(letter.date.astimezone(UTC))}",
        address_field("From", [letter.sender]),
        address_field("To", letter.to) if letter.to else "",
        address_field("Cc", letter.cc) if letter.cc else "",
        text_field("Subject", letter.subject[:SUBJECT_LIMIT]),
        f"Message-ID: {message_id}",
        id_field("In-Reply-To", answered) if answered else "",
        id_field("References", references),
    ]
    return [field for field in fields if field]


def _content(text: str, attachments: list[str]) -> str:
    if not text.strip():
        raise RefusedError("this mail has no text", "write something, then send again")
    if not attachments:
        return _text_part(text)
    boundary = f"=_{_random_word()}"
    parts = "".join(f"--{boundary}\r\n{part}" for part in [_text_part(text), *attachments])
    return f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n{parts}--{boundary}--\r\n'


def _text_part(text: str) -> str:
    body, encoding = flowed(text), "7bit"
    if not body.isascii() or max(map(len, body.split("\r\n"))) > LINE_LIMIT:
        body, encoding = binascii.b2a_qp(body.encode()).decode(), "quoted-printable"
    kind = "Content-Type: text/plain; charset=utf-8; format=flowed"
    return f"{kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}"


def _attachment(name: str, data: bytes) -> str:
    body = base64.encodebytes(data).decode().replace("\n", "\r\n")
    fields = [f"Content-Type: {_type(name)}", "Content-Transfer-Encoding: base64", disposition(name)]
    return "\r\n".join([*fields, "", body or "\r\n"])


def _described(part: int, name: str, data: bytes) -> Attachment:
    return Attachment(one_line(name), _type(name), len(data), hashlib.sha256(data).hexdigest(), part)


def _type(name: str) -> str:
    """The MIME type that a file name promises, plain bytes for what may not be base64 (RFC 2046 5.2.1) or is packed."""
    kind, packed = mimetypes.guess_type(f"./{name}")  # alone, a name such as `data:x,y` would be read as a URL
    if kind is None or packed or kind.startswith(("message/", "multipart/")):
        return "application/octet-stream"
    return kind


def _read(path: Path, room: int, limit: int) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise RefusedError(f"cannot attach {str(path)!r}: it is not a file", "name a file, then send again")
        with path.open("rb") as file:
            data = file.read(room + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no file can have this name"
        raise RefusedError(f"cannot attach {str(path)!r}: {why}", "name a file that you may read") from error
    if len(data) > room:
        raise RefusedError(
            f"cannot attach {str(path)!r}: the files of a mail may have {limit / 1_000_000:.3g} MB together",
            "send fewer files or a link",
        )
    return data


def _random_word() -> str:
    """128 random bits, in lower-case letters and digits."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
