"""TinyDB queries, narrowed by a database.

A TinyDB query carries a description of itself (`QueryInstance._hash`, the key of TinyDB's own query cache).  Here it
becomes a predicate that may let through too much and never too little.  Where the predicate is *exact*, the database
decides alone and may count and page; otherwise the query itself judges every document that was let through.  So what
cannot be translated (a lambda, a regular expression, an odd key) costs time, never correctness, and a description of
a shape that is not known here means "let through".

Two things differ from TinyDB on purpose: where TinyDB raises TypeError because a document holds a text and the query
compares with a number, the document does not match; and where the schema says that there is a list, only a list is
searched by `any`.  Beside TinyDB's queries there are two of our own, `unset` and `saying`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from collections.abc import Collection as Values
from dataclasses import replace
from functools import cache, partial
from typing import Any, cast

from tinydb.queries import QueryInstance

from storage.predicate import EVERYTHING, NOTHING, UNDECIDED, Dialect, Predicate, Scalar
from storage.schema import Collection
from storage.words import TextQuery

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_UNSTORED = re.compile("[\0\ud800-\udfff]")
_DEEPEST = 100


def unset(path: str) -> QueryInstance:
    """A query for documents with no scalar at a path: absent or null, a list or a mapping."""
    keys = tuple(path.split("."))

    def is_unset(document: Any) -> bool:
        for key in keys:
            document = cast("Mapping[str, Any]", document).get(key) if isinstance(document, Mapping) else None
        return not isinstance(document, (str, int, float))

    return QueryInstance(is_unset, ("unset", keys))


def saying(
    path: str, texts: Sequence[tuple[Collection, TextQuery]], found: Callable[[], Container[int]]
) -> QueryInstance:
    """A query for documents that say one of these texts, or own what does; their ids are `found`, and at `path`."""
    there = cache(found)
    return QueryInstance(lambda document: document[path] in there(), ("says", (path,), tuple(texts)))


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
            return _all_of(compiled) if operator == "and" else _any_of(compiled, dialect)
        case ("not", inner):
            return _negated(_compiled(inner, dialect, depth + 1))
        case (str() as operator, tuple(), *operands) if operator in _TRANSLATIONS and (path := _path(node[1])):
            return _TRANSLATIONS[operator](path, operands[0] if operands else None, dialect)
        case _:
            return UNDECIDED


def _path(keys: tuple[Any, ...]) -> str:
    """The keys as a path, or "" when one of them cannot stand in SQL as it is."""
    return ".".join(keys) if all(isinstance(key, str) and _KEY.fullmatch(key) for key in keys) else ""


def _on(path: str, sql: str, params: tuple[Any, ...] = (), *, exact: bool = False, whole: bool = False) -> Predicate:
    """A condition on one path; `whole` if it looks at the document, since a lifted value does not tell all."""
    return Predicate(sql, params, exact, frozenset({path, ""} if whole else {path}))


def _joined(operator: str, parts: Sequence[Predicate], *, exact: bool, keys: frozenset[str]) -> Predicate:
    params = tuple(param for part in parts for param in part.params)
    paths = frozenset[str]().union(*(part.paths for part in parts))
    return Predicate("(" + operator.join(part.sql for part in parts) + ")", params, exact, paths, keys)


def _all_of(parts: list[Predicate]) -> Predicate:
    exact = all(part.exact for part in parts)
    narrowing = [part for part in parts if part.sql != EVERYTHING.sql] or [EVERYTHING]
    return _joined(" AND ", narrowing, exact=exact, keys=frozenset[str]().union(*(part.keys for part in narrowing)))


def _any_of(parts: list[Predicate], dialect: Dialect) -> Predicate:
    exact = all(part.exact for part in parts)
    if any(part.sql == EVERYTHING.sql for part in parts):
        return Predicate(EVERYTHING.sql, exact=exact)
    shared = parts[0].keys.intersection(*(part.keys for part in parts[1:]))
    keys = shared if len(parts) == 1 else shared & {dialect.identity or ""}
    return _joined(" OR ", parts, exact=exact, keys=keys)


def _negated(part: Predicate) -> Predicate:
    if not part.exact:
        return UNDECIDED
    return Predicate(f"NOT coalesce({part.sql}, FALSE)", part.params, exact=True, paths=part.paths)


def _exists(path: str, _operand: Any, dialect: Dialect) -> Predicate:
    return _on(path, dialect.exists(path), exact=True, whole=True)


def _is_there(path: str, _operand: Any, dialect: Dialect) -> Predicate:
    """Whatever is asked of the value, there must be one."""
    return _on(path, dialect.exists(path), whole=True)


def _is_some_text(path: str, _operand: Any, dialect: Dialect) -> Predicate:
    return _on(path, dialect.is_text(path))


def _is_unset(path: str, _operand: Any, dialect: Dialect) -> Predicate:
    found = _on(path, f"{dialect.value(path, None)} IS NULL", exact=True)
    return replace(found, keys=found.paths)


def _is_text(value: Any) -> bool:
    """Whether a database can be handed this text: NUL and lone surrogates are in no stored document."""
    return isinstance(value, str) and not _UNSTORED.search(value)


def _is_integer(value: Any, bits: int) -> bool:
    return isinstance(value, int) and -(1 << bits) <= value < 1 << bits


def is_scalar(value: Any) -> bool:
    """Whether a database compares this value as Python does."""
    return _is_text(value) or _is_integer(value, 63)


def _equal(path: str, operand: Any, dialect: Dialect) -> Predicate:
    if operand is None:
        return _on(path, dialect.is_null(path), exact=True, whole=True)
    if isinstance(operand, str) and not _is_text(operand):
        return NOTHING
    if not is_scalar(operand):
        return _is_there(path, operand, dialect)
    paths = frozenset({path})
    return Predicate(
        f"{dialect.value(path, operand)} = {dialect.mark}", (operand,), exact=True, paths=paths, keys=paths
    )


def _unequal(path: str, operand: Any, dialect: Dialect) -> Predicate:
    """TinyDB asks for a value that differs: a document without the field does not match."""
    equal = _equal(path, operand, dialect)
    if not equal.exact:
        return equal
    sql = f"({dialect.exists(path)} AND ({equal.sql}) IS NOT TRUE)"
    return _on(path, sql, equal.params, exact=True, whole=True)


def _ordered(operator: str, path: str, operand: Any, dialect: Dialect) -> Predicate:
    """Text and integers are decided by the database; others are judged again: it may read a float one bit off."""
    if _is_text(operand):
        sql = f"({dialect.value(path, operand)} {operator} {dialect.mark} AND {dialect.is_text(path)})"
        return _on(path, sql, (operand,), exact=True)
    if _is_integer(operand, 53):
        exact = dialect.is_integer(path)
        sql = f"{dialect.value(path, operand)} {operator if exact else operator.rstrip('=') + '='} {dialect.mark}"
        return _on(path, f"({sql} AND {dialect.is_number(path)})", (operand,), exact=exact)
    if isinstance(operand, (int, float)):
        return _on(path, dialect.is_number(path))
    return _is_there(path, operand, dialect)


def _one_of(path: str, operand: Any, dialect: Dialect) -> Predicate:
    if not isinstance(operand, (tuple, frozenset)):
        return _is_there(path, operand, dialect)
    wanted = cast("Values[Any]", operand)
    values = [each for each in wanted if each is not None and (_is_text(each) or not isinstance(each, str))]
    texts = [each for each in values if isinstance(each, str)]
    if not all(map(is_scalar, values)) or len(texts) not in {0, len(values)}:
        return _is_there(path, operand, dialect)
    parts = [_among(path, values, dialect)] if values else []
    if None in wanted:
        parts.append(_equal(path, None, dialect))
    return _any_of(parts, dialect) if parts else NOTHING


def _among(path: str, values: Sequence[Scalar], dialect: Dialect) -> Predicate:
    found = _on(path, *dialect.one_of(path, values), exact=True)
    return replace(found, keys=found.paths) if len(values) == 1 or path == dialect.identity else found


def _held(path: str, operand: Any, dialect: Dialect) -> Predicate:
    """`all` too, of which each must be held, so that one is."""
    wanted = cast("Sequence[Any]", operand) if isinstance(operand, tuple) else ()
    if wanted and all(map(_is_text, wanted)):
        return _on(path, *dialect.may_hold(path, wanted), whole=True)
    return _is_there(path, operand, dialect)


def _any_held(path: str, operand: Any, dialect: Dialect) -> Predicate:
    if not dialect.is_list(path) or not isinstance(operand, tuple):
        return _held(path, operand, dialect)
    wanted = [each for each in cast("Sequence[Any]", operand) if _is_text(each)]
    return _on(path, *dialect.holds(path, wanted), exact=True) if wanted else NOTHING


def _says(path: str, operand: Any, dialect: Dialect) -> Predicate:
    return _on(path, *dialect.says(operand), exact=True)


_TRANSLATIONS: dict[str, Callable[[str, Any, Dialect], Predicate]] = {
    "exists": _exists,
    "==": _equal,
    "!=": _unequal,
    "one_of": _one_of,
    "any": _any_held,
    "all": _held,
    "matches": _is_some_text,
    "search": _is_some_text,
    "test": _is_there,
    "unset": _is_unset,
    "says": _says,
    **{operator: partial(_ordered, operator) for operator in ("<", "<=", ">", ">=")},
}
