"""Outgoing mails as documents. The last place before a mail is queued, so the last that looks for gaps."""

from __future__ import annotations

from datetime import datetime

from tinydb import Query
from tinydb.queries import QueryInstance

from desk.conversation import OutboxId
from desk.outgoing import OutboxEntry, OutboxState, refuse_gaps
from desk.ticket import TicketNumber
from storage.codec import from_document, to_document
from storage.database import TicketStore
from storage.table import StoredDocument

_WAITING = Query().state.one_of([OutboxState.QUEUED.value, OutboxState.DEFERRED.value])
_IN_FLIGHT = Query().state.one_of([OutboxState.CLAIMED.value, OutboxState.IN_DATA.value])


class StoredOutbox:
    """Implements desk.ports.Outbox."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("outbox")

    def get(self, entry: OutboxId) -> OutboxEntry | None:
        """The mail with this id, if there is one."""
        document = self._table.get(doc_id=entry)
        return _outgoing(document) if isinstance(document, StoredDocument) else None

    def add(self, entry: OutboxEntry) -> OutboxEntry:
        """Queue a mail under the next free id.

        Raises:
            GapsLeft: its draft still holds a marked gap.
        """
        refuse_gaps(entry.draft)
        document = to_document(entry)
        return from_document(OutboxEntry, document, id=self._table.insert(document))

    def put(self, entry: OutboxEntry) -> None:
        """Store a mail's state as it is now."""
        self._table.update(to_document(entry), doc_ids=[entry.id])

    def due(self, now: datetime) -> list[OutboxEntry]:
        """Queued and deferred mails whose time has come, oldest first."""
        return [each for each in self._found(_WAITING, "due", "doc_id") if each.is_due(now)]

    def in_flight(self) -> list[OutboxEntry]:
        """Mails that some process has claimed or is sending."""
        return self._found(_IN_FLIGHT, "doc_id")

    def of(self, number: TicketNumber) -> list[OutboxEntry]:
        """One ticket's mails, oldest first."""
        return self._found(Query().ticket == number, "doc_id")

    def with_message_id(self, message_id: str) -> OutboxEntry | None:
        """The mail that was made with this Message-ID."""
        return next(iter(self._found(Query().message_id == message_id, "doc_id")), None)

    def all(self, limit: int | None = None) -> list[OutboxEntry]:
        """Every mail, newest first."""
        return [_outgoing(each) for each in self._table.find(order_by="-doc_id", limit=limit)]

    def next_due(self) -> datetime | None:
        """When the next queued or deferred mail may be tried."""
        first = self._table.find(_WAITING, order_by="due", limit=1)
        return _outgoing(first[0]).due if first else None

    def _found(self, condition: QueryInstance, *order: str) -> list[OutboxEntry]:
        return [_outgoing(each) for each in self._table.find(condition, order_by=order)]


def _outgoing(document: StoredDocument) -> OutboxEntry:
    return from_document(OutboxEntry, document, id=document.doc_id)
