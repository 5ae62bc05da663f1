"""Which Message-IDs belong to which ticket: those of mails we hold, and those that such mails only mention."""

from __future__ import annotations

from collections.abc import Iterable

from tinydb import Query

from desk.ticket import TicketNumber
from storage.database import TicketStore


class StoredThreads:
    """Implements desk.ports.Threads."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("threads")

    def link(self, message_ids: Iterable[str], number: TicketNumber, *, own: bool) -> None:
        """Remember ids of a ticket; a link that is there already is left as it is."""
        for message_id in filter(None, message_ids):
            if number not in self.tickets(message_id, own=own):
                self._table.insert({"message_id": message_id, "ticket": number, "own": own})

    def tickets(self, message_id: str, *, own: bool) -> list[TicketNumber]:
        """The tickets that hold (`own`) or mention the mail, oldest link first."""
        linked = (Query().message_id == message_id) & (Query().own == own)
        return [TicketNumber(each["ticket"]) for each in self._table.find(linked, order_by="doc_id")]
