"""Tickets, and what was said and done on them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal, Protocol

from desk.conversation import Act, Entry, EntryId, Event, Happened, Message
from desk.expression import Expression, Words
from desk.parked import Trait
from desk.people import Handle
from desk.ticket import Ticket, TicketNumber

Sort = Literal["updated", "created", "id", "waiting", "wakes"]
"""How a list is ordered. Newest or largest first for updated, created and id; for waiting the longest wait first,
tickets that do not wait at the end, newest first; for wakes what wakes soonest first, what does not sleep last."""


class Tickets(Protocol):
    """All tickets."""

    def get(self, number: TicketNumber) -> Ticket | None: ...
    def many(self, numbers: Sequence[TicketNumber]) -> list[Ticket]:
        """The tickets with these numbers, in this order; numbers that are not there are left out."""
        ...

    def add(self, ticket: Ticket) -> Ticket:
        """Store a new ticket under the next free number (the one it brings is ignored)."""
        ...

    def reserve(self) -> TicketNumber:
        """The next free number, for a ticket that will be `put` in the same transaction."""
        ...

    def put(self, ticket: Ticket) -> None: ...
    def find(
        self, query: Expression, *, sort: Sort = "updated", reverse: bool = False, limit: int | None = None
    ) -> list[Ticket]: ...
    def numbers(self, query: Expression, *, sort: Sort = "updated", reverse: bool = False) -> Sequence[TicketNumber]:
        """Only the numbers, for a list of any length that shows a window."""
        ...

    def saying(self, words: Sequence[Words]) -> frozenset[TicketNumber]:
        """The numbers of all tickets that say all of these words, merged ones too; in no order."""
        ...

    def count(self, query: Expression) -> int: ...
    def tags(self) -> list[str]:
        """Every tag in use, by name."""
        ...


class Conversations(Protocol):
    """Messages, notes and events of all tickets."""

    def of(self, number: TicketNumber) -> list[Entry]:
        """One ticket's entries, oldest first."""
        ...

    def get(self, entry: EntryId) -> Entry | None: ...
    def add(self, entry: Entry) -> EntryId:
        """Store a new entry under the next free id (the one it brings is ignored)."""
        ...

    def put(self, entry: Entry) -> None: ...
    def with_message_id(self, message_id: str) -> list[Message]: ...
    def copies(self, message_id: str, *, digest: str, raw: str) -> list[Message]:
        """The messages with this id that are the same mail by their digest or their bytes, or that went out from us."""
        ...

    def dated(self, message_id: str, date: datetime) -> list[Message]:
        """The messages with this id that say this Date, oldest first."""
        ...

    def arrived(self, since: datetime, until: datetime, most: int, trait: Trait | None = None, value: str = "") -> int:
        """How many mails reached us after `since` and not after `until`, counted up to `most`; with this trait only."""
        ...

    def of_act(self, act: Act) -> list[Event]: ...
    def done_by(self, author: Handle, limit: int) -> list[Event]:
        """An agent's latest events, newest first."""
        ...

    def latest(self, author: Handle, *, but: Collection[Happened], past: Collection[Act] = ()) -> Event | None:
        """The last event that an agent did and that is not undone, of any kind `but` these, of no act in `past`."""
        ...

    def events_between(self, since: datetime, until: datetime) -> list[Event]:
        """What happened to any ticket from `since` until just before `until`, oldest first."""
        ...
