"""The parts of every corpus mail beside those that the standard library finds: types, and bytes as they stand."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.message import Message
from email.policy import compat32
from pathlib import Path

import pytest

from mail.defects import Defects
from mail.parts import Part, leaves, read_tree
from tests.mail.trees import CORPUS

SUFFIXES = frozenset({".eml", ".raw", ".msg", ".txt", ".mbox"})
MAILS = sorted(each for each in CORPUS.rglob("*") if each.suffix in SUFFIXES and "_decoded" not in each.name)
pytestmark = pytest.mark.skipif(not MAILS, reason=f"the corpus of mails is not at {CORPUS}")

SOUGHT = "no boundary is named where it belongs; ours is found in the text"
HEADER = "a header with broken lines or blanks before its colons is read on"
AS_TEXT = "parts that nothing divides are shown as one text, whole"
EMPTY = "a part of no bytes is none"

DEVIATIONS: dict[str, str] = {
    "cpython-email/msg_25.txt": SOUGHT,
    "flanker/mailformed-headers.eml": AS_TEXT,
    "mikel-mail/plain_emails/raw_email_incorrect_header.eml": HEADER,
    "mikel-mail/rfc2822/example13.eml": HEADER,
    "mime4j-testmsgs/ending-boundaries.msg": AS_TEXT,
    "mime4j-testmsgs/missing-inner-start-boundary.msg": AS_TEXT,
    "mime4j-testmsgs/multipartemptypart.msg": AS_TEXT,
    "mime4j-testmsgs/multipartnopart.msg": AS_TEXT,
    "mime4j-testmsgs/obsolete.msg": HEADER,
    "sisimai-bounces-odd/lhost-apachejames-01.eml": SOUGHT,
    "sisimai-bounces-odd/lhost-office365-09.eml": SOUGHT,
    "sisimai-bounces-odd/lhost-office365-11.eml": SOUGHT,
    "stalwart-malformed/013.eml": EMPTY,
    "stalwart-malformed/014.eml": EMPTY,
    "stalwart-malformed/017.eml": "a semicolon is missing before the boundary",
    "stalwart-malformed/019.eml": SOUGHT,
    "stalwart-malformed/020.eml": EMPTY,
    "stalwart-malformed/021.eml": EMPTY,
}
"""Where we differ from the standard library, and why."""

Found = list[tuple[str, bytes]]


class Opaque(Message):
    """A part whose mails inside are left alone, as we leave them."""

    def get_content_maintype(self) -> str:
        return "text" if super().get_content_type().startswith("message/") else super().get_content_maintype()

    def get_content_type(self) -> str:
        found = super().get_content_type()
        return "text/plain" if found.startswith("message/") else found


def theirs(raw: bytes) -> Found:
    root = email.message_from_bytes(raw, _class=Opaque, policy=compat32)
    return [(each.get_content_maintype().replace("multipart", "text"), body(each)) for each in parts(root)]


def parts(message: Message) -> Iterator[Message]:
    return (each for each in message.walk() if not each.is_multipart())


def body(message: Message) -> bytes:
    """The bytes of a part as they stand, without the line ends around them."""
    del message["content-transfer-encoding"]
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.strip()


def ours(raw: bytes) -> Found:
    return [(main_type(each), each.body.strip()) for each in leaves(read_tree(raw, Defects()))]


def main_type(part: Part) -> str:
    found = part.type.value.partition("/")[0]
    return "text" if found in ("message", "multipart") else found


def test_parts_are_those_that_the_standard_library_finds() -> None:
    for path in MAILS:
        raw = path.read_bytes()
        assert ours(raw) == theirs(raw) or named(path) in DEVIATIONS, path


def named(path: Path) -> str:
    return str(path.relative_to(CORPUS))
