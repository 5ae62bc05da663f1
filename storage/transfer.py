"""The whole store as one plain TinyDB file that stock TinyDB opens, and back again, equal in every document and id.

Before the desk's tables the file holds one more, `tandem_export`, with one document: the version of all others, and
the id that the next new one of each table gets. TinyDB would give an id again that was a removed document's.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from desk.errors import RefusedError
from storage import tinydb_file, upgrades
from storage.database import TicketStore
from storage.errors import StoreTooNew, Unstorable
from storage.json_text import dumps
from storage.plain_file import opened
from storage.predicate import EVERYTHING
from storage.schema import SCHEMA
from storage.shapes import check, largest_id, refuse_lost
from storage.tinydb_file import Item, Malformed

MARK = "tandem_export"
"""The table that holds no documents of the desk."""

_BATCH = 500


class _Mark(msgspec.Struct):
    """What a file says of itself."""

    version: int = SCHEMA.version
    next: dict[str, int] = {}


def export(store: TicketStore, write: Callable[[str], object]) -> int:
    """Write everything as it is at one moment, piece by piece; returns how many documents that is."""
    pieces = tinydb_file.written(_tables(store, found := _Found()))
    with store.snapshot(), closing(pieces):
        for piece in pieces:
            write(piece)
    return found.documents


@dataclass(slots=True)
class _Found:
    documents: int = 0


def _tables(store: TicketStore, found: _Found) -> Iterator[tuple[str, Iterable[tuple[int, str]]]]:
    names = store.engine.collections()
    mark = _Mark(SCHEMA.version, {name: store.engine.upcoming(name) for name in names})
    yield MARK, [(1, msgspec.json.encode(mark).decode())]
    for name in names:
        yield name, _documents(store, name, found)


def _documents(store: TicketStore, name: str, found: _Found) -> Iterator[tuple[int, str]]:
    for row in store.engine.select(name, EVERYTHING):
        found.documents += 1
        yield row.id, row.body


def import_(store: TicketStore, path: Path) -> int:
    """Put everything from a file in the place of what the store holds; returns how many documents that is.

    Raises:
        RefusedError: the file cannot be read, or does not fit a desk; the store is as it was.
        StoreTooNew: a newer Tandem wrote it.
    """
    try:
        with opened(path) as file, io.TextIOWrapper(file, "utf-8-sig") as text, store.transaction():
            return _Import(store, path).run(tinydb_file.read(text))
    except (Malformed, Unstorable) as error:
        raise RefusedError(f"{path} cannot be imported: {error}", "nothing was changed") from error


class _Import:
    """One import, inside a transaction."""

    def __init__(self, store: TicketStore, path: Path) -> None:
        self._store, self._engine, self._path = store, store.engine, path
        self._mark = _Mark()
        self._names: list[str] = []
        self._count = 0

    def run(self, items: Iterator[Item]) -> int:
        for name in self._engine.collections():
            self._engine.delete(name, self._engine.ids(name, EVERYTHING))
            self._engine.restart(name)
        for name, inside in groupby(items, key=lambda item: item.table):
            self._read(name, inside)
        if "tickets" not in self._names:
            raise Malformed("it holds no tickets, so it is not a desk's")
        self._upgrade()
        for name, following in self._mark.next.items():
            self._skip(name, following)
        refuse_lost(self._store)
        return self._count

    def _read(self, name: str, inside: Iterator[Item]) -> None:
        documents = ((item.id, item.document) for item in inside if item.id)
        if name == MARK:
            self._read_mark(documents)
            return
        try:
            self._engine.ensure(name)
        except ValueError as error:
            raise Malformed(f"no table can be called {name[:40]!a}") from error
        self._names.append(name)
        batch: list[tuple[int, str]] = []
        for number, document in documents:
            if self._mark.version == SCHEMA.version:
                check(name, number, document)
            batch.append((number, dumps(document)))
            if len(batch) == _BATCH:
                self._put(name, batch)
        self._put(name, batch)

    def _put(self, name: str, batch: list[tuple[int, str]]) -> None:
        if batch:
            self._engine.put(name, batch)
            self._count += len(batch)
            batch.clear()

    def _read_mark(self, documents: Iterable[tuple[int, Any]]) -> None:
        try:
            [self._mark] = [msgspec.convert(document, _Mark) for _, document in documents]
        except (ValueError, msgspec.ValidationError) as error:
            raise Malformed(f"its table {MARK} does not fit: {error}") from error
        if self._mark.version > SCHEMA.version:
            what = f"{self._path} was written by a newer Tandem (schema {self._mark.version})"
            raise StoreTooNew(what, "install that version, then try again")
        if self._names and self._mark.version < SCHEMA.version:
            raise Malformed(f"its table {MARK} is not the first one")

    def _upgrade(self) -> None:
        """Bring the documents of an older version into today's shape, and only then look at them."""
        if self._mark.version == SCHEMA.version:
            return
        for step in upgrades.steps(self._mark.version):
            step(self._store)
        for name in self._names:
            for document in self._store.table(name):
                check(name, document.doc_id, document)

    def _skip(self, name: str, following: int) -> None:
        if name not in self._names or not 0 < following <= largest_id(name):
            raise Malformed(f"its table {MARK} says something odd about {name[:40]!a}")
        if (ahead := following - self._engine.upcoming(name)) > 0:
            self._engine.next_ids(name, ahead)
