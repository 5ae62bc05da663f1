"""Mentions, promises and shifts that were handed over, a document for each."""

from __future__ import annotations

from dataclasses import replace

from tinydb import Query
from tinydb.queries import QueryInstance

from desk.conversation import EntryId
from desk.handovers import Handover, HandoverId
from desk.mentions import Mention, MentionId
from desk.people import Handle
from desk.promises import Promise, PromiseId
from desk.ticket import TicketNumber
from storage.codec import from_row, to_document
from storage.database import TicketStore

WAITS, SEEN, GONE = "waits", "seen", "gone"
"""How a mention stands."""


class StoredMentions:
    """Implements desk.ports.Mentions."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("mentions")

    def of(self, number: TicketNumber) -> list[Mention]:
        """On one ticket, oldest first."""
        return self._where(Query().ticket == number)

    def in_note(self, entry: EntryId) -> list[Mention]:
        """In one note, oldest first."""
        return self._where(Query().entry == entry)

    def waiting(self, agent: Handle) -> list[Mention]:
        """Those that an agent has still to look at, oldest first."""
        return self._where((Query().agent == agent) & (Query().state == WAITS))

    def add(self, mention: Mention) -> Mention:
        """Keep a new one."""
        return replace(mention, id=MentionId(self._table.insert(_with_mark(mention))))

    def put(self, mention: Mention) -> None:
        """Keep one as it is now."""
        self._table.put(mention.id, _with_mark(mention))

    def _where(self, condition: QueryInstance) -> list[Mention]:
        return [from_row(Mention, each) for each in self._table.rows(condition, order_by="doc_id")]


def _with_mark(mention: Mention) -> dict[str, object]:
    """As a document that an index finds by how it stands."""
    return to_document(mention, state=GONE if mention.is_gone else WAITS if mention.waits else SEEN)


def calling_to(store: TicketStore, agent: str, *, seen: bool) -> frozenset[int]:
    """The tickets on which a note names this agent; without those that they have `seen` since, where that is false."""
    mentions, states = store.table("mentions"), [WAITS, SEEN] if seen else [WAITS]
    found = mentions.ids((Query().agent == agent) & Query().state.one_of(states))
    return frozenset(mentions.values("ticket", found).values())


class StoredPromises:
    """Implements desk.ports.Promises."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("promises")

    def get(self, promise: PromiseId) -> Promise | None:
        """The promise with this id, if there is one."""
        return next((from_row(Promise, each) for each in self._table.rows_of([promise])), None)

    def of(self, number: TicketNumber) -> list[Promise]:
        """On one ticket, oldest first."""
        return [from_row(Promise, each) for each in self._table.rows(Query().ticket == number, order_by="doc_id")]

    def standing(self) -> list[Promise]:
        """All that have still to be kept, the first due first."""
        found = self._table.rows(Query().state == "stands", order_by=("due", "doc_id"))
        return [from_row(Promise, each) for each in found]

    def add(self, promise: Promise) -> Promise:
        """Keep a new one."""
        return replace(promise, id=PromiseId(self._table.insert(_with_state(promise))))

    def put(self, promise: Promise) -> None:
        """Keep one as it is now."""
        self._table.put(promise.id, _with_state(promise))


def _with_state(promise: Promise) -> dict[str, object]:
    return to_document(promise, state="stands" if promise.stands else "over")


class StoredHandovers:
    """Implements desk.ports.Handovers."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("handovers")

    def all(self) -> list[Handover]:
        """Newest first."""
        return [from_row(Handover, each) for each in self._table.rows(None, order_by="-doc_id")]

    def add(self, handover: Handover) -> Handover:
        """Keep a new one."""
        return replace(handover, id=HandoverId(self._table.insert(to_document(handover))))

    def put(self, handover: Handover) -> None:
        """Keep one as it is now."""
        self._table.put(handover.id, to_document(handover))

    def remove(self, handover: HandoverId) -> None:
        """Forget one."""
        self._table.remove(doc_ids=[handover])
