"""What the desk asks of the outside world, as Protocols; tandem/wiring.py puts real parts behind them.

Everything here is synchronous and may be called from any one thread at a time; `Store` from several.
Every method of the store may raise StorageError.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol

from desk.contact import Contact
from desk.conversation import Act, Entry, EntryId, Event, Happened, Message, OutboxId
from desk.draft import Draft, DraftId
from desk.erasure import Erasure
from desk.expression import Expression
from desk.incoming import FolderState, Incoming, Outcome, Place, Row
from desk.outgoing import Attempt, Composed, Letter, OutboxEntry
from desk.parked import ParkedId, ParkedMail, Trait
from desk.people import Address, Agent, Handle
from desk.presence import Presence
from desk.ticket import Ticket, TicketNumber

Sort = Literal["updated", "created", "id", "waiting"]
"""How a list is ordered. Newest or largest first for updated, created and id; for waiting the longest wait first,
tickets that do not wait at the end, newest first."""


class Tickets(Protocol):
    """All tickets."""

    def get(self, number: TicketNumber) -> Ticket | None: ...
    def many(self, numbers: Sequence[TicketNumber]) -> list[Ticket]:
        """The tickets with these numbers, in this order; numbers that are not there are left out."""
        ...

    def add(self, ticket: Ticket) -> Ticket:
        """Store a new ticket under the next free number (the one it brings is ignored)."""
        ...

    def put(self, ticket: Ticket) -> None: ...
    def find(
        self, query: Expression, *, sort: Sort = "updated", reverse: bool = False, limit: int | None = None
    ) -> list[Ticket]: ...
    def numbers(self, query: Expression, *, sort: Sort = "updated", reverse: bool = False) -> list[TicketNumber]:
        """Only the numbers, for a list of any length that shows a window."""
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

    def arrived(self, since: datetime, until: datetime, most: int, trait: Trait | None = None, value: str = "") -> int:
        """How many mails reached us after `since` and not after `until`, counted up to `most`; with this trait only."""
        ...

    def of_act(self, act: Act) -> list[Event]: ...
    def done_by(self, author: Handle, limit: int) -> list[Event]:
        """An agent's latest events, newest first."""
        ...

    def latest(self, author: Handle, *, but: Collection[Happened]) -> Event | None:
        """The last event, of any kind but these, that an agent did and that is not undone."""
        ...

    def events_between(self, since: datetime, until: datetime) -> list[Event]:
        """What happened to any ticket from `since` until just before `until`, oldest first."""
        ...


class Outbox(Protocol):
    """Outgoing mails and where they stand."""

    def get(self, entry: OutboxId) -> OutboxEntry | None: ...
    def add(self, entry: OutboxEntry) -> OutboxEntry:
        """Queue a mail under the next free id (the one it brings is ignored).

        Raises:
            GapsLeft: its draft still holds a marked gap. No gap passes here, whoever asks.
        """
        ...

    def put(self, entry: OutboxEntry) -> None: ...
    def due(self, now: datetime) -> list[OutboxEntry]:
        """Queued and deferred mails whose time has come, the longest due first."""
        ...

    def in_flight(self) -> list[OutboxEntry]:
        """Mails that some process has claimed or is sending."""
        ...

    def of(self, number: TicketNumber) -> list[OutboxEntry]: ...
    def with_message_id(self, message_id: str) -> OutboxEntry | None: ...
    def tickets(self, message_ids: Collection[str]) -> dict[str, TicketNumber]:
        """By id the tickets of those mails that are ours."""
        ...

    def all(self, limit: int | None = None) -> list[OutboxEntry]:
        """Newest first."""
        ...


class Ledger(Protocol):
    """Which mails of which IMAP folder were taken in."""

    def folder(self, mailbox: str, folder: str) -> FolderState | None: ...
    def put_folder(self, state: FolderState) -> None: ...
    def known(self, mailbox: str, folder: str, uidvalidity: int, *, since: int = 1) -> frozenset[int]:
        """The UIDs from `since` on that have a row."""
        ...

    def has(self, place: Place) -> bool: ...
    def row(self, place: Place) -> Row | None: ...
    def rows(self, mailbox: str, folder: str, uidvalidity: int, *, after: int, limit: int) -> list[tuple[int, Row]]:
        """So many rows of a folder with UIDs above `after`, lowest first."""
        ...

    def forget(self, mailbox: str, folder: str, uidvalidity: int, *, since: int) -> None:
        """Remove the rows of these UIDs: the server is about to give them to other mails."""
        ...

    def places(self, entry: EntryId) -> list[Place]:
        """Where the mail of an entry lies or lay, the newest place first."""
        ...

    def put_raw(self, entry: EntryId, raw: str) -> None:
        """The mail of an entry has other bytes than were known: all of them."""
        ...

    def note_gmail(self, place: Place, gmail_id: str) -> None:
        """Remember what Gmail calls the mail at this place, under whichever label."""
        ...

    def with_gmail(self, mailbox: str, gmail_id: str) -> Row | None:
        """What became of a mail that was taken in under another label."""
        ...

    def record(self, place: Place, outcome: Outcome, entry: EntryId | None, raw: str) -> None: ...
    def settle(self, place: Place, outcome: Outcome, entry: EntryId | None) -> None:
        """Write down what became in the end of a mail that was parked."""
        ...


