"""Conditions on documents as SQLite's SQL: lifted paths are columns, other paths are read from the JSON text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from storage.json_text import dumps
from storage.predicate import Predicate, Scalar
from storage.schema import Collection, column
from storage.words import TextQuery

_FEW = 20
_REMEMBERED = 500
"""Conditions whose statements are kept; what a person types comes on top of those that a program has."""

_TEXT = "tandem_text_"


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


def listing(path: str) -> str:
    """The list at a path of the document, as JSON text; NULL where there is none."""
    return f"CASE json_type(body, '$.{path}') WHEN 'array' THEN json_extract(body, '$.{path}') END"


def index_name(collection: str, paths: Iterable[str]) -> str:
    """The name of an index of a collection."""
    return "_".join(["tandem_index", collection, *map(column, paths)])


def scan_name(collection: str) -> str:
    """The name of the index that a collection is walked by."""
    return f"tandem_scan_{collection}"


def text_table(collection: str) -> str:
    """The full-text table of a collection, as an SQL identifier."""
    return quoted(f"{_TEXT}{collection}")


def asks_text(sql: str) -> bool:
    """Whether a statement reads a full-text table."""
    return _TEXT in sql


def expression(text: TextQuery) -> str:
    """The FTS5 expression for a text query: each phrase in quotes, where nothing is an operator.

    Phrases without a letter or digit find nothing and are passed over beside others.
    """
    phrases = [f'"{" ".join(each.words)}"{" *" if each.unfinished else ""}' for each in text.asked]
    within = f"{{{' '.join(quoted(column(path)) for path in text.fields)}}} : " if text.fields else ""
    return f"{within}({' '.join(phrases)})" if phrases else '""'


class SQLiteDialect:
    """The `storage.query.Dialect` of one collection.  Paths must be plain: letters, digits, underscores and dots."""

    mark = "?"

    def __init__(self, collection: Collection) -> None:
        self._collection, self.identity = collection, collection.identity
        self._lifted = {path: quoted(column(path)) for path in collection.columns}
        if collection.identity is not None:
            self._lifted[collection.identity] = "id"
        self._found: dict[tuple[Any, ...], str] = {}

    def found(self, where: Predicate, order: tuple[str, ...]) -> str:
        """What stands after the table's name to find what a predicate lets through, in order."""
        asked = (where.sql, where.paths, where.keys, order)
        if (known := self._found.get(asked)) is not None:
            return known
        if len(self._found) >= _REMEMBERED:
            self._found.clear()
        found = f"{self.walk(where, order)} WHERE {where.sql} ORDER BY {self.ordering(order)}"
        self._found[asked] = found
        return found

    def walk(self, where: Predicate, order: tuple[str, ...] = ()) -> str:
        """What stands after the table's name: the index to go by, where SQLite would read whole documents instead.

        It does not know that an index holds all that is asked for, since it counts the document in with each column
        that is worked out of it.
        """
        name, key = self._collection.name, {self.identity}
        if not where.paths or key & where.keys:
            return ""
        first = order[0].removeprefix("-") if order else ""
        if first == "doc_id" and where.paths <= key:
            return ""
        for index in sorted(self._collection.indexes, key=len):
            finds = index[0] in where.keys and first in {"", *index}
            if where.paths <= {*index, *key} and (finds or index[0] == first):
                return f" INDEXED BY {quoted(index_name(name, index))}"
        return f" INDEXED BY {quoted(scan_name(name))}" if where.paths <= {*self._collection.scan, *key} else ""

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

    def is_integer(self, path: str) -> bool:
        return path in self._collection.numbers

    def is_list(self, path: str) -> bool:
        return path in self._collection.lists

    def holds(self, path: str, values: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
        """In the JSON of a list of texts, only an element stands in quotes after a bracket or comma.

        Only `","` also stands between two elements, of which the first ends with a comma: then the list is taken apart.
        """
        texts, quotes = quoted(column(path)), list(map(dumps, values))
        if "," in values:
            among, params = _among(values)
            return f"EXISTS (SELECT 1 FROM json_each({texts}) WHERE value IN {among})", params
        one = f"(instr({texts}, ?) AND (instr({texts}, ?) OR instr({texts}, ?)))"
        params = tuple(part for each in quotes for part in (each, f"[{each}", f",{each}"))
        return f"({' OR '.join([one] * len(values))})", params

    def elements(self, table: str, path: str) -> str:
        """What stands after FROM to see every `value` and its `type` in the lists at a path, or in place of a list."""
        if not self.is_list(path) or path not in self._collection.scan:
            return f"{table}, json_each(body, '$.{path}')"
        lists = f"SELECT DISTINCT {quoted(column(path))} AS list FROM {table}"
        return f"({lists} INDEXED BY {quoted(scan_name(self._collection.name))}), json_each(list)"

    def says(self, texts: Sequence[tuple[Collection, TextQuery]]) -> tuple[str, tuple[Any, ...]]:
        """The sign before `id` keeps SQLite from going from each match to its document: there may be very many."""
        found, params = speakers(texts)
        return f"+id IN ({found})", params

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


def speakers(texts: Sequence[tuple[Collection, TextQuery]]) -> tuple[str, tuple[Any, ...]]:
    """A statement that finds which documents, as `number`, say one of these texts, or own what does; each any times."""
    found = " UNION ALL ".join(_owners(collection) for collection, _ in texts)
    return found, tuple(expression(text) for _, text in texts)


def _owners(collection: Collection) -> str:
    table = text_table(collection.name)
    return f"SELECT rowid{' >> 32' if collection.owner else ''} AS number FROM {table} WHERE {table} MATCH ?"


def _among(values: Sequence[Scalar]) -> tuple[str, tuple[Any, ...]]:
    """The right side of IN; long lists travel as one parameter, so that no number of values is too many."""
    if len(values) > _FEW:
        return "(SELECT value FROM json_each(?))", (dumps(list(values)),)
    return f"({', '.join('?' * len(values))})", tuple(values)
