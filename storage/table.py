"""A TinyDB table whose documents live in an engine.

TinyDB funnels everything through `_read_table`, `_update_table` and `_get_next_id`; overriding these keeps its whole
API.  What else is overridden here would otherwise walk every document.  Nothing is cached: each read decodes a new
document, so none can be stale and editing one changes nothing until it is written.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from itertools import islice
from typing import Any, NoReturn, cast, overload

from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from storage.draft import Draft
from storage.engine import Row
from storage.engine_storage import EngineStorage, LazyTable
from storage.errors import StaleWrite
from storage.json_text import dumps, loads
from storage.predicate import EVERYTHING, Predicate
from storage.schema import PLAIN_PATH
from storage.shaped import Predicates
from storage.words import TextQuery

_BATCH = 500


class StoredDocument(Document):
    """A document as it was read: a dict with its `doc_id`, and in `rev` the store's revision that wrote it."""

    def __init__(self, value: Mapping[str, Any], doc_id: int, rev: int = 0) -> None:
        super().__init__(value, doc_id)
        self.rev = rev


def _document(row: Row) -> StoredDocument:
    return StoredDocument(loads(row.body), row.id, row.rev)


def _with_id(document: Any) -> Any:
    """TinyDB knows a document that brings its id by the table's own class."""
    return StoredDocument(document, document.doc_id) if isinstance(document, Document) else document


def _brings_no_id(document: Any) -> bool:
    return isinstance(document, Mapping) and not isinstance(document, Document)


