"""Tickets as documents: one for each, its number the document's id."""

from __future__ import annotations

from collections.abc import Sequence

from desk.expression import And, Expression, Match, Not
from desk.ports import Sort
from desk.ticket import Ticket, TicketNumber
from storage.codec import from_document, to_document
from storage.database import TicketStore
from storage.search import compile_expression
from storage.table import StoredDocument

_ORDERS: dict[Sort, tuple[str, ...]] = {"updated": ("-updated",), "created": ("-created",), "id": ("-doc_id",)}
_WAITS = Not(Match("waiting_since", "is", None))


class StoredTickets:
    """Implements desk.ports.Tickets."""

    def __init__(self, store: TicketStore) -> None:
        self._store, self._table = store, store.table("tickets")

    def get(self, number: TicketNumber) -> Ticket | None:
        """The ticket with this number, if there is one."""
        document = self._table.get(doc_id=number)
        return _ticket(document) if isinstance(document, StoredDocument) else None

    def many(self, numbers: Sequence[TicketNumber]) -> list[Ticket]:
        """The tickets with these numbers, in this order; numbers that are not there are left out."""
        found = {document.doc_id: document for document in self._table.get(doc_ids=list(numbers))}
        return [_ticket(found[number]) for number in numbers if number in found]

    def add(self, ticket: Ticket) -> Ticket:
        """Store a new ticket under the next free number."""
        with self._store.transaction():
            number = self._table.insert(to_document(ticket))
            self._table.update({"number": number}, doc_ids=[number])
            return from_document(Ticket, to_document(ticket), number=number)

    def put(self, ticket: Ticket) -> None:
        """Store a ticket as it is now."""
        self._table.update(to_document(ticket), doc_ids=[ticket.number])

    def find(
        self, query: Expression, *, sort: Sort = "updated", reverse: bool = False, limit: int | None = None
    ) -> list[Ticket]:
        """The tickets that match, in order."""
        found: list[StoredDocument] = []
        with self._store.snapshot():
            for part, order in _in_order(query, sort, reverse=reverse):
                left = None if limit is None else limit - len(found)
                found += self._table.find(compile_expression(self._store, part), order_by=order, limit=left)
        return [_ticket(document) for document in found]

    def numbers(self, query: Expression, *, sort: Sort = "updated", reverse: bool = False) -> list[TicketNumber]:
        """Only the numbers of the tickets that match, in order."""
        found: list[int] = []
        with self._store.snapshot():
            for part, order in _in_order(query, sort, reverse=reverse):
                found += self._table.ids(compile_expression(self._store, part), order_by=order)
        return [TicketNumber(number) for number in found]

    def count(self, query: Expression) -> int:
        """How many tickets match."""
        with self._store.snapshot():
            return self._table.count(compile_expression(self._store, query))

    def tags(self) -> list[str]:
        """Every tag in use, by name."""
        return self._table.distinct("tags")


def _ticket(document: StoredDocument) -> Ticket:
    return from_document(Ticket, document, number=document.doc_id)


def _in_order(query: Expression, sort: Sort, *, reverse: bool) -> list[tuple[Expression, tuple[str, ...]]]:
    """The reads that make up a sorted list; by waiting, those that wait come before those that do not."""
    if sort == "waiting":
        reads = [(And((query, _WAITS)), ("waiting_since",)), (And((query, Not(_WAITS))), _ORDERS["updated"])]
    else:
        reads = [(query, _ORDERS[sort])]
    return [(part, _reversed(order)) for part, order in reversed(reads)] if reverse else reads


def _reversed(order: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path[1:] if path.startswith("-") else f"-{path}" for path in order)
