"""Searches that agents keep as views: a document for each."""

from __future__ import annotations

from dataclasses import replace

from desk.saved_views import SavedView, SavedViewId
from storage.codec import from_document, to_document
from storage.database import TicketStore


class StoredViews:
    """Implements desk.ports.Views."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("views")

    def all(self) -> list[SavedView]:
        """Everybody's, in the order in which they were saved."""
        return [from_document(SavedView, each, id=each.doc_id) for each in self._table.find(order_by="doc_id")]

    def add(self, view: SavedView) -> SavedView:
        """Keep a new one."""
        return replace(view, id=SavedViewId(self._table.insert(to_document(view))))

    def remove(self, view: SavedViewId) -> None:
        """Forget one."""
        self._table.remove(doc_ids=[view])
