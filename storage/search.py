"""Searches as TinyDB queries over ticket documents, shaped so that the database can narrow them.

The rule they follow is desk/matching.py. Full text is looked up while compiling: a compiled search holds the numbers
of the tickets that say those words now, so it is made anew for each read and used in the same snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import ge, gt, le, lt
from typing import Any, cast

from tinydb.queries import QueryInstance, where

from desk.expression import And, Expression, Field, Match, Not, Operator, Or, Words
from desk.matching import contains
from desk.ticket import Status
from storage.codec import moment
from storage.database import TicketStore
from storage.words import TextQuery

_Stored = str | int | None
_COMPARISONS: dict[Operator, Callable[[Any, Any], QueryInstance]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def compile_expression(store: TicketStore, expression: Expression) -> QueryInstance | None:
    """The query that ticket documents are asked; None asks for everything.

    Raises:
        StorageError: the full text cannot be read.
    """
    return None if expression == And(()) else _compiled(store, expression)


def _compiled(store: TicketStore, expression: Expression) -> QueryInstance:
    match expression:
        case And(parts):
            return _all_of(store, parts)
        case Or(parts):
            return _joined(QueryInstance.__or__, [_compiled(store, each) for each in parts], empty=_NOTHING)
        case Not(inner):
            return ~_compiled(store, inner)
        case Words():
            return _one_of("number", _saying(store, expression))
        case Match():
            return _condition(store, expression)


def _all_of(store: TicketStore, parts: Sequence[Expression]) -> QueryInstance:
    """All that is said of the status becomes one list of statuses, which an index finds; `-is:closed` is three."""
    statuses = [said for each in parts if (said := _statuses(each)) is not None]
    queries = [_one_of("status", frozenset[str].intersection(*statuses))] if statuses else []
    queries += [_compiled(store, each) for each in parts if _statuses(each) is None]
    return _joined(QueryInstance.__and__, queries, empty=~_NOTHING)


def _statuses(expression: Expression) -> frozenset[str] | None:
    """The statuses that a tree lets through, if it speaks of nothing else."""
    match expression:
        case Match("status", "is", str(status)):
            return frozenset({status})
        case Not(inner):
            inside = _statuses(inner)
            return None if inside is None else frozenset(Status) - inside
        case Or(parts):
            said = [inside for each in parts if (inside := _statuses(each)) is not None]
            return frozenset[str].union(*said) if said and len(said) == len(parts) else None
        case _:
            return None


def _joined(
    join: Callable[[QueryInstance, QueryInstance], QueryInstance],
    queries: Sequence[QueryInstance],
    *,
    empty: QueryInstance,
) -> QueryInstance:
    """As a balanced tree, so that hundreds of words nest no deeper than a dozen."""
    if len(queries) <= 1:
        return queries[0] if queries else empty
    middle = len(queries) // 2
    return join(_joined(join, queries[:middle], empty=empty), _joined(join, queries[middle:], empty=empty))


def _saying(store: TicketStore, words: Words) -> frozenset[int]:
    """The tickets that say all of this, each word in any of their texts; bare words may be beginnings."""
    wanted = [words.text] if words.phrase else words.text.split()
    found = [_holding(store, TextQuery((each,), prefix=not words.phrase)) for each in wanted]
    return frozenset[int].intersection(*found) if found else frozenset()


def _holding(store: TicketStore, text: TextQuery) -> frozenset[int]:
    tickets, entries = store.table("tickets"), store.table("entries")
    said = entries.values("ticket", entries.matching_ids(text))
    return frozenset(tickets.matching_ids(text)).union(said.values())


def _written_by(store: TicketStore, key: str) -> list[int]:
    """The tickets of the customer with this `Address.key`; the full text finds the few that it may be."""
    tickets, local = store.table("tickets"), key.partition("@")[0]
    searchable = local.isascii() and any(map(str.isalnum, local))
    candidates = tickets.matching_ids(TextQuery((local,), field="customer.email")) if searchable else tickets.ids()
    emails = tickets.values("customer.email", candidates)
    return [number for number, email in emails.items() if email.casefold() == key]


def _condition(store: TicketStore, condition: Match) -> QueryInstance:
    match condition:
        case Match("customer", "is", str(key)):
            return _one_of("number", _written_by(store, key))
        case Match("merged_into", "is", None):  # few are merged away, and their numbers are quicker than all others'
            return ~_one_of("number", store.table("tickets").ids(where("merged_into") > 0, order_by="merged_into"))
        case Match("holds", "has", "draft"):  # likewise; a ticket holds a draft as long as the drafts do
            return _one_of("number", store.table("drafts").distinct("ticket"))
        case Match(field, operator, value):
            return _leaf(field, operator, moment(value) if isinstance(value, datetime) else value)


def _leaf(field: Field, operator: Operator, value: _Stored) -> QueryInstance:
    match operator:
        case "is":
            return _one_of(field, (value,))
        case "has":
            return where(field).any([value])
        case "contains":
            part = str(value)
            return QueryInstance(lambda document: contains(_texts(field, document), part), ("contains", field, part))
        case _:
            return ~_one_of(field, (None,)) & _COMPARISONS[operator](where(field), value)


def _texts(field: Field, document: Mapping[str, Any]) -> Sequence[str]:
    customer = document["customer"]
    match field:
        case "customer":
            return customer["name"], customer["email"]
        case "from" | "to":
            return customer["name"], customer["email"], *document["correspondents"]
        case _:
            return (str(document[field] or ""),)


def _one_of(field: str, values: Iterable[_Stored]) -> QueryInstance:
    """One of these values; TinyDB asks for a list but takes any container, and a set answers at once."""
    return where(field).one_of(cast("list[_Stored]", frozenset(values)))


_NOTHING = _one_of("number", ())
