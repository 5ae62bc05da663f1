"""Who alone does something for all processes: one row for each lease, decided where the store is written."""

from __future__ import annotations

from datetime import datetime

from tinydb import Query
from tinydb.queries import QueryInstance

from desk.lease import Lease
from storage.codec import from_document, moment, to_document
from storage.database import TicketStore


class StoredLeases:
    """Implements desk.ports.Leases."""

    def __init__(self, store: TicketStore) -> None:
        self._store, self._table = store, store.table("leases")

    def take(self, name: str, holder: str, until: datetime, now: datetime) -> bool:
        """Take a lease that is free, or renew one's own; False while somebody else holds it."""
        with self._store.transaction():
            if self.holder(name, now) not in (None, holder):
                return False
            self._table.upsert(to_document(Lease(name, holder, until.replace(microsecond=0))), Query().name == name)
            return True

    def holder(self, name: str, now: datetime) -> str | None:
        """Who holds a lease; None when nobody does any more."""
        found = self._table.find((Query().name == name) & (Query().until > moment(now)), limit=1)
        return from_document(Lease, found[0]).holder if found else None

    def release(self, name: str, holder: str) -> None:
        """Give up a lease in the name of its holder; one that somebody else took meanwhile stays theirs."""
        mine: QueryInstance = (Query().name == name) & (Query().holder == holder)
        self._table.remove(mine)
