"""What is left of an erasure: keyed digests by which erased mail is known, and receipts; neither names anybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from tinydb import Query

from desk.erasure import Erasure, ErasureId
from storage.codec import from_document, to_document
from storage.database import TicketStore


class StoredTombstones:
    """Implements desk.ports.Tombstones."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("tombstones")

    def any(self) -> bool:
        """Whether anything was ever erased."""
        return bool(self._table.ids(limit=1))

    def has(self, digests: Collection[str]) -> bool:
        """Whether one of these digests was put down."""
        return bool(self._table.ids(Query().digest.one_of(sorted(digests)), limit=1))

    def put(self, digests: Iterable[str]) -> None:
        """Put digests down, each once."""
        for each in dict.fromkeys(digests):
            if not self.has([each]):
                self._table.insert({"digest": each})


class StoredErasures:
    """Implements desk.ports.Erasures."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("erasures")

    def all(self) -> list[Erasure]:
        """Every receipt, oldest first."""
        return [from_document(Erasure, each, id=each.doc_id) for each in self._table.find(order_by="doc_id")]

    def add(self, erasure: Erasure) -> Erasure:
        """Keep a new receipt under the next free id."""
        return replace(erasure, id=ErasureId(self._table.insert(to_document(erasure))))

    def put(self, erasure: Erasure) -> None:
        """Keep a receipt as it is now."""
        self._table.update(to_document(erasure), doc_ids=[erasure.id])


def carry_over(before: TicketStore, after: TicketStore) -> None:
    """Let a store that takes the place of another remember what was erased there, under the same key.

    A store with a key of its own is another desk's, for which the digests mean nothing.
    """
    keys, erasures = before.table("keys").find(), before.table("erasures").find(order_by="doc_id")
    if not erasures:
        return
    with after.transaction():
        there = after.table("keys")
        if len(there) and there.find() != keys:
            return
        if not len(there):
            there.insert_multiple(dict(each) for each in keys)
        known = {each["at"] for each in after.table("erasures").find()}
        after.table("erasures").insert_multiple(dict(each) for each in erasures if each["at"] not in known)
        StoredTombstones(after).put(each["digest"] for each in before.table("tombstones").find())
