"""Compressed RTF, as Outlook keeps the text of a mail, made plain RTF (MS-OXRTFCP)."""

from __future__ import annotations

import struct

LARGEST = 2_000_000
"""Bytes of RTF that are made of a compressed one; it grows at most to nine times its size."""

_HEAD = struct.Struct("<IIII")
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_WINDOW = 4096
_BEGINNING = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What every text starts with in mind (MS-OXRTFCP 2.1.3.1)."""
_REFERENCE = 2
"""Bytes that stand for a piece of what came before: 12 bits say where, 4 how long."""


def decompress(data: bytes) -> bytes:
    """The RTF; empty where this is none, cut where it is broken or too long."""
    if len(data) < _HEAD.size:
        return b""
    _, size, kind, _ = _HEAD.unpack_from(data)
    if kind == _PLAIN:
        return data[_HEAD.size :][: min(size, LARGEST)]
    return _unpacked(data, min(size, LARGEST)) if kind == _COMPRESSED else b""


def _unpacked(data: bytes, size: int) -> bytes:
    """A control byte says of each of the next eight whether it is a byte or a place and length in what came before."""
    text = bytearray(_BEGINNING)
    end = len(_BEGINNING) + size
    at = _HEAD.size
    while at < len(data) and len(text) < end:
        control, at = data[at], at + 1
        for bit in range(8):
            if not control >> bit & 1:
                text += data[at : at + 1]
                at += 1
            elif not _copy(text, data[at : at + 2]):
                return bytes(text[len(_BEGINNING) : end])
            else:
                at += 2
    return bytes(text[len(_BEGINNING) : end])


def _copy(text: bytearray, reference: bytes) -> bool:
    """Repeat a piece of the last 4096 bytes; False where the text ends."""
    if len(reference) != _REFERENCE:
        return False
    place, length = reference[0] << 4 | reference[1] >> 4, (reference[1] & 15) + 2
    back = (len(text) - place) % _WINDOW
    if back == 0 or back > len(text):
        return False
    for _ in range(length):
        text.append(text[-back])
    return True
