"""Mails that are to open tickets, while they are being written: a document for each, by its author."""

from __future__ import annotations

from dataclasses import replace

from tinydb import Query

from desk.beginning import BeginningId, KeptBeginning
from desk.people import Handle
from storage.codec import from_document, to_document
from storage.database import TicketStore


class StoredBeginnings:
    """Implements desk.ports.Beginnings."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("beginnings")

    def all(self) -> list[KeptBeginning]:
        """Everybody's, oldest first."""
        return [from_document(KeptBeginning, each, id=each.doc_id) for each in self._table.find(order_by="doc_id")]

    def of(self, author: Handle) -> list[KeptBeginning]:
        """One agent's, oldest first."""
        there = self._table.find(Query().author == author, order_by="doc_id")
        return [from_document(KeptBeginning, each, id=each.doc_id) for each in there]

    def add(self, beginning: KeptBeginning) -> KeptBeginning:
        """Keep a new one."""
        return replace(beginning, id=BeginningId(self._table.insert(to_document(beginning))))

    def put(self, beginning: KeptBeginning) -> None:
        """Keep one as it is now."""
        self._table.update(to_document(beginning), doc_ids=[beginning.id])

    def remove(self, beginning: BeginningId) -> None:
        """Forget one."""
        self._table.remove(doc_ids=[beginning])
