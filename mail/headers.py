"""Header fields as text: unfolded, encoded words decoded, one line each (RFC 5322 2.2, RFC 2047, RFC 6532).

A raw value is what the standard library's parser keeps: ASCII, with every byte above 127 as a lone surrogate.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable

from mail.charsets import decode
from mail.defects import Defects

MOST_LINES = 1_000
"""Header fields read of one mail."""

LONGEST = 64 * 1024
"""Characters read of one header field."""

_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_UNWANTED = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


class Headers:
    """The header fields of one mail or part, by name in any case, first one first."""

    def __init__(self, fields: Iterable[tuple[str, str]], defects: Defects) -> None:
        self._raw: dict[str, list[str]] = {}
        self._texts: dict[str, str] = {}
        for count, (name, value) in enumerate(fields):
            if count == MOST_LINES:
                defects.note(f"this mail has more than {MOST_LINES:,} header lines; the rest was not read")
                break
            if len(value) > LONGEST:
                defects.note("a header line of this mail is longer than 64 kB; the rest of it was not read")
            self._raw.setdefault(name.strip().lower(), []).append(value[:LONGEST])

    def __contains__(self, name: str) -> bool:
        return name in self._raw

    @property
    def names(self) -> list[str]:
        """The names of all fields in lower case, each once."""
        return list(self._raw)

    def every(self, name: str) -> list[str]:
        """All raw values of a field."""
        return self._raw.get(name, [])

    def raw(self, name: str) -> str:
        """The first raw value of a field; empty where there is none."""
        found = self._raw.get(name)
        return found[0] if found else ""

    def text(self, name: str) -> str:
        """The first value of a field, decoded, in one line; empty where there is none."""
        if name not in self._texts:
            self._texts[name] = to_text(self.raw(name)) if name in self._raw else ""
        return self._texts[name]


def to_text(raw: str) -> str:
    """A raw value as one line: encoded words decoded once, blanks and line breaks of any kind made one blank."""
    return one_line(_decode_words(raw) if "=?" in raw else without_words(raw))


def without_words(raw: str) -> str:
    """A raw value as text, its encoded words left as they stand: they mean nothing inside an address or an id."""
    return raw if raw.isascii() else decode(to_bytes(raw)).text


def without_blanks(text: str) -> str:
    """The text without blanks, line breaks, NUL and surrogates."""
    return "".join(_UNWANTED.sub("", text).split())


def without_breaks(text: str) -> str:
    """The text without line breaks, NUL and surrogates; blanks stay."""
    return "".join(_UNWANTED.sub("", text).splitlines())


def one_line(text: str) -> str:
    """One line without NUL and surrogates, so that it can be stored; `desk.safe` is for showing it."""
    return " ".join(without_surrogates(text).split())


def without_surrogates(text: str) -> str:
    """The same text without NUL and surrogates, which neither JSON nor a database holds."""
    if text.isascii():
        return text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return _UNWANTED.sub("", text)
    return text.replace("\0", "")


def to_bytes(raw: str) -> bytes:
    """The bytes a raw value was made from."""
    try:
        return raw.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return raw.encode("utf-8", "replace")


def _decode_words(raw: str) -> str:
    """Encoded words of one character set that follow each other are joined first: senders split inside a character."""
    pieces: list[str] = []
    pending, charset, end = b"", "", 0
    for word in _WORD.finditer(raw):
        between = raw[end : word.start()]
        joins = not between.strip() and end > 0
        if not joins or word[1].lower() != charset:
            pieces.append(decode(pending, charset).text)
            pending, charset = b"", word[1].lower()
        if not joins:
            pieces.append(without_words(between))
        pending += _word_bytes(word[2], word[3])
        end = word.end()
    pieces += [decode(pending, charset).text, without_words(raw[end:])]
    return "".join(pieces)


def _word_bytes(encoding: str, text: str) -> bytes:
    data = to_bytes(text)
    if encoding in "bB":
        return tolerant_base64(data)
    return _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), data.replace(b"_", b" "))


def tolerant_base64(data: bytes) -> bytes:
    """What can be had of base64 with junk in it or its end missing."""
    kept = _NOT_BASE64.sub(b"", data)
    kept = kept[:-1] if len(kept) % 4 == 1 else kept
    try:
        return base64.b64decode(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return b""
