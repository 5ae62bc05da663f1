"""What colleagues tell each other beside the tickets: mentions, promises, shifts that are handed over."""

from __future__ import annotations

from typing import Protocol

from desk.conversation import EntryId
from desk.handovers import Handover, HandoverId
from desk.mentions import Mention
from desk.people import Handle
from desk.promises import Promise, PromiseId
from desk.ticket import TicketNumber


class Mentions(Protocol):
    """Who is named in which note."""

    def of(self, number: TicketNumber) -> list[Mention]:
        """On one ticket, oldest first."""
        ...

    def in_note(self, entry: EntryId) -> list[Mention]:
        """In one note, oldest first."""
        ...

    def waiting(self, agent: Handle) -> list[Mention]:
        """Those that an agent has still to look at, oldest first."""
        ...

    def add(self, mention: Mention) -> Mention:
        """Store a new one under the next free id (the one it brings is ignored)."""
        ...

    def put(self, mention: Mention) -> None: ...


class Promises(Protocol):
    """What was promised on tickets."""

    def get(self, promise: PromiseId) -> Promise | None: ...
    def of(self, number: TicketNumber) -> list[Promise]:
        """On one ticket, kept ones and those taken back too, oldest first."""
        ...

    def standing(self) -> list[Promise]:
        """All that have still to be kept, the first due first."""
        ...

    def add(self, promise: Promise) -> Promise:
        """Store a new one under the next free id (the one it brings is ignored)."""
        ...

    def put(self, promise: Promise) -> None: ...


class Handovers(Protocol):
    """Shifts that were handed over."""

    def all(self) -> list[Handover]:
        """Newest first."""
        ...

    def add(self, handover: Handover) -> Handover:
        """Store a new one under the next free id (the one it brings is ignored)."""
        ...

    def put(self, handover: Handover) -> None: ...
    def remove(self, handover: HandoverId) -> None: ...
