"""Conditions on documents as SQLite's SQL: lifted paths are columns, other paths are read from the JSON text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from storage.engine import dumps
from storage.query import Scalar
from storage.schema import Collection, column

_FEW = 20


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def listed(names: Iterable[str], prefix: str = "") -> str:
    """Names as SQL identifiers, each after a prefix such as "new."."""
    return ", ".join(prefix + quoted(name) for name in names)


def extracted(path: str) -> str:
    """The scalar at a path of the document; NULL where there is none, null, a list or a mapping."""
    return (
        f"CASE json_type(body, '$.{path}') WHEN 'array' THEN NULL WHEN 'object' THEN NULL"
        f" ELSE json_extract(body, '$.{path}') END"
    )


class SQLiteDialect:
    """The `storage.query.Dialect` of one collection.  Paths must be plain: letters, digits, underscores and dots."""

    mark = "?"

    def __init__(self, collection: Collection) -> None:
        self._lifted = {path: quoted(column(path)) for path in collection.columns}
        if collection.identity is not None:
            self._lifted[collection.identity] = "id"

    def value(self, path: str, like: Scalar | None = None) -> str:  # noqa: ARG002  SQLite's columns take any type
        return self._lifted.get(path) or f"({extracted(path)})"

    def exists(self, path: str) -> str:
        there = f"json_type(body, '$.{path}') IS NOT NULL"
        return f"({self._lifted[path]} IS NOT NULL OR {there})" if path in self._lifted else there

    def is_null(self, path: str) -> str:
        null = f"json_type(body, '$.{path}') IS 'null'"
        return f"({self._lifted[path]} IS NULL AND {null})" if path in self._lifted else null

    def is_text(self, path: str) -> str:
        return f"typeof({self.value(path)}) = 'text'"

    def is_number(self, path: str) -> str:
        return f"typeof({self.value(path)}) IN ('integer', 'real')"

    def one_of(self, path: str, values: Sequence[Scalar]) -> tuple[str, tuple[Any, ...]]:
        among, params = _among(values)
        return f"{self.value(path)} IN {among}", params

    def may_hold(self, path: str, values: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
        among, params = _among(values)
        held = f"EXISTS (SELECT 1 FROM json_each(body, '$.{path}') WHERE value IN {among})"
        kind = (
            f"CASE json_type(body, '$.{path}') WHEN 'array' THEN {held} WHEN 'text' THEN TRUE WHEN 'object' THEN TRUE"
        )
        return f"{kind} END", params

    def ordering(self, order: tuple[str, ...]) -> str:
        """What stands after ORDER BY: documents without the field last, ties by id in the last field's direction."""
        terms = [self._term(each) for each in order]
        ties = "id DESC" if order and order[-1].startswith("-") else "id"
        return ", ".join([*terms, ties])

    def _term(self, path: str) -> str:
        plain = path.removeprefix("-")
        value = "id" if plain == "doc_id" else self.value(plain)
        return f"{value} DESC" if plain != path else f"{value} ASC NULLS LAST"


def _among(values: Sequence[Scalar]) -> tuple[str, tuple[Any, ...]]:
    """The right side of IN; long lists travel as one parameter, so that no number of values is too many."""
    if len(values) > _FEW:
        return "(SELECT value FROM json_each(?))", (dumps(list(values)),)
    return f"({', '.join('?' * len(values))})", tuple(values)
