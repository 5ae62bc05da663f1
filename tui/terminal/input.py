"""What a terminal sends, cut into keys and pasted texts before Textual reads it. Pure.

Textual looks for keys within a pasted text too, so that a text with an ESC in it presses some, forgets the Esc that a
sign follows at once, and reads Esc and b or f as keys that move by words. It never gets to see any of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ESC = "\x1b"
_BEGINS, _ENDS = "\x1b[200~", "\x1b[201~"
_BEGUN = re.compile(r"\x1b(?:\[[0-?]{0,64}[ -/]{0,4}|O)?")
"""A sequence that is not over yet (ECMA-48 5.4), or Esc itself."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Characters that are keys, mouse reports and answers of the terminal, never cut within a sequence."""

    text: str


@dataclass(frozen=True, slots=True)
class Escaped:
    """Esc, and a printable character that came right behind it: one with Alt, or both typed fast."""

    character: str


@dataclass(frozen=True, slots=True)
class Escape:
    """Esc, and nothing that belongs to it."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text that came between the brackets of a paste, whatever it holds."""

    text: str


Piece = Keys | Escaped | Escape | Pasted


class Sieve:
    """Tells what a terminal sends apart, in whatever parts it comes."""

    def __init__(self) -> None:
        self._waiting = ""
        self._given_up = ""
        self._pasted: list[str] | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether an Esc, or what it begins, waits for what follows, but not for ever.

        Nobody types a half of what begins a paste: its rest is awaited however long that takes.
        """
        is_paste = self._pasted is not None or (len(self._waiting) > len("\x1b[") and _BEGINS.startswith(self._waiting))
        return bool(self._waiting) and not is_paste

    def feed(self, text: str) -> Iterator[Piece]:
        """Take characters in; what may be the beginning of something longer waits for the rest, or for `give_up`."""
        if (self._given_up + text).startswith(_BEGINS):
            text = self._given_up + text
        text, self._waiting, self._given_up = self._waiting + text, "", ""
        while text:
            piece, text = self._paste(text) if self._pasted is not None else self._first(text)
            if piece is None:
                return
            yield piece

    def give_up(self) -> Iterator[Piece]:
        """Nothing follows for a while: what waits is keys."""
        if self.is_waiting:
            text, self._waiting = self._waiting, ""
            self._given_up = text
            if len(text) <= len("\x1bO"):
                yield Escaped(text[1:]) if text[1:] else Escape()
            else:
                yield Keys(text)

    def _first(self, text: str) -> tuple[Piece | None, str]:
        """The first piece, and what is behind it."""
        if not text.startswith(_ESC):
            keys, found, rest = text.partition(_ESC)
            return Keys(keys), found + rest
        if text.startswith(_BEGINS):
            self._pasted = []
            return self._paste(text[len(_BEGINS) :])
        begun = _BEGUN.match(text)
        end = begun.end() if begun else 1
        if end == len(text):
            self._waiting = text
            return None, ""
        return _sequence(text, end)

    def _paste(self, text: str) -> tuple[Piece | None, str]:
        """The pasted text once it is over, and what is behind it."""
        pasted = self._pasted if self._pasted is not None else []
        words, found, rest = text.partition(_ENDS)
        if not found:
            kept = next((n for n in range(len(_ENDS) - 1, 0, -1) if words.endswith(_ENDS[:n])), 0)
            pasted.append(words[: len(words) - kept])
            self._waiting = words[len(words) - kept :]
            return None, ""
        self._pasted = None
        return Pasted("".join((*pasted, words))), rest


def _sequence(text: str, end: int) -> tuple[Piece, str]:
    """A sequence that `end` characters begin and one more ends, or Esc where that one does not belong to it."""
    last = text[end]
    if end > 1:
        is_torn = last == _ESC  # it was broken off: Esc and a sign, or what Textual makes of it
        return (_torn(text[:end]), text[end:]) if is_torn else (Keys(text[: end + 1]), text[end + 1 :])
    if last in "\t\x7f":
        return Keys(text[:2]), text[2:]
    if last.isprintable():
        return Escaped(last), text[2:]
    return Escape(), text[1:]


def _torn(text: str) -> Piece:
    return Escaped(text[1]) if len(text) == len("\x1bO") else Keys(text)
