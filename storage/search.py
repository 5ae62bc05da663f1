"""Searches as TinyDB queries over ticket documents, of a shape that the database decides alone.

The rule they follow is desk/matching.py. What few tickets say is looked up while compiling: a compiled search holds
the numbers of those that say it now, so it is made anew for each read and used in the same snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from operator import ge, gt, le, lt
from typing import Any, cast

from tinydb.queries import QueryInstance, where

from desk.expression import And, Expression, Field, Match, Not, Operator, Or, Said, Words
from desk.ticket import Status
from storage.codec import moment
from storage.database import TicketStore
from storage.engine import Engine
from storage.query import saying, unset
from storage.together import calling_to
from storage.words import TextQuery

_Stored = str | int | None
_Found = tuple[str, TextQuery]
"""A collection, and what is looked for in its full text."""

_FEW = 1_000
"""So many tickets are looked up by their numbers; what more of them say is compared with each that is walked by."""

_SEVERAL = 5_000
"""So many are where several words are looked up together: common ones too are said together by few tickets."""

_SHORT = 3
"""Letters of a word that may be the beginning of very many."""

_COMPARISONS: dict[Operator, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_PEOPLE: dict[Said, str] = {"customer": "customer", "from": "senders", "to": "recipients"}


def compile_expression(store: TicketStore, expression: Expression) -> QueryInstance | None:
    """The query that ticket documents are asked; None asks for everything.

    Raises:
        StorageError: the full text cannot be read.
    """
    return None if expression == And(()) else _compiled(store, expression)


def speaking(store: TicketStore, words: Sequence[Words]) -> frozenset[int]:
    """The numbers of all tickets that say all of these words, or own what says them.

    Raises:
        StorageError: the full text cannot be read.
    """
    return frozenset(store.engine.saying_all([texts for each in words for texts in _texts(each)], None))


def _compiled(store: TicketStore, expression: Expression) -> QueryInstance:
    match expression:
        case And(parts):
            return _all_of(store, parts)
        case Or(parts):
            queries = (_compiled(store, each) for each in parts)
            found = [each for each in queries if each != _NOTHING]  # one index is walked where nothing else is asked
            return _joined(QueryInstance.__or__, found, empty=_NOTHING)
        case Not(inner):
            return ~_compiled(store, inner)
        case Words():
            return _saying_all(store, _texts(expression))
        case Match():
            return _condition(store, expression)


def _all_of(store: TicketStore, parts: Sequence[Expression]) -> QueryInstance:
    """All that is said of the status becomes one list of statuses, which an index finds; `-is:closed` is three.

    Words are looked up together.
    """
    statuses = [said for each in parts if (said := _statuses(each)) is not None]
    queries = [_one_of("status", frozenset[str].intersection(*statuses))] if statuses else []
    words = [each for each in parts if isinstance(each, Words) and each.text.strip()]
    if words:
        queries.append(_saying_all(store, [texts for each in words for texts in _texts(each)]))
    queries += [_compiled(store, each) for each in parts if _statuses(each) is None and each not in words]
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


def _texts(words: Words) -> list[tuple[_Found, ...]]:
    """For each word, or for the phrase, where it may be found; one of these places is enough."""
    pieces = [words.text] if words.phrase else words.text.split()
    look = partial(TextQuery, prefix=not words.phrase)
    match words.field:
        case None:
            about = partial(look, fields=("subject", "customer"))
            return [(("tickets", about((each,))), ("entries", look((each,)))) for each in pieces]
        case "subject":
            return [(("tickets", look((each,), fields=("subject",))),) for each in pieces]
        case people:
            among = partial(look, fields=(_PEOPLE[people],), people=True)
            return [(("tickets", among((each,))),) for each in pieces]


def _saying_all(store: TicketStore, said: Sequence[Sequence[_Found]]) -> QueryInstance:
    """What tickets say and own, each of it in one of some places; common words are said together by few."""
    if len(said) > 1 and not any(_may_begin_many(text) for each in said for _, text in each):
        several = store.engine.saying_all(said, _SEVERAL)
        if len(several) < _SEVERAL:
            return _one_of("number", several)
    return _joined(QueryInstance.__and__, [_saying(store, each) for each in said], empty=_NOTHING)


def _saying(store: TicketStore, texts: Sequence[_Found]) -> QueryInstance:
    """What tickets say, and what they own."""
    engine = store.engine

    def found(limit: int | None = None) -> frozenset[int]:
        return frozenset[int]().union(*(engine.owners(collection, text, limit) for collection, text in texts))

    if any(_is_common(engine, *each) for each in texts) or len(few := found(_FEW)) >= _FEW:
        return saying("number", [(engine.schema[collection], text) for collection, text in texts], found)
    return _one_of("number", few)


def _is_common(engine: Engine, collection: str, text: TextQuery) -> bool:
    """Whether so many say this that to gather them only to learn how many would double the work."""
    if _may_begin_many(text):
        return True
    return len(engine.owners(collection, replace(text, prefix=False), _FEW)) >= _FEW


def _may_begin_many(text: TextQuery) -> bool:
    """Whether the few letters that are typed of a word so far may be the beginning of very many."""
    begun = [each.words for each in text.asked if each.unfinished]
    return any(len(words) == 1 and len(words[0]) < _SHORT for words in begun)


def _written_by(store: TicketStore, key: str) -> list[int]:
    """The tickets of the customer with this `Address.key`; the full text finds the few that it may be."""
    tickets = store.table("tickets")
    text = TextQuery((key,), fields=("customer",), people=True)
    candidates = tickets.matching_ids(text) if text.asked else tickets.ids()
    emails = tickets.values("customer.email", candidates)
    return [number for number, email in emails.items() if email.casefold() == key]


def _condition(store: TicketStore, condition: Match) -> QueryInstance:
    match condition:
        case Match("customer", "is", str(key)):
            return _one_of("number", _written_by(store, key))
        case Match("merged_into", "is", int() | None as into):  # few are merged away: quicker by their numbers
            into_which = where("merged_into") > 0 if into is None else where("merged_into") == into
            merged = _one_of("number", store.table("tickets").ids(into_which, order_by="merged_into"))
            return ~merged if into is None else merged
        case Match("snoozed_until", ">", datetime() as since):  # likewise
            asleep = where("snoozed_until") > moment(since)
            return _one_of("number", store.table("tickets").ids(asleep, order_by="snoozed_until"))
        case Match("holds", "has", "draft"):  # likewise; a ticket holds a draft as long as the drafts do
            return _one_of("number", store.table("drafts").distinct("ticket"))
        case Match("holds", "has", str(value)) if value.startswith("@"):  # likewise, as long as mentions do
            agent = value.removeprefix("@").removesuffix("!")
            return _one_of("number", calling_to(store, agent, seen=not value.endswith("!")))
        case Match(field, operator, value):
            return _leaf(field, operator, moment(value) if isinstance(value, datetime) else value)


def _leaf(field: Field, operator: Operator, value: _Stored) -> QueryInstance:
    match operator:
        case "is":
            return unset(field) if value is None else _one_of(field, (value,))
        case "has":
            return where(field).any([value])
        case _:
            return _compared(field, operator, value)


def _compared(field: Field, operator: Operator, value: _Stored) -> QueryInstance:
    """TinyDB's comparison, which is false where there is nothing to compare."""
    compare = _COMPARISONS[operator]
    return QueryInstance(
        lambda document: document[field] is not None and compare(document[field], value), (operator, (field,), value)
    )


def _one_of(field: str, values: Iterable[_Stored]) -> QueryInstance:
    """One of these values; TinyDB asks for a list but takes any container, and a set answers at once."""
    return where(field).one_of(cast("list[_Stored]", frozenset(values)))


_NOTHING = _one_of("number", ())