class DocumentTable(Table):
    """One collection: TinyDB's API, and reads in order, in pages, by full text; writes that notice other writers.

    Each writing method is one transaction and touches only its documents.  Every method may raise StorageError.
    """

    document_class = StoredDocument

    def __init__(self, storage: Storage, name: str, *, persist_empty: bool = False, **_options: Any) -> None:
        super().__init__(storage, name, cache_size=0)  # a cached result would outlive another process's write
        self._engine = cast("EngineStorage", storage).engine
        self._predicates = Predicates(self._engine.dialect(name))
        if persist_empty:
            with self._engine.write():
                self._engine.ensure(name)

    def _read_table(self) -> LazyTable:
        return LazyTable(self._engine, self.name)

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        draft = Draft(self._engine, self.name)
        updater(draft)
        draft.flush()

    def _get_next_id(self) -> int:
        with self._engine.write():
            return self._engine.next_ids(self.name, 1)[0]

    def _where(self, cond: QueryLike | None) -> Predicate:
        return self._predicates.of(cond)

    def find(
        self,
        cond: QueryLike | None = None,
        *,
        order_by: str | tuple[str, ...] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[StoredDocument]:
        """The documents that match, in order and in pages.

        `order_by` is a path, or several; a leading "-" means descending; documents without the field come last, ties
        are broken by id in the direction of the last path.  "doc_id" is the id itself, which is also the default.
        """
        return list(map(_document, self.rows(cond, order_by=order_by, limit=limit, offset=offset)))

    def rows(
        self,
        cond: QueryLike | None = None,
        *,
        order_by: str | tuple[str, ...] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> Iterator[Row]:
        """As `find`, but each as it is stored, for who makes something else of it than a document."""
        where, order = self._where(cond), _order(order_by)
        if cond is None or where.exact:
            return self._engine.select(self.name, where, order, limit, offset)
        found = self._judged(cond, where, order)
        return islice(found, offset, None if limit is None else offset + limit)

    def rows_of(self, doc_ids: Iterable[int]) -> list[Row]:
        """The documents with these ids that there are, by id, as they are stored."""
        return self._engine.get(self.name, doc_ids)

    def ids(
        self,
        cond: QueryLike | None = None,
        *,
        order_by: str | tuple[str, ...] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[int]:
        """As `find`, but only the ids."""
        return self.packed_ids(cond, order_by=order_by, limit=limit, offset=offset).tolist()

    def packed_ids(
        self,
        cond: QueryLike | None = None,
        *,
        order_by: str | tuple[str, ...] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> array[int]:
        """The same in eight bytes each: what a screen needs of a list of any length."""
        where, order = self._where(cond), _order(order_by)
        if cond is None or where.exact:
            return self._engine.ids(self.name, where, order, limit, offset)
        found = self._judged(cond, where, order)
        return array("q", (row.id for row in islice(found, offset, None if limit is None else offset + limit)))

    def _judged(self, cond: QueryLike, where: Predicate, order: tuple[str, ...]) -> Iterator[Row]:
        return (row for row in self._engine.select(self.name, where, order) if cond(_document(row)))

    def search(self, cond: QueryLike) -> list[StoredDocument]:
        """Every document that matches, by id."""
        return self.find(cond)

    @overload
    def get(self) -> NoReturn: ...
    @overload
    def get(self, cond: QueryLike, doc_id: None = None, doc_ids: None = None) -> StoredDocument | None: ...
    @overload
    def get(
        self, cond: QueryLike | None = None, *, doc_id: int, doc_ids: list[int] | None = None
    ) -> StoredDocument | None: ...
    @overload
    def get(
        self, cond: QueryLike | None = None, *, doc_id: None = None, doc_ids: list[int]
    ) -> list[StoredDocument]: ...
    def get(
        self, cond: QueryLike | None = None, doc_id: int | None = None, doc_ids: list[int] | None = None
    ) -> StoredDocument | list[StoredDocument] | None:
        """The document with this id, or the first that matches, or None; for a list of ids, those there are, by id."""
        if doc_id is None and doc_ids is not None:
            return [_document(row) for row in self._engine.get(self.name, doc_ids)]
        if doc_id is not None:
            return next(map(_document, self._engine.get(self.name, [doc_id])), None)
        if cond is not None:
            return next(iter(self.find(cond, limit=1)), None)
        raise RuntimeError("You have to pass either cond or doc_id or doc_ids")

    def count(self, cond: QueryLike | None = None) -> int:
        """How many documents match."""
        where = self._where(cond)
        if cond is None or where.exact:
            return self._engine.count(self.name, where)
        return sum(1 for _ in self._judged(cond, where, ()))

    def __iter__(self) -> Iterator[StoredDocument]:
        """Every document by id, read in batches; the table may be written meanwhile."""
        ids = self._engine.ids(self.name, EVERYTHING)
        for start in range(0, len(ids), _BATCH):
            yield from map(_document, self._engine.get(self.name, ids[start : start + _BATCH]))

    def matching(self, text: str | TextQuery, limit: int | None = 50, *, newest: bool = True) -> list[StoredDocument]:
        """Documents whose text fields hold all of these words, largest id first or (`newest` false) best match first.

        A `str` is read as a person types it: words, "phrases in quotes", and a last word that may be unfinished.
        What a word is, and what does not matter in it, says desk/words.py.  No text is an error.  What has an owner
        comes by the owner's number first.
        """
        ids = self.matching_ids(text, limit, newest=newest)
        found = {document.doc_id: document for document in self.get(doc_ids=ids)}
        return [found[doc_id] for doc_id in ids if doc_id in found]

    def matching_ids(self, text: str | TextQuery, limit: int | None = None, *, newest: bool = True) -> list[int]:
        """As `matching`, but only the ids, and all of them unless a limit is given."""
        query = TextQuery.typed(text) if isinstance(text, str) else text
        return self._engine.matching(self.name, query, limit, newest=newest)

    def values(self, path: str, ids: Iterable[int]) -> dict[int, Any]:
        """One scalar field of these documents by id, without reading the documents; true and false come as 1 and 0."""
        return self._engine.values(self.name, _plain(path), ids)

    def distinct(self, path: str) -> list[Any]:
        """Every different scalar in this field of any document, and in the lists there: all tags in use, say."""
        return self._engine.distinct(self.name, _plain(path))

    def insert(self, document: Mapping[str, Any]) -> int:
        """Store a new document under the next free id, or under the id it brings."""
        with self._engine.write():
            return self._added([document])[0] if _brings_no_id(document) else super().insert(_with_id(document))

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Store new documents, all or none."""
        with self._engine.write():
            new = list(documents)
            return (
                self._added(new)
                if new and all(map(_brings_no_id, new))
                else super().insert_multiple(map(_with_id, new))
            )

    def _added(self, documents: Sequence[Mapping[str, Any]]) -> list[int]:
        """Store documents under ids that were never used, so that there is nothing to look for first."""
        ids = self._engine.next_ids(self.name, len(documents))
        texts = [dumps(dict(document)) for document in documents]
        self._engine.put(self.name, list(zip(ids, texts, strict=True)))
        return list(ids)

    def put(self, doc_id: int, fields: Mapping[str, Any]) -> None:
        """Give a document these fields, of which it keeps its others, or store a new one under this id."""
        with self._engine.write():
            rows = self._engine.get(self.name, [doc_id])
            before: dict[str, Any] | None = loads(rows[0].body) if rows else None
            after: dict[str, Any] = {**(before or {}), **fields}
            if after != before:
                self._engine.put(self.name, [(doc_id, dumps(after))])

    def take_id(self) -> int:
        """The next free id, for a document that is to hold it; no other document will get it."""
        return self._get_next_id()

    def update(
        self,
        fields: Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None],
        cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        """Change documents as they are now, whoever wrote them last; all or none."""
        with self._engine.write():
            return super().update(fields, None, self._chosen(cond, doc_ids))

    def update_multiple(
        self, updates: Iterable[tuple[Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None], QueryLike]]
    ) -> list[int]:
        """Change what matches, each query in its own way; all or none."""
        with self._engine.write():
            return super().update_multiple(updates)

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        """Update what matches, or store a new document."""
        with self._engine.write():
            return super().upsert(_with_id(document), cond)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Remove what matches, all or none; their ids are not used again."""
        with self._engine.write():
            return super().remove(None, self._chosen(cond, doc_ids))

    def _chosen(self, cond: QueryLike | None, doc_ids: Iterable[int] | None) -> Iterable[int] | None:
        return self.ids(cond) if cond is not None and doc_ids is None else doc_ids

    def truncate(self) -> None:
        """Remove every document, and number from 1 again."""
        with self._engine.write():
            self._engine.delete(self.name, self._engine.ids(self.name, EVERYTHING))
            self._engine.restart(self.name)

    def replace(self, document: StoredDocument) -> StoredDocument:
        """Store an edited document, unless it changed since it was read.

        One that was read inside a transaction which was rolled back must be read anew: its revision is given out again.

        Raises:
            StaleWrite: it did; `current` is the document as it is now, or None when it was removed.
        """
        with self._engine.write():
            current = self.get(doc_id=document.doc_id)
            if current is None or current.rev != document.rev:
                raise StaleWrite(self.name, document.doc_id, current)
            self._update_table(lambda table: table.update({document.doc_id: dict(document)}))
            return self.get(doc_id=document.doc_id) or current


def _plain(path: str) -> str:
    if not PLAIN_PATH.fullmatch(path):
        raise ValueError(f"{path!r} is no path of a field")
    return path


def _order(order_by: str | tuple[str, ...]) -> tuple[str, ...]:
    order = (order_by,) if isinstance(order_by, str) else order_by
    for path in order:
        _plain(path.removeprefix("-"))
    return order
