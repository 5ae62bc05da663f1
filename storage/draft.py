"""The mapping that TinyDB's updaters work on: it loads what is touched and writes what became different."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from storage.engine import Engine, Row
from storage.json_text import dumps, loads
from storage.predicate import EVERYTHING

Fields = dict[str, Any]


class Draft(MutableMapping[int, Fields]):
    """A collection's documents by id, as plain dicts to be changed in place; only for use inside `Engine.write`."""

    def __init__(self, engine: Engine, collection: str) -> None:
        self._engine = engine
        self._collection = collection
        self._before: dict[int, str] = {}
        self._now: dict[int, Fields | None] = {}  # what was touched; None: removed, or not there
        self._complete = False

    def _take(self, row: Row) -> None:
        self._before[row.id] = row.body
        self._now[row.id] = loads(row.body)

    def _load(self, doc_id: int) -> Fields | None:
        if doc_id not in self._now:
            self._now[doc_id] = None
            for row in () if self._complete else self._engine.get(self._collection, [doc_id]):
                self._take(row)
        return self._now[doc_id]

    def _load_all(self) -> None:
        if not self._complete:
            for row in self._engine.select(self._collection, EVERYTHING):
                if row.id not in self._now:
                    self._take(row)
            self._complete = True

    def __getitem__(self, doc_id: int) -> Fields:
        document = self._load(doc_id)
        if document is None:
            raise KeyError(doc_id)
        return document

    def __setitem__(self, doc_id: int, document: Fields) -> None:
        self._load(doc_id)
        self._now[doc_id] = document

    def __delitem__(self, doc_id: int) -> None:
        self[doc_id]
        self._now[doc_id] = None

    def __iter__(self) -> Iterator[int]:
        self._load_all()
        return iter([doc_id for doc_id, document in self._now.items() if document is not None])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def flush(self) -> None:
        """Write what became different; a document that is as it was keeps its revision."""
        puts = [
            (doc_id, text)
            for doc_id, document in self._now.items()
            if document is not None and (text := dumps(document)) != self._text_before(doc_id)
        ]
        gone = [doc_id for doc_id in self._before if self._now[doc_id] is None]
        if puts:
            self._engine.put(self._collection, puts)
        if gone:
            self._engine.delete(self._collection, gone)

    def _text_before(self, doc_id: int) -> str | None:
        """As `dumps` would write it now: an engine may keep documents in another spelling."""
        before = self._before.get(doc_id)
        return None if before is None else dumps(loads(before))
