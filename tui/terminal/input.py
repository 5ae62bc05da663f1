"""What a terminal sends, cut into keys, pasted texts and answers before Textual reads it. Pure.

Textual looks for keys within a pasted text too, so that a text with an ESC in it presses some, forgets the Esc that a
sign follows at once, reads Esc and b or f as keys that move by words, and takes what it cannot read for keys. It never
gets to see any of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tui.terminal.sequences import readable

_ESC = "\x1b"
_BEGINS, _ENDS = "\x1b[200~", "\x1b[201~"
_NUMBERED = r"\[[0-?][0-?-]*[ -/]*"
_BEGUN = re.compile(rf"\x1b(?:{_NUMBERED}|\[M[^\x1b]{{0,2}}|\[\[|[\[\]OP_])?")
"""What is not over yet (ECMA-48 5.4; a click in the old form; a function key of the Linux console), or Esc itself."""
_WHOLE = re.compile(rf"\x1b(?:\[\d{{1,2}}\$|{_NUMBERED}[@-~]|\[M[^\x1b]{{3}}|\[\[[A-E]|\[[@-LN-Z\\-~]|O[ -~]|[\t\x7f])")
_ANSWER = re.compile(r"\x1b(?:\]\d|P[\d>!=$+]|_G)")
"""What begins an answer that goes on until its end (OSC, DCS, APC): nobody types these so fast."""
_LATE = re.compile(r"\x1b(?:\[[0-?].|\]\d+;|P(?:[>!]\||\d[$+])|_G\w=)", re.DOTALL)
"""What nobody types at once behind an Esc that was taken for one: it is the rest of a sequence that was cut there."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BEL, _ST = "\x07", "\x1b\\"


@dataclass(frozen=True, slots=True)
class Keys:
    """Characters that are keys, or a whole sequence that can be read: a key, a click, an answer somebody waits for."""

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


@dataclass(frozen=True, slots=True)
class Unread:
    """An answer that nobody waits for, a part of one, or a sequence that means nothing here."""

    text: str


Piece = Keys | Escaped | Escape | Pasted | Unread


class Sieve:
    """Tells what a terminal sends apart, in whatever parts it comes."""

    def __init__(self) -> None:
        self._waiting = ""
        self._given_up = ""
        self._pasted: list[str] | None = None
        self._is_answer = False

    @property
    def is_waiting(self) -> bool:
        """Whether an Esc, or what it begins, waits for what follows, but not for ever.

        Nobody types the beginning of a paste, of an answer or of any other sequence with numbers: the rest of these is
        awaited however long that takes, or until `forget`.
        """
        return bool(self._waiting) and self._pasted is None and not self._is_answer and not _has_number(self._waiting)

    def feed(self, text: str) -> Iterator[Piece]:
        """Take characters in; what may be the beginning of something longer waits for the rest, or for `give_up`."""
        if _LATE.match(self._given_up + text) and len(text) > 1:
            text = self._given_up + text
        text, self._waiting, self._given_up = self._waiting + text, "", ""
        while text:
            if self._pasted is not None:
                piece, text = self._paste(text)
            elif self._is_answer:
                piece, text = self._answer(text)
            else:
                piece, text = self._first(text)
            if piece is not None:
                yield piece

    def give_up(self) -> Iterator[Piece]:
        """Nothing follows for a while: what waits is keys."""
        if self.is_waiting:
            text, self._waiting = self._waiting, ""
            self._given_up = text
            yield Escaped(text[1]) if text[1:] else Escape()
            if text[2:]:
                yield Keys(text[2:])

    def forget(self) -> None:
        """Nothing followed for so long that the rest of what nobody types is not coming any more, but for a paste's."""
        is_torn = self._pasted is None and _has_number(self._waiting) and not _BEGINS.startswith(self._waiting)
        if is_torn or self._is_answer:
            self._waiting, self._is_answer = "", False

    def _first(self, text: str) -> tuple[Piece | None, str]:
        """The first piece, and what is behind it."""
        if not text.startswith(_ESC):
            keys, found, rest = text.partition(_ESC)
            return Keys(keys), found + rest
        if text.startswith(_BEGINS):
            self._pasted = []
            return None, text[len(_BEGINS) :]
        if begun := _ANSWER.match(text):
            self._is_answer = True
            return Unread(begun[0]), text[begun.end() :]
        if (whole := _WHOLE.match(text)) and (piece := _sequence(whole[0])):
            return piece, text[whole.end() :]
        if _BEGUN.fullmatch(text):
            self._waiting = text
            return None, ""
        return _torn(text)

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

    def _answer(self, text: str) -> tuple[Piece | None, str]:
        """What of an answer is here, and what is behind it; any control character ends one that has no proper end."""
        end = control.start() if (control := _CONTROL.search(text)) else len(text)
        if text[end:] == _ESC:
            self._waiting = _ESC
            return (Unread(text[:end]) if end else None), ""
        self._is_answer = end == len(text)
        closing = next((each for each in (_BEL, _ST) if text.startswith(each, end)), "")
        passed = text[:end] + closing
        return (Unread(passed) if passed else None), text[len(passed) :]


def _has_number(text: str) -> bool:
    return text.startswith("\x1b[") and "0" <= text[2:3] <= "?"


def _sequence(text: str) -> Piece | None:
    """A whole sequence, or nothing where somebody may have typed it and it is no key."""
    if text[1] == "[" and (_has_number(text) or text[2] == "M"):
        return Keys(text) if readable(text) else Unread(text)
    return Keys(text) if readable(text) else None


def _torn(text: str) -> tuple[Piece, str]:
    """What was broken off, or is no sequence at all: Esc and a sign."""
    if _has_number(text):
        begun = _BEGUN.match(text)
        end = begun.end() if begun else 1
        return Unread(text[:end]), text[end:]
    return (Escaped(text[1]), text[2:]) if text[1].isprintable() else (Escape(), text[1:])
