"""An engine as the storage that TinyDB expects: tables by name, each a mapping of ids to documents.

Nothing is read before it is asked for, and tables are replaced as a whole only by TinyDB's own drop_table and
drop_tables: `storage.table` writes single documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tinydb.storages import Storage

from storage.engine import Engine
from storage.json_text import dumps, loads
from storage.predicate import EVERYTHING


class LazyTable(Mapping[str, dict[str, Any]]):
    """What TinyDB takes for a table's dict, {"id": document}."""

    def __init__(self, engine: Engine, collection: str) -> None:
        self._engine = engine
        self._collection = collection

    def __getitem__(self, key: str) -> dict[str, Any]:
        for row in self._engine.get(self._collection, [int(key)] if key.isdecimal() else ()):
            document: dict[str, Any] = loads(row.body)
            return document
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return map(str, self._engine.ids(self._collection, EVERYTHING))

    def __len__(self) -> int:
        return self._engine.count(self._collection, EVERYTHING)


class EngineStorage(Storage):
    """TinyDB's storage interface over an engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def read(self) -> dict[str, Any]:
        """Every table there is."""
        return {name: LazyTable(self.engine, name) for name in self.engine.collections()}

    def write(self, data: dict[str, Any]) -> None:
        """Make these the tables: one that is missing is emptied, one that `read` gave is left as it is."""
        with self.engine.write():
            for name in {*self.engine.collections(), *data}:
                if not isinstance(data.get(name), LazyTable):
                    self._replace(name, data.get(name, {}))

    def _replace(self, name: str, documents: dict[str, Any]) -> None:
        self.engine.ensure(name)
        self.engine.delete(name, self.engine.ids(name, EVERYTHING))
        self.engine.restart(name)
        self.engine.put(name, [(int(doc_id), dumps(document)) for doc_id, document in documents.items()])

    def close(self) -> None:
        """Close the engine."""
        self.engine.close()
