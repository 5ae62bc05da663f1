"""The accounts that mailboxes send through: one document for each mailbox, kept by its name."""

from __future__ import annotations

from tinydb import Query

from desk.outgoing import SendingAccount
from storage.codec import from_document, to_document
from storage.database import TicketStore


class StoredSenders:
    """Implements desk.ports.Senders."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("senders")

    def get(self, mailbox: str) -> SendingAccount | None:
        """What is known of a mailbox's account; None where it was never used."""
        found = self._table.find(Query().mailbox == mailbox, limit=1)
        return from_document(SendingAccount, found[0]) if found else None

    def put(self, account: SendingAccount) -> None:
        """Keep what is known of an account in the place of what was."""
        self._table.upsert(to_document(account), Query().mailbox == account.mailbox)

    def all(self) -> list[SendingAccount]:
        """What is known of every account that was used, by the names of their mailboxes."""
        return [from_document(SendingAccount, each) for each in self._table.find(order_by="mailbox")]
