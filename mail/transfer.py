"""Transfer encodings undone: base64, quoted-printable and uuencode, as much as can be had (RFC 2045 6)."""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from itertools import islice

from mail.defects import Defects, quoted
from mail.headers import tolerant_base64

_IDENTITY = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit"})
_NAMES = {
    "base64": "base64",
    "quoted-printable": "quoted-printable",
    "quotedprintable": "quoted-printable",
    "uuencode": "uuencode",
    "x-uuencode": "uuencode",
    "x-uue": "uuencode",
    "uue": "uuencode",
}
_MOST_BROKEN_LINES = 1_000
_FILE_IN_TEXT = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n((?:[!-`][ -`]{0,90}\r?\n)++)end[ \t]*\r?$", re.MULTILINE
)
MOST_FILES_IN_TEXT = 20
_NAME = re.compile(r"[\s\"']*([\w-]*)")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n\v\f"
_PADDED = re.compile(rb"[^=]+=*\s*")
"""Base64 up to its padding; more follows where gateways put a piece behind it."""
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_LONG_RUN = re.compile(rb"[A-Za-z0-9+/]{45}")
"""Longer than any word, and shorter than the lines that programs make."""
_PADDED_LINE = re.compile(rb"\s*+(?:[A-Za-z0-9+/]{4})*+[A-Za-z0-9+/]{2,3}={1,2}\s")
_WITH_FOOTER = re.compile(
    rb"(?P<coded>\s*+(?:(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2,3}={1,2})?[ \t]*\r?\n)++)"
    rb"(?P<footer>(?:[ \t]*+\r?\n)*+(?=[^\r\n]*[^A-Za-z0-9+/=\s])(?=[\s\S]*?\w[,:]?[ ]\w)[\s\S]+)\Z"
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BROKEN_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")


def undo_transfer(data: bytes, encoding: str, defects: Defects, *, is_text: bool = False) -> bytes:
    """The bytes a part's body stands for. `encoding` is its Content-Transfer-Encoding, raw; `is_text`: by its type."""
    found = _NAME.match(encoding.lower())
    name = found[1] if found else ""
    match _NAMES.get(name):
        case "base64" if b" " in data.strip().partition(b"\n")[0].strip() or (is_text and _is_prose(data)):
            defects.note("a part says that it is base64 and is not; it was taken as it is")
            return data
        case "base64" if is_text and (mixed := _WITH_FOOTER.match(data)) and not _LONG_RUN.search(mixed["footer"]):
            return _with_footer(mixed["coded"], mixed["footer"], defects)
        case "base64":
            return _base64(data, defects)
        case "quoted-printable":
            return _quoted_printable(data, defects)
        case "uuencode":
            return _uuencode(data)
        case _:
            if name not in _IDENTITY:
                defects.note(f"a part has the unknown transfer encoding {quoted(name)}; it was taken as it is")
            return data


def _base64(data: bytes, defects: Defects) -> bytes:
    pieces = _PADDED.findall(data)
    if data.translate(None, _BASE64):
        defects.note("a part is not clean base64; what could be read of it is kept")
        pieces = [data]
    try:
        return b"".join(map(binascii.a2b_base64, pieces))
    except binascii.Error:
        defects.note("a part in base64 is cut or broken; what could be read of it is kept")
        return tolerant_base64(data)


def _with_footer(coded: bytes, footer: bytes, defects: Defects) -> bytes:
    """A text, and what a list put below it as it stands: plain words, where those do not blur what the text is in."""
    text = _base64(coded, defects)
    if b"\0" in text or not _is_utf_8(text) or not footer.isascii():
        defects.note("a part is not clean base64; what could be read of it is kept")
        return text
    defects.note("words that are no base64 stand below a part in base64; they are shown below its text")
    return text.rstrip() + b"\n\n" + footer.strip()


def _is_prose(data: bytes) -> bool:
    """Whether a text stands there uncoded: as base64 it is broken, has no long runs, and comes to no text."""
    kept = _NOT_BASE64.sub(b"", data)
    is_broken = bool(data.translate(None, _BASE64)) or len(kept) % 4 == 1
    if not is_broken or _LONG_RUN.search(data) or _CONTROL.search(data) or _PADDED_LINE.match(data):
        return False
    decoded = tolerant_base64(kept)
    is_text = _is_utf_8(decoded) and not _CONTROL.search(decoded)
    return not is_text or len(kept) * 2 < len(b"".join(data.split()))


def _is_utf_8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _quoted_printable(data: bytes, defects: Defects) -> bytes:
    if _BROKEN_ESCAPE.search(data):
        defects.note("a part is not clean quoted-printable; what could be read of it is kept")
    return binascii.a2b_qp(data)


def _uuencode(data: bytes) -> bytes:
    """The first file between `begin` and `end`; lines that break the rules are left out, up to a thousand of them.

    A short line stands for a long one that ends in blanks, so there is an end before more comes out than was put in.
    """
    _, begin, rest = data.partition(b"begin ")
    return _uuencoded_lines(rest.splitlines()[1:], len(data)) if begin else b""


def uuencoded_files(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The files that stand uuencoded in a text, as old programs attach them: their names and contents."""
    for found in islice(_FILE_IN_TEXT.finditer(text), MOST_FILES_IN_TEXT):
        yield found[1], _uuencoded_lines(found[2].splitlines(), len(found[2]))


def _uuencoded_lines(lines: list[bytes], most: int) -> bytes:
    decoded = bytearray()
    broken = 0
    for line in lines:
        if line.strip() in (b"end", b"`") or broken > _MOST_BROKEN_LINES or len(decoded) > most:
            break
        try:
            decoded += binascii.a2b_uu(line)
        except binascii.Error:
            broken += 1
    return bytes(decoded)
