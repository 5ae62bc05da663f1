"""A ticket that a colleague takes out of the list under the cursor: how it is told, and the moment that follows.

The next ticket comes up on its row, and keys that are on their way were meant for the one that left.
"""

from __future__ import annotations

import time

from desk.conversation import Event
from desk.desk import Desk
from desk.errors import RefusedError
from desk.people import Handle
from desk.safe import safe_line
from desk.ticket import TicketNumber
from tui.words.telling import told
from tui.words.tongue import mark, tr

HOLD = 0.6
"""Seconds for which nothing is done to tickets: as long as it takes to see what happened, and to stop typing."""

_GONE = mark("{number} is no longer in this list")
_LEFT = mark("{number} left this list: {agent} {deed}")


class Departure:
    """The last ticket that left, in words; empty where none did."""

    def __init__(self) -> None:
        self._words = ""
        self._seen = 0.0

    def record(self, words: str) -> None:
        """Take in that a ticket left, before it is shown."""
        self._words, self._seen = words, 0.0

    def show(self) -> str:
        """The words, the first time they can be shown; empty after that."""
        if not self._words or self._seen:
            return ""
        self._seen = time.monotonic()
        return self._words

    def check(self) -> None:
        """Let an action pass.

        Raises:
            RefusedError: a ticket left only just now.
        """
        if self._words and (not self._seen or time.monotonic() - self._seen < HOLD):
            raise RefusedError(self._words)


def told_departure(desk: Desk, number: TicketNumber) -> str:
    """Why a ticket left the list; empty where that is this agent's own doing."""
    events = [each for each in desk.store.conversations.of(number) if isinstance(each, Event)]
    last = events[-1] if events else None
    if last is not None and last.author is not None and last.author == _me(desk):
        return ""
    if last is None or last.author is None or not last.changes:
        return told_gone(number)
    return tr(_LEFT).format(number=number, agent=safe_line(last.author), deed=told(last))


def told_gone(number: TicketNumber) -> str:
    """That a ticket left the list, where nobody knows why."""
    return tr(_GONE).format(number=number)


def tells_of(said: str, number: TicketNumber) -> bool:
    """Whether a sentence tells that this ticket left the list."""
    begins = tr(_LEFT).partition("{agent}")[0]
    return said == told_gone(number) or ("{number}" in begins and said.startswith(begins.format(number=number)))


def _me(desk: Desk) -> Handle | None:
    return desk.acting.handle if desk.acting else None
