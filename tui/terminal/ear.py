"""Turns what the terminal sends into messages: the one place that feeds Textual's parser, which is private to it."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from time import monotonic

from textual import constants
from textual._xterm_parser import XTermParser
from textual.events import Key, Paste
from textual.message import Message

from tui.composer.draft_text import plain
from tui.keys.presses import as_event
from tui.terminal.input import Escape, Escaped, Keys, Pasted, Piece, Sieve, Unread
from tui.terminal.sequences import readable

_STEP = 0.1
"""Seconds after which is looked whether the end has come."""
_LATEST = 3.0
"""Seconds that the rest of a sequence may take over a slow line; what comes after them was typed."""


class Ear:
    """Hears what is typed, clicked, pasted and answered on one terminal."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._sieve, self._parser, self._now = Sieve(), XTermParser(), now
        self._decoder = getincrementaldecoder("utf-8")(errors="replace")
        self._last = 0.0

    @property
    def patience(self) -> float:
        """Seconds to wait for bytes before the next `hear`."""
        if not self._sieve.is_waiting:
            return _STEP
        return min(max(self._last + constants.ESCAPE_DELAY - self._now(), 0.0), _STEP)

    def hear(self, data: bytes) -> Iterator[Message]:
        """What these bytes mean; with none, what those before do that nothing has followed for ESCDELAY."""
        if text := self._decoder.decode(data):
            if self._now() >= self._last + _LATEST:
                self._sieve.forget()
            self._last = self._now()
            yield from self._told(self._sieve.feed(text))
        elif self._sieve.is_waiting and self._now() >= self._last + constants.ESCAPE_DELAY:
            yield from self._told(self._sieve.give_up())
        yield from self._parser.tick()

    def _told(self, pieces: Iterator[Piece]) -> Iterator[Message]:
        for piece in pieces:
            match piece:
                case Keys(text):
                    yield from self._parser.feed(readable(text) if text.startswith("\x1b") else text)
                case Pasted(text):
                    yield Paste(plain(text))
                case Escaped(character):
                    yield with_alt(character)
                case Escape():
                    yield Key("escape", "\x1b")
                case Unread():
                    pass


def with_alt(character: str) -> Key:
    """A key with Alt, as Textual names it."""
    name = as_event(character.lower()).key if len(character.lower()) == 1 else character
    return Key(f"alt+shift+{name}" if character.isupper() else f"alt+{name}", character)
