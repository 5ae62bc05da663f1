"""A letter becomes a mail: its final bytes and its envelope (RFC 5322, 2045, 2046).

The bytes are put together here and not by `email.message`, because they are sent as they are stored: every line ends
in CRLF, no line is longer than 998 bytes, and all of it is ASCII unless an address is not, which only servers with
SMTPUTF8 carry (RFC 6531). Nothing in them tells of the program or its machine.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime

from desk.errors import RefusedError, StoreDamaged
from desk.outgoing import Composed, Letter, Limits, Purpose
from desk.people import Address
from mail.destinations import addr_spec
from mail.enclosures import File, described, files_of
from mail.fields import address_field, id_field, sendable_ids, text_field
from mail.thread_fields import thread_fields
from mail.wrapping import flowed

ATTACHMENT_LIMIT = 25_000_000
"""Bytes of all attachments of a mail together; most providers take no more."""

REFERENCES_LIMIT = 20_000
SUBJECT_LIMIT = 900

LINE_LIMIT = 998
"""Bytes of a line without its CRLF (RFC 5322 2.1.1)."""


@dataclass(frozen=True, slots=True)
class MailComposer:
    """Makes mails of plain text with attachments.

    `stored` gives the bytes kept under a sha256, or raises StoreDamaged. `attachment_limit` is in bytes, for all files
    of a mail together.
    """

    stored: Callable[[str], bytes]
    attachment_limit: int = ATTACHMENT_LIMIT

    def reaches(self, address: Address, limits: Limits | None = None) -> bool:
        """Whether mail can be sent to this address, through a server that takes what `limits` says."""
        try:
            addr_spec(address.email, smtputf8=_carries_all(limits))
        except RefusedError:
            return False
        return True

    def compose(self, letter: Letter) -> Composed:
        """The final bytes of a letter, under a Message-ID that names its ticket.

        Raises:
            RefusedError: nobody or nothing to write to, an address or a file that cannot be put into a mail, or more of
                it than the mail server takes.
        """
        envelope_from = addr_spec(letter.sender.email, smtputf8=_carries_all(letter.limits))
        recipients = _recipients(letter)
        message_id = f"<{letter.token}@{envelope_from.rpartition('@')[2]}>"
        files = files_of(letter, self.stored, self.attachment_limit)
        content = _content(letter.text, [each.part for each in files])
        fields = [*_fields(letter, message_id), *self._outlooks(letter), *_automatic(letter, message_id)]
        raw = "\r\n".join([*fields, "MIME-Version: 1.0", content]).encode()
        _refuse_too_large(raw, letter.limits, files)
        contents = tuple(each.data for each in files)
        return Composed(message_id, raw, envelope_from, recipients, described(files), contents)

    def _outlooks(self, letter: Letter) -> tuple[str, ...]:
        if not letter.answered:
            return ()
        try:
            return thread_fields(self.stored(letter.answered))
        except StoreDamaged:  # an answer without them is as good an answer
            return ()


def _carries_all(limits: Limits | None) -> bool:
    return limits is not None and limits.smtputf8


def _recipients(letter: Letter) -> tuple[str, ...]:
    """The envelope: everybody once, in the order in which they were named."""
    smtputf8 = _carries_all(letter.limits)
    everybody: dict[str, str] = {}
    for each in (*letter.to, *letter.cc, *letter.bcc):
        address = _destination(each, smtputf8=smtputf8)
        everybody.setdefault(address.casefold(), address)
    if not everybody:
        raise RefusedError("this mail has no recipient", "say whom it goes to")
    return tuple(everybody.values())


def _destination(person: Address, *, smtputf8: bool) -> str:
    """Where a mail goes; an address may be none that an agent wrote, so they are told how to choose another."""
    try:
        return addr_spec(person.email, smtputf8=smtputf8)
    except RefusedError as error:
        raise RefusedError(
            error.message, f"{error.hint}, or name another: --to, or the recipients in the review"
        ) from error


def _fields(letter: Letter, message_id: str) -> Iterator[str]:
    smtputf8 = _carries_all(letter.limits)
    people = {"From": (letter.sender,), "To": letter.to, "Cc": letter.cc}
    answered = sendable_ids([letter.in_reply_to] if letter.in_reply_to else [], REFERENCES_LIMIT)
    # A mail that refers to nothing refers to itself: an answer to it names this id even where a server on the way,
    # as Amazon's and Microsoft's do, gives the mail a Message-ID of its own.
    references = sendable_ids([*letter.references, *answered], REFERENCES_LIMIT) or (message_id,)
    yield f"Date: {format_datetime(letter.date.astimezone(UTC))}"
    yield from (address_field(name, who, smtputf8=smtputf8) for name, who in people.items() if who)
    if letter.reply_to:
        yield address_field("Reply-To", [letter.reply_to], smtputf8=smtputf8)
    yield text_field("Subject", letter.subject[:SUBJECT_LIMIT])
    yield f"Message-ID: {message_id}"
    if answered:
        yield id_field("In-Reply-To", answered)
    yield id_field("References", references)


def _automatic(letter: Letter, message_id: str) -> tuple[str, ...]:
    """What keeps machines from answering a mail that no person wrote (RFC 3834 5); people's mails carry none of it.

    X-Loop is our own mark: the token in it is signed.
    """
    if letter.purpose is not Purpose.AUTOMATIC:
        return ()
    return ("Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All", f"X-Loop: {message_id[1:-1]}")


def _refuse_too_large(raw: bytes, limits: Limits | None, files: tuple[File, ...]) -> None:
    """Before it is queued: the server would refuse it only once the agent has gone on to something else."""
    if limits and limits.size and len(raw) > limits.size:
        raise RefusedError(
            f"this mail has {_megabytes(len(raw))} and the mail server takes at most {_megabytes(limits.size)}",
            "send fewer or smaller files, or a link (a file grows by a third in a mail)" if files else "shorten it",
        )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.3g} MB" if size >= 100_000 else f"{size / 1000:.3g} kB"  # noqa: PLR2004 - 0.1 MB


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


def _random_word() -> str:
    """128 random bits, in lower-case letters and digits."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