class Parked(Protocol):
    """Mails that were kept back until an agent decides about them."""

    def all(self, *, settled: bool = False, limit: int | None = None) -> list[ParkedMail]:
        """The mails that wait, or with `settled` also those that an agent has decided about; newest first."""
        ...

    def get(self, parked: ParkedId) -> ParkedMail | None: ...
    def with_raw(self, raw: str) -> ParkedMail | None:
        """The mail with these bytes, by their sha256, that waits or was dropped."""
        ...

    def of_sender(self, sender: Address) -> list[ParkedMail]:
        """Every mail from this address that waits, oldest first."""
        ...

    def add(self, mail: ParkedMail) -> ParkedMail:
        """Store a mail under the next free id (the one it brings is ignored)."""
        ...

    def put(self, mail: ParkedMail) -> None: ...
    def remove(self, parked: ParkedId) -> None: ...
    def count(self) -> int:
        """How many mails wait."""
        ...

    def arrived(self, since: datetime, until: datetime, most: int, trait: Trait | None = None, value: str = "") -> int:
        """As `Conversations.arrived`, of the mails that wait here."""
        ...


class Threads(Protocol):
    """Which Message-IDs belong to which ticket."""

    def link(self, message_ids: Iterable[str], number: TicketNumber, *, own: bool) -> None:
        """Remember ids of a ticket: `own` for mails we hold, not `own` for ids that were only mentioned."""
        ...

    def tickets(self, message_ids: Collection[str], *, own: bool) -> dict[str, list[TicketNumber]]:
        """By id the tickets that hold (`own`) or mention the mail, newest link first; of an id in wide use not all."""
        ...


class Agents(Protocol):
    """The colleagues of this desk."""

    def all(self) -> list[Agent]: ...
    def get(self, handle: Handle) -> Agent | None: ...
    def with_login(self, login: str) -> Agent | None: ...
    def put(self, agent: Agent) -> None: ...
    def remove(self, handle: Handle) -> None: ...


class Drafts(Protocol):
    """Unfinished texts; desk/actions/draft.py decides which may stand beside which."""

    def of(self, number: TicketNumber) -> list[Draft]:
        """One ticket's, oldest first."""
        ...

    def shared(self) -> list[Draft]:
        """The shared draft of every ticket that has one."""
        ...

    def add(self, draft: Draft) -> Draft:
        """Store a new one under the next free id (the one it brings is ignored)."""
        ...

    def put(self, draft: Draft) -> None: ...
    def remove(self, draft: DraftId) -> None: ...


class Presences(Protocol):
    """Who looks at what."""

    def all(self, now: datetime) -> list[Presence]:
        """By agent, each once at a ticket however many screens show it (`each_once`); not what has run out."""
        ...

    def put(self, presence: Presence) -> None:
        """Show this agent's screen at a ticket, and at no other."""
        ...

    def remove(self, agent: Handle, screen: str) -> None:
        """Show this agent's screen at no ticket."""
        ...

    def tidy(self, now: datetime) -> None:
        """Forget what has run out: screens that ended without a word."""
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


class Customers(Protocol):
    """Whom mails are from and to, and how traces of them go; what forgets is called inside a transaction."""

    def contacts(self) -> Iterable[Contact]:
        """Every address of every mail on a ticket."""
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

    def unlink_ticket(self, number: TicketNumber) -> int:
        """Forget every Message-ID that leads to a ticket; returns how many."""
        ...


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


class Watch(Protocol):
    """Tells one asking thread what changed in the store, whoever changed it."""

    def poll(self) -> frozenset[tuple[str, int]] | None:
        """(collection, id) of all that changed since the last call; None: too much to say, read everything again."""
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
    def presences(self) -> Presences: ...
    @property
    def leases(self) -> Leases: ...
    @property
    def customers(self) -> Customers: ...
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

    def snapshot(self) -> AbstractContextManager[None]:
        """Several reads of one moment."""
        ...

    def digests(self) -> set[str]:
        """Whatever looks like a sha256 anywhere in the store: what it needs, or more."""
        ...

    def watch(self) -> Watch: ...
    def tidy(self) -> None:
        """Let go of what nobody asks for any more; to be called now and then."""
        ...

    def close(self) -> None: ...


class Blobs(Protocol):
    """Bytes by their sha256 (64 hex digits), on disk before the call returns."""

    def put(self, data: bytes) -> str: ...
    def put_many(self, data: Sequence[bytes]) -> list[str]: ...
    def get(self, sha256: str) -> bytes:
        """The bytes, checked against their digest.

        Raises:
            StoreDamaged: they are missing or are not what was written.
        """
        ...

    def remove(self, digests: Iterable[str], needed: Callable[[], Collection[str]]) -> int:
        """Remove these for good, but for what is still `needed`, which is asked once nobody puts files in.

        Returns how many went.
        """
        ...


class Composer(Protocol):
    """Makes a mail's bytes."""

    def reaches(self, address: Address) -> bool:
        """Whether mail can be sent to this address at all."""
        ...

    def compose(self, letter: Letter) -> Composed:
        """The final bytes.

        Raises:
            RefusedError: an address, a header or a file cannot be put into a mail, in words.
        """
        ...


class Reader(Protocol):
    """Makes sense of a mail's bytes, whatever they are: never raises on bad mail."""

    def read(self, raw: bytes) -> Incoming: ...


class Sender(Protocol):
    """Hands one mail to the mail server."""

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]) -> Attempt:
        """Try once. `entering_data` is called before the first byte of the body and may raise to stop it.

        Never raises for anything that the mail server or the network does: that is a verdict.
        """
        ...
