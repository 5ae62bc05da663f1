"""Which Message-IDs belong to which ticket: those of mails we hold, and those that such mails only mention."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tinydb import Query
from tinydb.queries import QueryInstance

from desk.ticket import TicketNumber
from storage.database import TicketStore
from storage.table import StoredDocument

MOST = 2_000
"""Links that are looked at together; only ids that hundreds of tickets share have so many."""


class StoredThreads:
    """Implements desk.ports.Threads."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("threads")

    def link(self, number: TicketNumber, own: Iterable[str], mentioned: Iterable[str] = ()) -> None:
        """Remember ids of a ticket; a link that is there already is left as it is."""
        wanted = [(each, True) for each in own] + [(each, False) for each in mentioned]
        links = dict.fromkeys(each for each in wanted if each[0])
        there = self._links(dict.fromkeys(each for each, _ in links), Query().ticket == number)
        known = {(each["message_id"], each["own"]) for each in there}
        if new := [each for each in links if each not in known]:
            self._table.insert_multiple({"message_id": each, "ticket": number, "own": own} for each, own in new)

    def unlink(self, message_ids: Iterable[str], number: TicketNumber, *, own: bool) -> None:
        """Forget that these ids lead to this ticket."""
        ids = dict.fromkeys(filter(None, message_ids))
        here = (Query().ticket == number) & (Query().own == own)
        if links := [each.doc_id for each in self._links(ids, here)]:
            self._table.remove(doc_ids=links)

    def tickets(self, message_ids: Collection[str], *, own: bool) -> dict[str, list[TicketNumber]]:
        """By id the tickets that hold (`own`) or mention the mail, newest link first; of an id in wide use not all."""
        found = dict[str, list[TicketNumber]]()
        for each in self._links(message_ids, Query().own == own):
            found.setdefault(each["message_id"], []).append(TicketNumber(each["ticket"]))
        return found

    def _links(self, message_ids: Collection[str], which: QueryInstance) -> list[StoredDocument]:
        if not message_ids:
            return []
        return self._table.find(Query().message_id.one_of(list(message_ids)) & which, order_by="-doc_id", limit=MOST)
