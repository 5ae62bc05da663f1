"""What mails of the same words share, so that a flood is seen although every one has another sender and number."""

from __future__ import annotations

import hashlib
import re

LOOKED_AT = 4_000
"""Characters of a text that are compared."""

SHORTEST = 20
"""Characters of words below which a text says too little: many people write “Thank you!”."""

_QUOTED = re.compile(r"^>.*$", re.MULTILINE)
_CHANGING = re.compile(r"[@\d]")
_LONGEST_NUMBER = 40
_WORD = re.compile(r"[^\W\d_]+")


def likeness(text: str) -> str:
    """16 hex digits that mails of the same words share, whatever they quote, count and name; empty for few words."""
    own = _QUOTED.sub("", text[:LOOKED_AT]).casefold().split("\n")
    words = " ".join(_WORD.findall("\n".join(map(_lasting, own))))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16] if len(words) >= SHORTEST else ""


def _lasting(line: str) -> str:
    if _CHANGING.search(line) is None:
        return line
    return " ".join(piece for piece in line.split() if not _changes(piece))


def _changes(piece: str) -> bool:
    """Whether a piece between blanks is an address or a number; scripts without blanks write longer ones."""
    return len(piece) <= _LONGEST_NUMBER and _CHANGING.search(piece) is not None
