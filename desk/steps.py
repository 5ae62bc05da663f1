"""What a macro wants done to a ticket besides the text: plain values, applied in the same commit as the reply."""

from __future__ import annotations

import re
from dataclasses import dataclass

from desk.people import Handle
from desk.ticket import Priority, Status

_THROUGH = re.compile(r",?\s+through answers?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TagStep:
    """Put tags on and take tags off."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join([*(f"+{tag}" for tag in self.add), *(f"-{tag}" for tag in self.remove)])


@dataclass(frozen=True, slots=True)
class AssignStep:
    """Give the ticket to an agent; None gives it to nobody."""

    to: Handle | None

    def __str__(self) -> str:
        return f"assign {self.to or 'none'}"


@dataclass(frozen=True, slots=True)
class StatusStep:
    """Set the status."""

    status: Status

    def __str__(self) -> str:
        return f"status {self.status}"


@dataclass(frozen=True, slots=True)
class PriorityStep:
    """Set the priority."""

    priority: Priority

    def __str__(self) -> str:
        return f"priority {self.priority}"


@dataclass(frozen=True, slots=True)
class NoteStep:
    """Leave an internal note."""

    text: str

    def __str__(self) -> str:
        return f"note “{self.text}”"


@dataclass(frozen=True, slots=True)
class SnoozeStep:
    """Put the ticket off until a moment, in words that are read when it is done (desk/moments.py).

    An answer wakes it before that, unless it sleeps `through`.
    """

    when: str
    through: bool = False

    @classmethod
    def said(cls, words: str) -> SnoozeStep:
        """`fri 9`, or `fri 9, through answers`."""
        through = _THROUGH.search(words)
        return cls(words[: through.start()] if through else words, through=through is not None)

    def __str__(self) -> str:
        return f"snooze {self.when}{', through answers' if self.through else ''}"


Step = TagStep | AssignStep | StatusStep | PriorityStep | NoteStep | SnoozeStep


@dataclass(frozen=True, slots=True)
class MacroUse:
    """Which macro was used: its file's name, the hash of its content (12 hex digits), whether its text was edited."""

    name: str
    version: str
    edited: bool = False
