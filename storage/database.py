"""The store: a TinyDB whose storage is an engine, so that many processes may share it.

store = open_store("/srv/desk/desk.db")
tickets = store.table("tickets")
with store.transaction():
    tickets.update({"status": "closed"}, doc_ids=[42])
    store.table("entries").insert({"ticket": 42, "kind": "event"})
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, cast

from tinydb import TinyDB

from storage import upgrades
from storage.engine import Change, Engine
from storage.engine_storage import EngineStorage
from storage.schema import SCHEMA
from storage.sqlite import rescue
from storage.sqlite.engine import SQLiteEngine
from storage.table import DocumentTable

PATIENCE = 10.0
"""How many seconds a writer waits for its turn."""


class TicketStore(TinyDB):
    """A TinyDB that several processes and threads may share.  Every method may raise StorageError."""

    table_class = DocumentTable

    def __init__(self, engine: Engine) -> None:
        super().__init__(storage=lambda: EngineStorage(engine))
        self.engine = engine

    def table(self, name: str, **kwargs: Any) -> DocumentTable:
        """One collection; a name that the schema does not know is made when its first document is stored."""
        return cast("DocumentTable", super().table(name, **kwargs))

    def transaction(self) -> AbstractContextManager[None]:
        """Let one writer in, everywhere: what is written inside is committed as a whole and on disk, or not at all.

        Transactions nest by joining: the outermost commits.  An exception that leaves an inner one takes back what
        was written inside that; if it leaves the outermost too, everything.

        Raises:
            StoreBusy: somebody else kept writing for longer than our patience.
            StoreTooNew, StoreReplaced: it is another one than was opened; this process must start again.
        """
        return self.engine.write()

    def snapshot(self) -> AbstractContextManager[None]:
        """Several reads of one moment.  Keep it short: the log grows while a snapshot is held."""
        return self.engine.read()

    def revision(self) -> int:
        """How many changes this store has seen; each document written or removed is one."""
        return self.engine.revision()

    def changes(self, since: int) -> list[Change]:
        """What changed after a revision, oldest first; a first one past `since + 1` means that older ones are gone."""
        return self.engine.changes(since)

    def examine(self) -> None:
        """Read everything and check that it hangs together.

        Raises:
            StoreDamaged: it does not; says where.
        """
        self.engine.examine()

    def rebuild(self) -> None:
        """Make everything anew that follows from the documents: indexes, full text, missing columns."""
        self.engine.rebuild()

    def copy_to(self, target: Path) -> None:
        """Write the store, as it is at one moment, into a new file, checked and on disk; others may write meanwhile.

        Raises:
            StorageError: there is such a file already, or this thread is inside a transaction.
            StoreDamaged: the store is damaged, so no copy of it was made.
            StoreUnreachable: the target cannot be written.
        """
        self.engine.copy_to(target)

    def become(self, source: Path, first: Callable[[], object] = lambda: None) -> None:
        """Take on the content of a store in a file, whole or not at all; all who have this store open see it at once.

        `first` is called when nobody can write any more: the last moment to keep what there is.

        Each `Watch` then says that everything is to be read again, and what was read before is stale.

        Raises:
            StoreTooNew, StoreDamaged, StoreUnreachable: the file cannot be used; nothing was touched.
        """
        self.engine.become(source, first)

    def prune(self, keep: int = 100_000) -> None:
        """Forget all but the last changes, so that the feed does not grow for ever."""
        with self.engine.write():
            self.engine.prune(keep)


def open_store(path: str | Path, *, patience: float = PATIENCE) -> TicketStore:
    """Open the store in this file, or make it.  One of an older version is copied, then upgraded.

    Raises:
        StoreUnreachable: the folder is not there, not ours, or on a network file system.
        StoreDamaged: the file is not what was written.
        StoreTooNew: a newer Tandem wrote it.
        StorageError: it is older and cannot be upgraded; it stays as it was.
    """
    return TicketStore(SQLiteEngine(path, SCHEMA, patience, _upgrade))


def replace_damaged(path: Path, source: Path) -> Path:
    """Put a copy of `source` in the place of a store that cannot be opened; return where that one is kept now.

    `TicketStore.become` is for all others: whoever has the old file open is refused from now on, and must start again.

    Raises:
        StoreTooNew, StoreDamaged, StoreUnreachable: the source cannot be used, or the folder not written; nothing was
            touched.
        StoreBusy: somebody is writing.
    """
    return rescue.replace_damaged(path, source, SCHEMA.version, _made_ready)


def _made_ready(copy: Path) -> SQLiteEngine:
    return SQLiteEngine(copy, SCHEMA, PATIENCE, _upgrade, keeps_copy=False)


def _upgrade(engine: Engine, found: int) -> None:
    for step in upgrades.steps(found):
        step(TicketStore(engine))
