"""Queries over the store and over stock TinyDB in memory must find the same documents, however odd they are."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tinydb import Query, TinyDB, where
from tinydb.queries import QueryInstance
from tinydb.storages import MemoryStorage
from tinydb.table import Table

from storage.database import TicketStore
from storage.predicate import EVERYTHING, UNDECIDED
from storage.query import compile_query
from storage.table import DocumentTable

SCALARS: list[Any] = [
    *(None, True, False, 0, 1, 2, -5, 1.0, 2.5, -0.0, 2**40, 2**63 - 1, -(2**63), 0.1, 1e300, 123456789.123456789),
    *(2**53, 2**53 + 1, 2.0**53, 2.0**63, 5e-324),
    *("open", "closed", "mia", "", "1", "true", "null", "é", "z'\"", "[urgent]", "{x}", "o", "日本語", "Ünïcode", "\t"),
]
VALUES: list[Any] = [
    *SCALARS,
    [],
    ["open"],
    ["mia", 1, None],
    [["open"]],
    {},
    {"email": "mia"},
    {"open": 1},
    [{"n": 1}],
    *(2**63, 2**64 - 1, 2.0**64),
    *([1, 2.5, None], [True], [["open", {"n": [1]}]], [{"n": 2}, {"n": 1}, "n"], {"n": {"email": ["mia"]}}, [{}]),
]
LIFTED = ["status", "assignee", "updated", "customer.email", "merged_into", "unread"]
PLAIN = ["free", "deep.er", "ticks"]
ODD = ["odd key", 'quo"te', "dot.ted", "ключ"]
OPERANDS: list[Any] = [*VALUES, 2**80, float("inf"), "\ud800", "nul\0", ("open",), 0.30000000000000004]


def random_document(r: random.Random) -> dict[str, Any]:
    document: dict[str, Any] = {key: r.choice(VALUES) for key in ODD if r.random() < 0.2}
    for path in LIFTED + PLAIN:
        if r.random() < 0.75:
            *above, last = path.split(".")
            at = document
            for key in above:
                at = at.setdefault(key, {})
            at[last] = r.choice(VALUES)
    return document


def random_field(r: random.Random) -> Query:
    if r.random() < 0.1:
        return Query()[r.choice(ODD)]
    field = Query()
    for key in r.choice(LIFTED + PLAIN).split("."):
        field = field[key]
    return field


def random_leaf(r: random.Random) -> QueryInstance:
    field, operand = random_field(r), r.choice(OPERANDS)
    some = r.sample(OPERANDS, r.randrange(4))
    texts = r.sample(["open", "mia", "o", "é", "", "email"], r.randrange(3))
    leaves: list[Callable[[], QueryInstance]] = [
        lambda: field == operand,
        lambda: field == r.choice(SCALARS),
        lambda: field != operand,
        lambda: field != r.choice(SCALARS),
        lambda: field < r.choice(SCALARS),
        lambda: field <= r.choice(SCALARS),
        lambda: field > r.choice(SCALARS),
        lambda: field >= r.choice(SCALARS),
        field.exists,
        lambda: field.one_of(some),
        lambda: field.one_of(texts),
        lambda: field.one_of(set(texts)),
        lambda: field.one_of(list(range(40))),
        lambda: field.one_of("open and closed"),
        lambda: field.any(some),
        lambda: field.any(texts),
        lambda: field.all(texts),
        lambda: field.any(where("n") == 1),
        lambda: field.test(lambda value: isinstance(value, str)),
        lambda: field.matches("o.*"),
        lambda: field.search("O", re.IGNORECASE),
        lambda: field.map(str) == "1",
        lambda: Query().fragment({"status": operand}),
        Query().noop,
    ]
    return r.choice(leaves)()


def random_query(r: random.Random, depth: int = 3) -> QueryInstance:
    shape = r.randrange(6) if depth else 0
    if shape < 3:
        return random_leaf(r)
    if shape == 3:
        return ~random_query(r, depth - 1)
    left, right = random_query(r, depth - 1), random_query(r, depth - 1)
    return left & right if shape == 4 else left | right


def found(table: Table, query: QueryInstance) -> list[int] | None:
    """The ids of what matches; None when TinyDB has no answer because unlike types cannot be compared."""
    try:
        return sorted(document.doc_id for document in table.search(query))
    except TypeError:
        return None


@pytest.fixture
def both(store: TicketStore) -> Iterator[tuple[Table, DocumentTable]]:
    with TinyDB(storage=MemoryStorage) as reference:
        yield reference.table("tickets", cache_size=0), store.table("tickets")


def renew(both: tuple[Table, DocumentTable], documents: list[dict[str, Any]]) -> None:
    """Empty both tables and fill them with these."""
    for table in both:
        table.truncate()
        table.insert_multiple(documents)


def test_thousands_of_random_queries_find_what_stock_tinydb_finds(both: tuple[Table, DocumentTable]) -> None:
    r = random.Random(20261)
    reference, table = both
    compared = 0
    for asked in range(4_000):
        if asked % 800 == 0:
            renew(both, [random_document(r) for _ in range(120)])
        query = random_query(r)
        expected = found(reference, query)
        if expected is not None:
            assert found(table, query) == expected, query
            assert table.count(query) == len(expected), query
            assert table.ids(query, limit=7, offset=2) == expected[2:9], query
            compared += 1
    assert compared > 2_500


def test_random_queries_choose_the_same_documents_to_change_and_to_remove(both: tuple[Table, DocumentTable]) -> None:
    r = random.Random(4)
    reference, table = both
    renew(both, [random_document(r) for _ in range(150)])
    changed = removed = 0
    for _ in range(500):
        query, document = random_query(r), random_document(r)
        expected = found(reference, query)
        if expected is not None and 0 < len(expected) <= 5 and r.random() < 0.5:
            assert reference.remove(query) == table.remove(query) == expected
            removed += len(expected)
        elif expected is not None and len(expected) <= 40:
            field = dict(r.sample(sorted(document.items()), 1)) if document else {}
            assert reference.update(field, query) == table.update(field, query) == expected
            changed += len(expected)
    assert {each.doc_id: each for each in table} == {each.doc_id: each for each in reference}
    assert min(changed, removed) > 50


T = Query()


@pytest.mark.parametrize(
    "query",
    [
        T.status == "open",
        T.assignee == None,  # noqa: E711  TinyDB's way to ask for null
        T.assignee != "mia",
        (T.status == "open") & (T.updated >= "2026-01-01T00:00:00Z"),
        T.status.one_of(["open", "waiting"]) | ~(T.customer.email == "a@example.com"),
        T.number.one_of(list(range(10_000))),
        T.number.one_of(frozenset(range(10_000))),
        T.free == 1,
        T.free.exists(),
        T.tags.any(["vip", "\ud800"]),
        T.number > 5,
        T.unread == True,  # noqa: E712  likewise
        T.noop(),
    ],
)
def test_what_the_inbox_asks_is_decided_by_the_database_alone(store: TicketStore, query: QueryInstance) -> None:
    assert compile_query(query, store.engine.dialect("tickets")).exact


@pytest.mark.parametrize(
    "query",
    [
        T.free.any(["vip"]),
        T.tags.all(["vip"]),
        T.subject.search("refund"),
        T.free > 5,
        T.status.test(bool),
        T.ratio == 0.5,
        T.free.one_of([1, "one"]),
    ],
)
def test_what_only_narrows_is_judged_again(store: TicketStore, query: QueryInstance) -> None:
    predicate = compile_query(query, store.engine.dialect("tickets"))
    assert not predicate.exact
    assert predicate.sql != EVERYTHING.sql


class Described:
    """A query of a shape that this version of the store does not know."""

    def __init__(self, description: object) -> None:
        self._hash = description

    def __call__(self, document: object) -> bool:
        return True


@pytest.mark.parametrize(
    "description",
    [None, "open", ("nand", frozenset()), ("==",), ("==", "status", "open"), ("==", ("a'b",), 1), ("==", (), 1), 7],
)
def test_a_query_of_unknown_shape_lets_everything_through(store: TicketStore, description: object) -> None:
    assert compile_query(Described(description), store.engine.dialect("tickets")) == UNDECIDED


def test_a_plain_function_is_a_query_too(store: TicketStore) -> None:
    tickets = store.table("tickets")
    tickets.insert_multiple([{"n": 1}, {"n": 2}])
    assert [each["n"] for each in tickets.search(lambda document: document["n"] > 1)] == [2]


def test_a_document_of_another_type_does_not_match_a_comparison(store: TicketStore) -> None:
    tickets = store.table("tickets")
    tickets.insert_multiple([{"updated": "2026"}, {"updated": 7}, {"updated": None}, {"updated": ["2027"]}, {}])
    assert tickets.ids(T.updated >= "2") == [1]
    assert tickets.ids(T.updated >= 2) == [2]


def test_a_very_deep_query_finds_what_it_should(store: TicketStore) -> None:
    store.table("tickets").insert_multiple({"merged_into": number} for number in range(300))
    query = T.merged_into == 0
    for number in range(1, 200):
        query |= T.merged_into == number
    assert store.table("tickets").count(query) == 200


def test_fields_lifted_in_one_collection_are_plain_in_another(store: TicketStore) -> None:
    outbox = store.table("outbox")
    outbox.insert_multiple([{"assignee": "mia"}, {"assignee": None}])
    assert outbox.ids(T.assignee == "mia") == [1]
    assert outbox.ids(order_by="-assignee") == [1, 2]


def test_a_field_that_always_holds_the_id_is_asked_of_the_key(store: TicketStore) -> None:
    tickets = store.table("tickets")
    tickets.insert_multiple({"number": number} for number in range(1, 100))
    assert tickets.ids(T.number.one_of(list(range(50, 200)))) == list(range(50, 100))
    assert tickets.ids((T.number > 97) | (T.number == 3), order_by="-number") == [99, 98, 3]
    assert tickets.count(~(T.number == 7)) == 98
    assert store.engine.dialect("tickets").value("number", 7) == "id"
