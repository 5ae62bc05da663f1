"""TinyDB queries, narrowed by a database.

A TinyDB query carries a description of itself (`QueryInstance._hash`, the key of TinyDB's own query cache).  Here it
becomes a predicate that may let through too much and never too little.  Where the predicate is *exact*, the database
decides alone and may count and page; otherwise the query itself judges every document that was let through.  So what
cannot be translated (a lambda, a regular expression, an odd key) costs time, never correctness, and a description of
a shape that is not known here means "let through".

One thing differs from TinyDB on purpose: where TinyDB raises TypeError because a document holds a text and the query
compares with a number, the document does not match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, cast

Scalar = str | int
"""A value that databases and Python compare alike: text, an integer of 64 bits, or a boolean."""

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_UNSTORED = re.compile("[\0\ud800-\udfff]")
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition on rows; `exact` when it lets through precisely what the query matches."""

    sql: str
    params: tuple[Any, ...] = ()
    exact: bool = False


EVERYTHING = Predicate("TRUE", exact=True)
"""No condition at all."""

UNDECIDED = Predicate("TRUE")
"""Let every document through, to be judged by the query."""

NOTHING = Predicate("FALSE", exact=True)
"""No document matches."""


class Dialect(Protocol):
    """How one engine writes conditions on the fields of one collection.

    Each text is SQL that yields true, false or NULL; each parameter stands in it as `mark`.
    """

    @property
    def mark(self) -> str: ...

    def value(self, path: str, like: Scalar | None) -> str:
        """The scalar at a path, comparable with `like`; NULL where there is none, null, a list or a mapping."""
        ...

    def exists(self, path: str) -> str:
        """There is something at the path, be it null."""
        ...

    def is_null(self, path: str) -> str:
        """There is a null at the path."""
        ...

    def is_text(self, path: str) -> str: ...
    def is_number(self, path: str) -> str:
        """There is a number or a boolean at the path, which Python compares as numbers."""
        ...

    def one_of(self, path: str, values: Sequence[Scalar]) -> tuple[str, tuple[Any, ...]]:
        """The scalar at the path equals one of these values, all texts or all integers; with its parameters."""
        ...

    def may_hold(self, path: str, values: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
        """One of these values is in the list at the path; with its parameters.

        Also true for a text or a mapping, which TinyDB searches too (for characters, for keys).
        """
        ...


def compile_query(query: Any, dialect: Dialect) -> Predicate:
    """The predicate of a TinyDB query; None asks for everything."""
    return EVERYTHING if query is None else _compiled(getattr(query, "_hash", None), dialect, 0)


def _compiled(node: Any, dialect: Dialect, depth: int) -> Predicate:
    match node:
        case _ if depth > _DEEPEST:
            return UNDECIDED
        case ():
            return EVERYTHING
        case ("and" | "or" as operator, frozenset()):
            parts = cast("frozenset[Any]", node[1])
            compiled = [_compiled(part, dialect, depth + 1) for part in parts]
            return _all_of(compiled) if operator == "and" else _any_of(compiled)
        case ("not", inner):
            return _negated(_compiled(inner, dialect, depth + 1))
        case (str() as operator, tuple(), *operands) if operator in _TRANSLATIONS and (path := _path(node[1])):
            return _TRANSLATIONS[operator](path, operands[0] if operands else None, dialect)
        case _:
            return UNDECIDED


def _path(keys: tuple[Any, ...]) -> str:
    """The keys as a path, or "" when one of them cannot stand in SQL as it is."""
    return ".".join(keys) if all(isinstance(key, str) and _KEY.fullmatch(key) for key in keys) else ""


def _joined(operator: str, parts: Sequence[Predicate], *, exact: bool) -> Predicate:
    params = tuple(param for part in parts for param in part.params)
    return Predicate("(" + operator.join(part.sql for part in parts) + ")", params, exact)


def _all_of(parts: list[Predicate]) -> Predicate:
    exact = all(part.exact for part in parts)
    narrowing = [part for part in parts if part.sql != EVERYTHING.sql]
    return _joined(" AND ", narrowing or [EVERYTHING], exact=exact)


def _any_of(parts: list[Predicate]) -> Predicate:
    exact = all(part.exact for part in parts)
    if any(part.sql == EVERYTHING.sql for part in parts):
        return Predicate(EVERYTHING.sql, exact=exact)
    return _joined(" OR ", parts, exact=exact)


def _negated(part: Predicate) -> Predicate:
    if not part.exact:
        return UNDECIDED
    return Predicate(f"NOT coalesce({part.sql}, FALSE)", part.params, exact=True)


def _exists(path: str, _operand: Any, dialect: Dialect) -> Predicate:
    return Predicate(dialect.exists(path), exact=True)


def _is_there(path: str, _operand: Any, dialect: Dialect) -> Predicate:
    """Whatever is asked of the value, there must be one."""
    return Predicate(dialect.exists(path))


def _is_some_text(path: str, _operand: Any, dialect: Dialect) -> Predicate:
    return Predicate(dialect.is_text(path))


def _is_text(value: Any) -> bool:
    """Whether a database can be handed this text: NUL and lone surrogates are in no stored document."""
    return isinstance(value, str) and not _UNSTORED.search(value)


def _is_integer(value: Any, bits: int) -> bool:
    return isinstance(value, int) and -(1 << bits) <= value < 1 << bits


def _is_scalar(value: Any) -> bool:
    return _is_text(value) or _is_integer(value, 63)


def _equal(path: str, operand: Any, dialect: Dialect) -> Predicate:
    if operand is None:
        return Predicate(dialect.is_null(path), exact=True)
    if not _is_scalar(operand):
        return _is_there(path, operand, dialect)
    return Predicate(f"{dialect.value(path, operand)} = {dialect.mark}", (operand,), exact=True)


def _unequal(path: str, operand: Any, dialect: Dialect) -> Predicate:
    """TinyDB asks for a value that differs: a document without the field does not match."""
    equal = _equal(path, operand, dialect)
    if not equal.exact:
        return equal
    return Predicate(f"({dialect.exists(path)} AND ({equal.sql}) IS NOT TRUE)", equal.params, exact=True)


def _ordered(operator: str, path: str, operand: Any, dialect: Dialect) -> Predicate:
    """Text is decided by the database; numbers are judged again, since databases may read a float one bit off."""
    if _is_text(operand):
        sql = f"({dialect.value(path, operand)} {operator} {dialect.mark} AND {dialect.is_text(path)})"
        return Predicate(sql, (operand,), exact=True)
    if _is_integer(operand, 53):
        relaxed = f"{dialect.value(path, operand)} {operator.rstrip('=')}= {dialect.mark}"
        return Predicate(f"({relaxed} AND {dialect.is_number(path)})", (operand,))
    return Predicate(dialect.is_number(path) if isinstance(operand, (int, float)) else dialect.exists(path))


def _one_of(path: str, operand: Any, dialect: Dialect) -> Predicate:
    if not isinstance(operand, (tuple, frozenset)):
        return _is_there(path, operand, dialect)
    wanted = cast("Collection[Any]", operand)
    values = [each for each in wanted if each is not None]
    texts = [each for each in values if isinstance(each, str)]
    if not all(map(_is_scalar, values)) or len(texts) not in {0, len(values)}:
        return _is_there(path, operand, dialect)
    parts = [Predicate(*dialect.one_of(path, values), exact=True)] if values else []
    if len(values) < len(wanted):
        parts.append(Predicate(dialect.is_null(path), exact=True))
    return _any_of(parts or [NOTHING])


def _held(path: str, operand: Any, dialect: Dialect) -> Predicate:
    """`any`, and `all`, of which each must be held, so that one is."""
    wanted = cast("Sequence[Any]", operand) if isinstance(operand, tuple) else ()
    if wanted and all(map(_is_text, wanted)):
        return Predicate(*dialect.may_hold(path, wanted))
    return _is_there(path, operand, dialect)


_TRANSLATIONS: dict[str, Callable[[str, Any, Dialect], Predicate]] = {
    "exists": _exists,
    "==": _equal,
    "!=": _unequal,
    "one_of": _one_of,
    "any": _held,
    "all": _held,
    "matches": _is_some_text,
    "search": _is_some_text,
    "test": _is_there,
    **{operator: partial(_ordered, operator) for operator in ("<", "<=", ">", ">=")},
}
