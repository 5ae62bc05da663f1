"""Automatic answers that were given, a document for each, and the switch that stops them, at most one document."""

from __future__ import annotations

from datetime import datetime

from tinydb import Query

from desk.acknowledged import Acknowledged, Likeness, Stopped
from storage.codec import from_document, moment, to_document
from storage.database import TicketStore


class StoredAcknowledgements:
    """Implements desk.ports.Acknowledgements."""

    def __init__(self, store: TicketStore) -> None:
        self._table, self._switch = store.table("acknowledged"), store.table("acknowledging_stopped")

    def add(self, answer: Acknowledged) -> None:
        """Remember an answer."""
        self._table.insert(to_document(answer))

    def count(self, since: datetime, likeness: Likeness | None = None, value: str = "") -> int:
        """How many were given since then, of those with this digest."""
        condition = Query().at >= moment(since)
        return self._table.count(condition if likeness is None else condition & (Query()[likeness] == value))

    def forget(self, before: datetime) -> None:
        """Forget those that were given before."""
        self._table.remove(Query().at < moment(before))

    def stopped(self) -> Stopped | None:
        """Since when none are given."""
        found = self._switch.find(order_by="doc_id", limit=1)
        return from_document(Stopped, found[0]) if found else None

    def stop(self, stopped: Stopped) -> None:
        """Give none from now on."""
        self.go_on()
        self._switch.insert(to_document(stopped))

    def go_on(self) -> None:
        """Give them again."""
        self._switch.remove(doc_ids=self._switch.ids())
