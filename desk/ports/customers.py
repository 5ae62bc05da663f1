"""Those who write to a desk, and how they are forgotten."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Protocol

from desk.contact import Contact, Tally
from desk.conversation import EntryId, Message
from desk.erasure import Erasure
from desk.incoming import Place
from desk.profiles import Profile, ProfileId
from desk.ticket import TicketNumber


class Customers(Protocol):
    """Whom mails are from and to, and how traces of them go; what forgets is called inside a transaction."""

    def contacts(self) -> Iterable[Contact]:
        """Every address of every mail on a ticket."""
        ...

    def mails_from(self, keys: Collection[str], limit: int) -> list[Message]:
        """The latest mails that came from one of these addresses (see `Address.key`), the latest first."""
        ...

    def tally(self, keys: Collection[str], tickets: Collection[TicketNumber]) -> Tally:
        """How many mails came from these addresses, and how many went to them on these tickets, sent or to be sent."""
        ...

    def mentioning(self, texts: Collection[str]) -> frozenset[tuple[str, int]]:
        """(collection, id) of every document in which one of these folded texts stands, in whatever case."""
        ...

    def tickets_of(self, documents: Iterable[tuple[str, int]]) -> frozenset[TicketNumber]:
        """The tickets that these documents are or belong to."""
        ...

    def reword(self, texts: Collection[str], change: Callable[[str], str]) -> int:
        """Change every text in every document where one of these folded texts stands; returns how many documents."""
        ...

    def places_of(self, entries: Collection[EntryId], raws: Collection[str]) -> list[Place]:
        """Where on the mail server the mails of these entries, or with bytes of these sha256, lie."""
        ...

    def raws_of(self, entries: Collection[EntryId]) -> set[str]:
        """The sha256 of all copies of mails that became these entries."""
        ...

    def loose_raws(self) -> set[str]:
        """The sha256 of mails that the ledger keeps and that no entry is of."""
        ...

    def forget_places(self, entries: Collection[EntryId], raws: Collection[str]) -> None:
        """Let the ledger say of these mails only that they were erased."""
        ...

    def forget_bytes(self, entries: Collection[EntryId]) -> None:
        """Let the ledger not say any more which bytes these mails had."""
        ...

    def unlink(self, message_ids: Iterable[str]) -> int:
        """Forget which tickets these Message-IDs lead to; returns how many links that were."""
        ...

    def unlink_ticket(self, number: TicketNumber, *, but: Collection[str] = ()) -> int:
        """Forget every Message-ID that leads to a ticket, `but` these; returns how many."""
        ...


class Profiles(Protocol):
    """What agents know of customers beyond the mails."""

    def all(self) -> list[Profile]:
        """Oldest first."""
        ...

    def get(self, profile: ProfileId) -> Profile | None: ...
    def of(self, keys: Collection[str]) -> list[Profile]:
        """The profiles that name one of these addresses, oldest first."""
        ...

    def add(self, profile: Profile) -> Profile:
        """Keep a new profile under the next free id (the one it brings is ignored)."""
        ...

    def put(self, profile: Profile) -> None: ...
    def remove(self, profile: ProfileId) -> None: ...


class Tombstones(Protocol):
    """Keyed digests by which erased mail is known."""

    def any(self) -> bool:
        """Whether anything was ever erased."""
        ...

    def has(self, digests: Collection[str]) -> bool:
        """Whether one of these digests was put down."""
        ...

    def put(self, digests: Iterable[str]) -> None: ...


class Erasures(Protocol):
    """Receipts of erasures."""

    def all(self) -> list[Erasure]:
        """Oldest first."""
        ...

    def add(self, erasure: Erasure) -> Erasure:
        """Keep a new receipt under the next free id (the one it brings is ignored)."""
        ...

    def put(self, erasure: Erasure) -> None: ...
