"""What a whole control sequence is: a key or a report that Textual can read, or an answer of the terminal. Pure.

Textual takes what it cannot read for keys, and breaks over numbers that are no character or are too large.
"""

from __future__ import annotations

import re
from functools import lru_cache

from textual import constants
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS

_MOUSE = re.compile(r"\x1b\[<\d{1,4};-?\d{1,5};-?\d{1,5}[Mm]")
_FOCUS = ("\x1b[I", "\x1b[O")
_MODE = re.compile(r"\x1b\[\?(?:2026|2048);\d\$y")
_SIZE = re.compile(r"\x1b\[48;(\d{1,4})(?::\d*)*;(\d{1,4})(?::\d*)*;(\d{1,5})(?::\d*)*;(\d{1,5})(?::\d*)*t")
_KEY = re.compile(
    r"\x1b\[(?P<code>\d{0,7})(?::\d*)*(?:;(?P<held>\d{0,3})(?::(?P<event>\d*))?)?(?:;(?P<text>[\d:]*))?(?P<end>[u~A-FHPQS])"
)
"""A key as the kitty keyboard protocol writes it; other codes of the same key and the kind of event are optional."""
_RELEASED = "3"
_CHARACTER = re.compile(r"\d{1,7}")
_CONTROLS = (9, 13, 27, 127)
"""Codes of keys that are no characters."""
_OTHER_KEYS = "27~"
"""What begins a key of xterm's modifyOtherKeys, whose code stands where kitty has the text."""


@lru_cache(maxsize=1024)
def readable(sequence: str) -> str:
    """The sequence as Textual reads it; nothing where it cannot: an answer, a key that was let go, or nonsense."""
    if sequence in _FOCUS or _MODE.fullmatch(sequence):
        return sequence
    if sequence.startswith("\x1b[<"):
        return sequence if _MOUSE.fullmatch(sequence) else ""
    if size := _SIZE.fullmatch(sequence):
        return _size(*map(int, size.groups()))
    if (key := _KEY.fullmatch(sequence)) and not constants.DISABLE_KITTY_KEY:
        return _key(key)
    return sequence if sequence in ANSI_SEQUENCES_KEYS else ""


def _size(rows: int, columns: int, height: int, width: int) -> str:
    """A size of the terminal; one that does not know its pixels has one for each cell: Textual divides by them."""
    if not (rows and columns):
        return ""
    if height < rows or width < columns:
        height, width = rows, columns
    return f"\x1b[48;{rows};{columns};{height};{width}t"


def _key(key: re.Match[str]) -> str:
    code, held, event, text, end = key.group("code", "held", "event", "text", "end")
    number, name = int(code or "1"), f"{int(code or '1')}{end}"
    if event == _RELEASED or int(held or "0") > 1 << 8:
        return ""
    if text:
        is_read = all(_CHARACTER.fullmatch(each) and _is_character(int(each)) for each in text.split(":"))
        is_read = is_read and (end == "u" or name in FUNCTIONAL_KEYS or name == _OTHER_KEYS)
    else:
        is_read = name in FUNCTIONAL_KEYS or (end == "u" and _is_own(number))
    return f"\x1b[{code};{held or ''};{text or ''}{end}" if is_read else ""


def _is_own(code: int) -> bool:
    """Whether a key has its character's code, not one of those that kitty gives to keys without any."""
    return _is_character(code) and not 0xE000 <= code <= 0xF8FF  # noqa: PLR2004 - Unicode's private use


def _is_character(code: int) -> bool:
    is_surrogate = 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - as Unicode has them
    return code in _CONTROLS or (0x20 <= code <= 0x10FFFF and not is_surrogate)  # noqa: PLR2004 - likewise
