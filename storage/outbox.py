"""Outgoing mails as documents. The last place before a mail is queued, so the last that looks for gaps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from tinydb import Query
from tinydb.queries import QueryInstance

from desk.conversation import OutboxId
from desk.outgoing import Copy, OutboxEntry, OutboxState, refuse_gaps
from desk.ticket import TicketNumber
from storage.codec import from_row, to_document
from storage.database import TicketStore
from storage.engine import Row

_WAITING = Query().state.one_of([OutboxState.QUEUED.value, OutboxState.DEFERRED.value])
_IN_FLIGHT = Query().state.one_of([OutboxState.CLAIMED.value, OutboxState.IN_DATA.value])
_UNCERTAIN = Query().state == OutboxState.UNCERTAIN.value
_WANTING_COPY = Query().copy == Copy.WANTED.value


class StoredOutbox:
    """Implements desk.ports.Outbox."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("outbox")

    def get(self, entry: OutboxId) -> OutboxEntry | None:
        """The mail with this id, if there is one."""
        return next(map(_outgoing, self._table.rows_of([entry])), None)

    def add(self, entry: OutboxEntry) -> OutboxEntry:
        """Queue a mail under the next free id.

        Raises:
            GapsLeft: its draft still holds a marked gap.
        """
        refuse_gaps(entry.draft)
        return replace(entry, id=OutboxId(self._table.insert(to_document(entry))))

    def put(self, entry: OutboxEntry) -> None:
        """Store a mail's state as it is now."""
        self._table.update(to_document(entry), doc_ids=[entry.id])

    def due(self, now: datetime) -> list[OutboxEntry]:
        """Queued and deferred mails whose time has come, oldest first."""
        return [each for each in self.waiting() if each.is_due(now)]

    def waiting(self) -> list[OutboxEntry]:
        """All queued and deferred mails, oldest first."""
        return self._found(_WAITING, "due", "doc_id")

    def in_flight(self) -> list[OutboxEntry]:
        """Mails that some process has claimed or is sending."""
        return self._found(_IN_FLIGHT, "doc_id")

    def uncertain(self) -> list[OutboxEntry]:
        """Mails of which nobody knows whether they went out, oldest first."""
        return self._found(_UNCERTAIN, "doc_id")

    def wanting_copy(self) -> list[OutboxEntry]:
        """Mails that were sent and have still to be put into the folder of sent mail, oldest first."""
        return self._found(_WANTING_COPY, "doc_id")

    def of(self, number: TicketNumber) -> list[OutboxEntry]:
        """One ticket's mails, oldest first."""
        return self._found(Query().ticket == number, "doc_id")

    def with_message_id(self, message_id: str) -> OutboxEntry | None:
        """The mail that was made with this Message-ID."""
        return next(iter(self._found(Query().message_id == message_id, "doc_id")), None)

    def tickets(self, message_ids: Collection[str]) -> dict[str, TicketNumber]:
        """By id the tickets of those mails that are ours."""
        found = self._found(Query().message_id.one_of(list(message_ids)), "-doc_id") if message_ids else []
        return {each.message_id: each.ticket for each in found}

    def all(self, limit: int | None = None) -> list[OutboxEntry]:
        """Every mail, newest first."""
        return list(map(_outgoing, self._table.rows(order_by="-doc_id", limit=limit)))

    def _found(self, condition: QueryInstance, *order: str) -> list[OutboxEntry]:
        return list(map(_outgoing, self._table.rows(condition, order_by=order)))


def _outgoing(row: Row) -> OutboxEntry:
    return from_row(OutboxEntry, row)
