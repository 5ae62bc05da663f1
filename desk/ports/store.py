"""The store as a whole."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from desk.ports.automatic import Acknowledgements
from desk.ports.customers import Customers, Erasures, Profiles, Tombstones
from desk.ports.mail_in import Ledger, Parked, Threads
from desk.ports.outbox import Outbox, Senders
from desk.ports.people import Agents, Beginnings, Drafts, Presences, ThrownDrafts, Views
from desk.ports.tickets import Conversations, Tickets
from desk.ports.together import Handovers, Mentions, Promises


class Watch(Protocol):
    """Tells one asking thread what changed in the store, whoever changed it."""

    def poll(self) -> frozenset[tuple[str, int]] | None:
        """(collection, id) of all that changed since the last call; None: too much to say, read everything again."""
        ...


class Leases(Protocol):
    """Which process alone does something for all of them, such as fetching a mailbox's mail."""

    def take(self, name: str, holder: str, until: datetime, now: datetime) -> bool:
        """Take a lease that is free, or renew one's own; False while somebody else holds it."""
        ...

    def holder(self, name: str, now: datetime) -> str | None:
        """Who holds a lease; None when nobody does any more."""
        ...

    def release(self, name: str, holder: str) -> None:
        """Give up a lease in the name of its holder; one that somebody else took meanwhile stays theirs."""
        ...


class Store(Protocol):
    """The shared ticket store: one commit for each action, seen by all processes."""

    @property
    def tickets(self) -> Tickets: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def senders(self) -> Senders: ...
    @property
    def acknowledgements(self) -> Acknowledgements: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def parked(self) -> Parked: ...
    @property
    def threads(self) -> Threads: ...
    @property
    def agents(self) -> Agents: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def thrown(self) -> ThrownDrafts: ...
    @property
    def beginnings(self) -> Beginnings: ...
    @property
    def views(self) -> Views: ...
    @property
    def presences(self) -> Presences: ...
    @property
    def mentions(self) -> Mentions: ...
    @property
    def promises(self) -> Promises: ...
    @property
    def handovers(self) -> Handovers: ...
    @property
    def leases(self) -> Leases: ...
    @property
    def customers(self) -> Customers: ...
    @property
    def profiles(self) -> Profiles: ...
    @property
    def tombstones(self) -> Tombstones: ...
    @property
    def erasures(self) -> Erasures: ...

    def secret(self) -> bytes:
        """This desk's own random key, 32 bytes, made when it is first asked for; it never leaves the store."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """One writer at a time everywhere; nests by joining; an exception takes everything back."""
        ...

    def writer(self) -> str:
        """Which other process keeps us from writing just now, in words; empty where none does, or nobody knows."""
        ...

    def insist(self, goes_on: Callable[[], bool]) -> None:
        """Let this thread from now on wait for its turn to write, whoever keeps the store, while `goes_on` says so."""
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """Several reads of one moment."""
        ...

    def digests(self) -> set[str]:
        """Whatever looks like a sha256 anywhere in the store: what it needs, or more."""
        ...

    def watch(self) -> Watch: ...
    def rest(self) -> None:
        """Give back what this thread's reading took: it reads nothing for a while, and is inside no transaction."""
        ...

    def tidy(self) -> None:
        """Let go of what nobody asks for any more; to be called now and then."""
        ...

    def close(self) -> None: ...
