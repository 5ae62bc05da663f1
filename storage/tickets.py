"""Tickets as documents: one for each, its number the document's id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

from tinydb.queries import QueryInstance

from desk.expression import And, Expression, Match, Words
from desk.ports import Sort
from desk.ticket import Ticket, TicketNumber
from storage.codec import from_row, to_document
from storage.database import TicketStore
from storage.engine import Row
from storage.search import compile_expression, speaking
from storage.table import StoredDocument

_ORDERS: dict[Sort, str] = {"updated": "-updated", "created": "-created", "id": "-doc_id", "wakes": "snoozed_until"}
_WAITS = Match("waiting_since", ">=", datetime(1970, 1, 1, tzinfo=UTC))


class StoredTickets:
    """Implements desk.ports.Tickets."""

    def __init__(self, store: TicketStore) -> None:
        self._store, self._table = store, store.table("tickets")

    def get(self, number: TicketNumber) -> Ticket | None:
        """The ticket with this number, if there is one."""
        return next(map(_ticket, self._table.rows_of([number])), None)

    def many(self, numbers: Sequence[TicketNumber]) -> list[Ticket]:
        """The tickets with these numbers, in this order; numbers that are not there are left out."""
        found = {row.id: row for row in self._table.rows_of(numbers)}
        return [_ticket(found[number]) for number in numbers if number in found]

    def add(self, ticket: Ticket) -> Ticket:
        """Store a new ticket under the next free number."""
        with self._store.transaction():
            number = self._table.take_id()
            numbered = replace(ticket, number=TicketNumber(number))
            self._table.insert(StoredDocument(to_document(numbered), number))
            return numbered

    def reserve(self) -> TicketNumber:
        """The next free number, for a ticket that will be `put` in the same transaction."""
        return TicketNumber(self._table.take_id())

    def put(self, ticket: Ticket) -> None:
        """Store a ticket as it is now."""
        self._table.put(ticket.number, to_document(ticket))

    def find(
        self, query: Expression, *, sort: Sort = "updated", reverse: bool = False, limit: int | None = None
    ) -> list[Ticket]:
        """The tickets that match, in order."""
        with self._store.snapshot():
            if sort == "waiting":
                return self.many(self._longest_wait_first(query, reverse=reverse)[:limit])
            found = self._table.rows(self._compiled(query), order_by=_order(sort, reverse=reverse), limit=limit)
            return list(map(_ticket, found))

    def numbers(self, query: Expression, *, sort: Sort = "updated", reverse: bool = False) -> Sequence[TicketNumber]:
        """Only the numbers of the tickets that match, in order; a hundred thousand take less than a megabyte."""
        with self._store.snapshot():
            if sort == "waiting":
                return self._longest_wait_first(query, reverse=reverse)
            found = self._table.packed_ids(self._compiled(query), order_by=_order(sort, reverse=reverse))
            return cast("Sequence[TicketNumber]", found)

    def saying(self, words: Sequence[Words]) -> frozenset[TicketNumber]:
        """The numbers of all tickets that say all of these words, merged ones too; in no order."""
        return cast("frozenset[TicketNumber]", speaking(self._store, words))

    def _longest_wait_first(self, query: Expression, *, reverse: bool) -> list[TicketNumber]:
        """Two reads, since those that do not wait come last and in another order."""
        waiting = self._table.ids(self._compiled(And((query, _WAITS))), order_by="waiting_since")
        known = frozenset(waiting)
        others = [each for each in self._table.ids(self._compiled(query), order_by="-updated") if each not in known]
        found = [TicketNumber(each) for each in waiting + others]
        return found[::-1] if reverse else found

    def count(self, query: Expression) -> int:
        """How many tickets match."""
        with self._store.snapshot():
            return self._table.count(self._compiled(query))

    def tags(self) -> list[str]:
        """Every tag in use, by name."""
        return self._table.distinct("tags")

    def _compiled(self, query: Expression) -> QueryInstance | None:
        return compile_expression(self._store, query)


def _ticket(row: Row) -> Ticket:
    return from_row(Ticket, row)


def _order(sort: Sort, *, reverse: bool) -> str:
    order = _ORDERS[sort]
    if not reverse:
        return order
    return order.removeprefix("-") if order.startswith("-") else f"-{order}"
