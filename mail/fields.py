"""Header fields of the mails we write: addresses, encoded words, ids, file names (RFC 5322, 2047, 2231).

Names and subjects may come from a stranger's mail. Whatever is returned here has no control characters, so nothing in
it can end a field and begin another; it is ASCII, but for an address that only RFC 6532 lets into a header. What others
wrote is read elsewhere.
"""

from __future__ import annotations

import base64
import re
import string
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from desk.errors import RefusedError
from desk.people import Address
from mail.destinations import addr_spec

LINE = 76
"""Where a header line is folded, in characters (RFC 2047 2: lines with encoded words)."""

NAME_LIMIT = 200
"""Characters that are kept of a display name, and of a file name in ASCII."""

_WORD = 64
_LONGEST_NAME = 900
_PIECE = 20
_ENDING = 12
_BREAKS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_TURNS = re.compile(r"[\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ATOMS = re.compile(rf"{_ATOM}(?: {_ATOM})*")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_MADE_HERE = "@tandem.invalid>"
_Q = {byte: f"={byte:02X}" for byte in range(256)} | {ord(c): c for c in string.ascii_letters + string.digits + "!*+-/"}
_Q[ord(" ")] = "_"


def one_line(text: str) -> str:
    """A text that came from outside as one line without control characters.

    `desk.safe.safe_line` is for terminals: it also takes the joiners that Persian and emoji are spelt with.
    """
    return _TURNS.sub("\ufffd", _BREAKS.sub(" ", text)).strip()


def folded(name: str, words: Iterable[str]) -> str:
    """One field without its last line end; lines are broken between words only."""
    first, *rest = words
    lines = [f"{name}: {first}"]
    for word in rest:
        if len(lines[-1]) + 1 + len(word) > LINE:
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines)


def text_field(name: str, text: str) -> str:
    """A field of free text, such as a subject."""
    text = one_line(text)
    words = text.split(" ")
    plain = text.isascii() and "=?" not in text and max(map(len, words)) < LINE
    return folded(name, words if plain else encoded_words(text))


def address_field(name: str, addresses: Sequence[Address], *, smtputf8: bool = False) -> str:
    """A field of addresses with the names of their owners; `smtputf8` as in `mail.destinations.addr_spec`.

    Raises:
        RefusedError: one of them is no address that we can send to.
    """
    *others, last = (_mailbox(each, smtputf8=smtputf8) for each in addresses)
    listed = [[*words[:-1], f"{words[-1]},"] for words in others]
    return folded(name, [word for words in [*listed, last] for word in words])


def id_field(name: str, ids: Iterable[str]) -> str:
    """A field of message ids."""
    return folded(name, ids)


def encoded_words(text: str) -> list[str]:
    """A text as encoded words of at most 64 characters, none of which splits a character."""
    words: list[str] = []
    chunk = ""
    for char in text:
        if len(_encoded(chunk + char)) > _WORD:
            words.append(_encoded(chunk))
            chunk = ""
        chunk += char
    return [*words, _encoded(chunk)]


def sendable_ids(ids: Iterable[str], limit: int) -> tuple[str, ...]:
    """Message ids that may stand in a mail of ours, each once, at most `limit` bytes of them: the first and the last.

    Left out is what would break the field, and what Tandem made up for mails that had no id.
    """
    good = [each for each in ids if _MESSAGE_ID.fullmatch(each) and not each.endswith(_MADE_HERE)]
    once = list(dict.fromkeys(reversed(good)))
    room = limit - len(once[-1]) if once else 0
    kept: list[str] = []
    for each in once[:-1]:
        room -= len(each) + len("\r\n ")
        if room < 0:
            break
        kept.append(each)
    return (*once[-1:], *reversed(kept))


def disposition(file_name: str) -> str:
    """The field that names an attached file: in ASCII for old readers, in full for all others (RFC 2231).

    Raises:
        RefusedError: the name holds a control character or bytes that are no text.
    """
    if _CONTROL.search(file_name):
        raise RefusedError(f"the file name {file_name!r} cannot stand in a mail", "rename the file, then send again")
    ascii_name = _ascii_name(file_name)
    words = ["attachment;", f'filename="{ascii_name}"']
    if ascii_name != file_name:
        words[-1] += ";"
        words += _encoded_name(file_name)
    return folded("Content-Disposition", words)


def _encoded_name(file_name: str) -> list[str]:
    """The name in full: in one piece, which all readers know, but for one that would not fit into a line."""
    encoded = "UTF-8''" + quote(file_name, safe="")
    if len(encoded) <= _LONGEST_NAME:
        return [f"filename*={encoded}"]
    pieces = re.findall(rf"(?:%..|[^%]){{1,{_PIECE}}}", encoded)
    *others, last = (f"filename*{number}*={piece}" for number, piece in enumerate(pieces))
    return [*(f"{each};" for each in others), last]


def _encoded(chunk: str) -> str:
    data = chunk.encode()
    q = "".join(_Q[byte] for byte in data)
    b = base64.b64encode(data).decode()
    return f"=?utf-8?q?{q}?=" if len(q) <= len(b) else f"=?utf-8?b?{b}?="


def _mailbox(address: Address, *, smtputf8: bool) -> list[str]:
    spec = addr_spec(address.email, smtputf8=smtputf8)
    name = one_line(address.name)[:NAME_LIMIT].strip()
    return [*_phrase(name), f"<{spec}>"] if name else [spec]


def _phrase(name: str) -> list[str]:
    if not name.isascii() or "=?" in name or len(name) >= _WORD:
        return encoded_words(name)
    if _ATOMS.fullmatch(name):
        return name.split(" ")
    return ['"' + re.sub(r'(["\\])', r"\\\1", name) + '"']


def _ascii_name(file_name: str) -> str:
    """The nearest name in ASCII, its end kept: `naïve “plan”.pdf` becomes `naive _plan_.pdf`."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", file_name) if not unicodedata.combining(c))
    plain = re.sub(r"[^ !#-\[\]-~]|%", "_", bare)
    return plain if len(plain) <= NAME_LIMIT else plain[: NAME_LIMIT - _ENDING] + plain[-_ENDING:]
