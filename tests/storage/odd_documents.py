"""Strategies (hypothesis) for documents as people and programs make them, and for what is asked and done with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from tinydb import Query, operations
from tinydb.queries import QueryInstance

from tests.storage.model import Fields, Update

SUBJECTS = ("refund", "late", "a late refund", "Réfund!", "возврат денег", "")
NUMBERS = (0, 1, -7, 1.0, 0.1, -0.0, 2**63 - 1, 2**64 - 1, 1e300)

scalars: st.SearchStrategy[Any] = st.sampled_from([None, True, False, *NUMBERS, "open", "é", "", "z'\"", "日本"])
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "open", "ключ"]), inner, max_size=2)
    ),
    max_leaves=4,
)
documents: st.SearchStrategy[Fields] = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["open", "closed"]) | values,
        "subject": st.sampled_from(SUBJECTS),
        "n": st.integers(-5, 5) | st.none(),
        "tags": st.lists(st.sampled_from(["vip", "late", "é"]), max_size=3),
        "ticket": st.integers(1, 3),
        "deep": st.dictionaries(st.sampled_from(["er", "odd key"]), values, max_size=2),
    },
)
unstorable: st.SearchStrategy[Any] = st.sampled_from([float("nan"), float("-inf"), {1, 2}, 2**64, b"bytes", {1: "a"}])

_paths = st.sampled_from(["status", "n", "deep.er", "tags", "ticket"])


def _at(path: str) -> Query:
    """The field at a path. No strategy may hold a field: it answers to every name, also those hypothesis looks for."""
    field = Query()
    for key in path.split("."):
        field = field[key]
    return field


_leaves: st.SearchStrategy[QueryInstance] = st.one_of(
    st.builds(lambda path, value: _at(path) == value, _paths, scalars),
    st.builds(lambda path, value: _at(path) != value, _paths, scalars),
    st.builds(lambda path: _at(path).exists(), _paths),
    st.builds(lambda path, some: _at(path).one_of(some), _paths, st.lists(scalars, max_size=3)),
    st.builds(lambda some: _at("tags").any(some), st.lists(st.sampled_from(["vip", "late"]), max_size=2)),
    st.builds(lambda path: _at(path).test(_is_text), _paths),
)
queries: st.SearchStrategy[QueryInstance] = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.builds(lambda one, other: one & other, inner, inner),
        st.builds(lambda one, other: one | other, inner, inner),
        st.builds(lambda one: ~one, inner),
    ),
    max_leaves=3,
)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _add_a_tag(document: Fields) -> None:
    document["tags"] = [*document["tags"], "more"]  # in place it would change the list in `updates` itself


_operations: st.SearchStrategy[Update] = st.one_of(
    st.sampled_from(["status", "n", "tags"]).map(operations.delete),
    st.sampled_from(["n", "ticket"]).map(operations.increment),
    st.builds(operations.set, st.sampled_from(["n", "ticket"]), st.integers(-5, 5)),
    st.just(_add_a_tag),
)
updates: st.SearchStrategy[Update] = documents | _operations
"""Fields to set, TinyDB's own operations, and a function; they fail where a document has no such field."""

orders = st.sampled_from([(), ("n",), ("-n",), ("ticket", "-n"), ("-ticket", "n"), ("doc_id",), ("-doc_id",)])


def in_order(tables: Mapping[int, Fields], order: tuple[str, ...]) -> list[int]:
    """The ids of these documents in an order of `DocumentTable.find`, by sorting again and again."""
    numbers = sorted(tables, reverse=bool(order) and order[-1].startswith("-"))
    for path in reversed(order):
        name = path.removeprefix("-")
        known: dict[int, Any] = {each: each if name == "doc_id" else tables[each].get(name) for each in numbers}
        there = [number for number in numbers if known[number] is not None]
        missing = [number for number in numbers if known[number] is None]
        numbers = sorted(there, key=known.__getitem__, reverse=path.startswith("-")) + missing
    return numbers
