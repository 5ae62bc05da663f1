"""Mails that are kept and stand on no ticket, such as copies of what we sent with another program: whom they name."""

from __future__ import annotations

import binascii
import re
from collections.abc import Collection, Iterator

from desk.desk import Desk
from desk.errors import StoreDamaged

_BLANK_LINE = re.compile(rb"\n[\r\n]*\n")
_BASE64 = re.compile(rb"[A-Za-z0-9+/\r\n]{8,}")


class LooseMails:
    """The loose mails that name somebody. Each is read from the disk once: most of them before the store is locked."""

    def __init__(self, desk: Desk, keys: Collection[str]) -> None:
        self._desk, self._keys = desk, keys
        self._read = set[str]()
        self._naming = set[str]()
        self.naming()

    def naming(self) -> set[str]:
        """The sha256 of those that name this person, as of now."""
        there = self._desk.store.customers.loose_raws()
        for raw in there - self._read:
            self._read.add(raw)
            if self._names(raw):
                self._naming.add(raw)
        return self._naming & there

    def _names(self, raw: str) -> bool:
        try:
            return names_any(self._desk.blobs.get(raw), self._keys)
        except StoreDamaged:
            return False


def names_any(data: bytes, keys: Collection[str]) -> bool:
    """Whether one of these addresses stands in a text or in a mail, in whatever transfer encoding (RFC 2045 6)."""
    texts = (each.decode("utf-8", "replace").casefold() for each in _decoded(data))
    return any(key in text for text in texts for key in keys)


def _decoded(data: bytes) -> Iterator[bytes]:
    """Bytes as they are, and as they would be if they were encoded: MIME that is broken must hide nobody."""
    yield data
    yield binascii.a2b_qp(data)
    for paragraph in _BLANK_LINE.split(data):  # else the end of a head would be taken for the first letters
        for run in _BASE64.findall(paragraph):
            digits = run.translate(None, b"\r\n")
            yield binascii.a2b_base64(digits[: len(digits) - (len(digits) % 4 == 1)] + b"==")
