"""Random keys of the desk, made when they are first needed and never changed; they leave the store only in backups.

A plain export of the desk holds them too: whoever has it can make tokens that lead to this desk's tickets.
"""

from __future__ import annotations

import secrets

from tinydb import Query

from storage.database import TicketStore

LENGTH = 32
"""Bytes of a key."""


class StoredKeys:
    """The keys, by what they are for."""

    def __init__(self, store: TicketStore) -> None:
        self._store, self._table = store, store.table("keys")

    def get(self, purpose: str) -> bytes:
        """The key for this purpose; of two processes that ask first, one makes it and both get it."""
        return self._found(purpose) or self._made(purpose)

    def _found(self, purpose: str) -> bytes | None:
        found = self._table.find(Query().purpose == purpose, order_by="doc_id", limit=1)
        return bytes.fromhex(found[0]["key"]) if found else None

    def _made(self, purpose: str) -> bytes:
        with self._store.transaction():
            if (key := self._found(purpose)) is None:
                key = secrets.token_bytes(LENGTH)
                self._table.insert({"purpose": purpose, "key": key.hex()})
            return key
