"""What could not be read of one mail, collected in words for an agent."""

from __future__ import annotations

from desk.safe import safe_line

MOST = 30
"""Sentences kept for one mail; a mail with more is broken in ways nobody will read about."""


class Defects:
    """Short plain sentences, each one once, in the order they were found."""

    def __init__(self) -> None:
        self._found: dict[str, None] = {}

    def note(self, sentence: str) -> None:
        """Keep a sentence; it may quote the mail, so it is made safe to show here."""
        if len(self._found) < MOST:
            self._found[safe_line(sentence)] = None

    @property
    def found(self) -> tuple[str, ...]:
        """All sentences so far."""
        return tuple(self._found)


def quoted(text: str, at_most: int = 60) -> str:
    """A piece of the mail for use in a sentence: one line, cut, in quotation marks."""
    line = safe_line(text)
    return f"“{line}”" if len(line) <= at_most else f"“{line[:at_most]}…”"
