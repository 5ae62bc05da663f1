"""What goes out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from desk.attempts import Ending
from desk.conversation import OutboxId
from desk.outgoing import OutboxEntry, SendingAccount
from desk.ticket import TicketNumber


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

    def waiting(self) -> list[OutboxEntry]:
        """All queued and deferred mails, whenever their time comes, the longest due first."""
        ...

    def in_flight(self) -> list[OutboxEntry]:
        """Mails that some process has claimed or is sending."""
        ...

    def uncertain(self) -> list[OutboxEntry]:
        """Mails of which nobody knows whether they went out, oldest first."""
        ...

    def wanting_copy(self) -> list[OutboxEntry]:
        """Mails that were sent and have still to be put into the folder of sent mail, oldest first."""
        ...

    def of(self, number: TicketNumber) -> list[OutboxEntry]: ...
    def with_message_id(self, message_id: str) -> OutboxEntry | None: ...
    def tickets(self, message_ids: Collection[str]) -> dict[str, TicketNumber]:
        """By id the tickets of those mails that are ours."""
        ...

    def all(self, limit: int | None = None) -> list[OutboxEntry]:
        """Newest first."""
        ...


class Senders(Protocol):
    """The accounts that mailboxes send through, as they were when they were last used."""

    def get(self, mailbox: str) -> SendingAccount | None: ...
    def put(self, account: SendingAccount) -> None:
        """Keep what is known of an account in the place of what was."""
        ...

    def all(self) -> list[SendingAccount]:
        """By the names of their mailboxes."""
        ...


class Endings(Protocol):
    """How attempts ended that the store would not take yet; by claim, from several threads."""

    def keep(self, ending: Ending) -> None:
        """Hold it until it is dropped, on disk where that can be; never raises."""
        ...

    def all(self) -> Sequence[Ending]:
        """Whatever is held, by this process or by others of this desk."""
        ...

    def drop(self, ending: Ending) -> None:
        """Let go of one that the store has taken."""
        ...
