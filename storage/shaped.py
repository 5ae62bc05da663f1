"""Predicates of queries that differ in nothing but their values: worked out once, then only filled in.

A program asks thousands of times for "the document with this Message-ID", and to work a query out takes longer than the
database takes to answer it.
"""

from __future__ import annotations

from typing import Any, cast

from storage.predicate import EVERYTHING, Dialect, Predicate, Scalar
from storage.query import compile_query, is_scalar

_MOST = 500
"""Shapes that are remembered; a program has fewer."""

_WIDEST = 8
"""Values of one `one_of`; longer lists travel in another way."""

_DEEPEST = 20
_UNSAFE = 1 << 53
"""Integers from here on are compared in another way."""

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})

Shape = tuple[Any, ...]
"""What a query says of itself, with the types of its values in their place."""


class _Shapeless(Exception):
    """This query is to be worked out by itself."""


class Predicates:
    """The predicates of one collection's queries, by any number of threads."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._known: dict[Shape, Predicate | None] = {}

    def of(self, query: Any) -> Predicate:
        """The predicate of a TinyDB query, as `compile_query` makes it; None asks for everything."""
        if query is None:
            return EVERYTHING
        values: list[Scalar] = []
        try:
            shape = _shape(getattr(query, "_hash", None), values, 0)
        except _Shapeless:
            return compile_query(query, self._dialect)
        if shape not in self._known:
            return self._learnt(shape, query, tuple(values))
        known = self._known[shape]
        if known is None:
            return compile_query(query, self._dialect)
        return Predicate(known.sql, tuple(values), known.exact, known.paths, known.keys)

    def _learnt(self, shape: Shape, query: Any, values: tuple[Scalar, ...]) -> Predicate:
        """Only where each value became one parameter, in their order, others can take their places."""
        predicate = compile_query(query, self._dialect)
        if len(self._known) < _MOST:
            self._known[shape] = predicate if predicate.params == values else None
        return predicate


def _shape(node: Any, values: list[Scalar], depth: int) -> Shape:
    """The shape of a query, whose values are added to `values` in the order in which it is worked out."""
    match node:
        case (("and" | "or") as operator, frozenset()) if depth < _DEEPEST:
            parts = cast("frozenset[Any]", node[1])
            return (operator, *(_shape(part, values, depth + 1) for part in parts))
        case ("not", inner) if depth < _DEEPEST:
            return ("not", _shape(inner, values, depth + 1))
        case (operator, path, value) if operator in _COMPARISONS:
            return (operator, path, *_kinds((value,), values))
        case ("one_of", path, tuple()) if 0 < len(wanted := cast("tuple[Any, ...]", node[2])) <= _WIDEST:
            return ("one_of", path, *_kinds(wanted, values))
        case _:
            raise _Shapeless


def _kinds(wanted: tuple[Any, ...], values: list[Scalar]) -> list[type]:
    for each in wanted:
        if not is_scalar(each) or (not isinstance(each, str) and abs(each) >= _UNSAFE):
            raise _Shapeless
    values.extend(wanted)
    return [type(each) for each in wanted]
