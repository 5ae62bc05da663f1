"""What became of every mail that came in: the ledger, what is parked, which ids lead to which ticket."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

from desk.conversation import EntryId
from desk.incoming import FolderState, Outcome, Place, Row
from desk.parked import ParkedId, ParkedMail, Trait
from desk.people import Address
from desk.ticket import TicketNumber


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

    def forget(self, mailbox: str, folder: str, uidvalidity: int, uids: Collection[int]) -> None:
        """Remove the rows of these UIDs: the server gives them to other mails, or did so."""
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

    def look_out(self, place: Place, message_ids: Iterable[str]) -> None:
        """The mail at this place belongs to no ticket before one of these ids is on one."""
        ...

    def look_again(self, message_ids: Iterable[str]) -> None:
        """These ids came to a ticket: what looked out for them loses its row, and its folder notes it as `again`."""
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

    def link(self, number: TicketNumber, own: Iterable[str], mentioned: Iterable[str] = ()) -> None:
        """Remember ids of a ticket: its `own` for mails we hold, and those that were only mentioned there."""
        ...

    def unlink(self, message_ids: Iterable[str], number: TicketNumber, *, own: bool) -> None:
        """Forget that these ids lead to this ticket, as mails that went to another one."""
        ...

    def tickets(self, message_ids: Collection[str], *, own: bool) -> dict[str, list[TicketNumber]]:
        """By id the tickets that hold (`own`) or mention the mail, newest link first; of an id in wide use not all."""
        ...
