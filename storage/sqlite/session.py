"""One thread's connection to the SQLite file: statements, transactions, and SQLite's errors in words."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from storage import files
from storage.errors import IndexDamaged, StorageError, StoreBusy, StoreDamaged, StoreUnreachable, Unstorable
from storage.sqlite import functions

_CHUNK = 256
_CACHE_KIB = 1_000
"""For each thread; what does not fit is read again from the system's memory, which costs a microsecond a page."""
_LOG_BYTES = 64 << 20
"""What the log beside the file shrinks back to, once something large went through it."""

_PRIMARY = 0xFF  # SQLite's extended result codes keep the plain one in their low byte


class _InWords:
    """Puts into words what SQLite says against a statement; an object, as a generator costs more than the statement."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _where: object) -> None:
        if isinstance(error, sqlite3.Error):
            raise explained(error, self._path) from error
        if isinstance(error, OverflowError):
            raise Unstorable(f"a number is too large for the store: {error}") from error


_PATIENCE_TO_CLOSE = 1.0
"""Seconds: another program may keep a statement waiting for as long as our patience lasts."""


class Session:
    """A connection and where its thread stands in a transaction.

    `close` may come from another thread; everything else is for one thread.  `known` are the collections that this
    thread has seen: another one may see a collection that is not committed yet.  `counts` are the store's counters as
    this transaction left them, by collection, and under "" the clock.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._in_use, self._in_words = threading.Lock(), _InWords(path)
        self._levels, self._is_closed = 0, False
        self._marks: list[int] = []
        self._unmarked = 0
        self.known: frozenset[str] = frozenset()
        self.counts: dict[str, int] = {}
        try:
            self._connection = sqlite3.connect(
                path, timeout=patience, isolation_level=None, check_same_thread=False, cached_statements=256
            )
        except sqlite3.Error as error:
            raise explained(error, path) from error
        try:
            functions.teach(self._connection)
            self.run("PRAGMA synchronous=FULL")
            self.run(f"PRAGMA cache_size=-{_CACHE_KIB}")
            self.run(f"PRAGMA journal_size_limit={_LOG_BYTES}")
        except StorageError:
            self.close()
            raise

    @property
    def is_inside(self) -> bool:
        """Whether this thread is inside a transaction or a snapshot.

        Raises:
            StoreUnreachable: another thread has closed the connection.
        """
        with self._in_words:
            return self._connection.in_transaction

    @property
    def writing(self) -> bool:
        """Whether this thread is inside a transaction that writes."""
        return self._levels > 0

    def run(self, sql: str, params: Sequence[Any] = ()) -> list[Any]:
        """Execute one statement and return all of its rows."""
        with self._in_use, self._in_words:
            return self._connection.execute(sql, params).fetchall()

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for each of these rows of parameters."""
        with self._in_use, self._in_words:
            self._connection.executemany(sql, rows)

    def stream(self, sql: str, params: Sequence[Any] = ()) -> Iterator[Any]:
        """Execute one statement and read its rows as they are asked for."""
        with self._in_use, self._in_words:
            cursor = self._connection.execute(sql, params)
        with closing(cursor):
            while rows := self._fetched(cursor):
                yield from rows

    def _fetched(self, cursor: sqlite3.Cursor) -> list[Any]:
        with self._in_use, self._in_words:
            return cursor.fetchmany(_CHUNK)

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns, generated ones too; none when there is no such table."""
        return [name for (name,) in self.run("SELECT name FROM pragma_table_xinfo(?)", (table,))]

    def copy_into(self, other: sqlite3.Connection, pages: int, watch: Callable[[int, int, int], None]) -> None:
        """Copy the whole database into another connection's, which lets others in after each so many pages.

        Raises:
            sqlite3.Error: it failed at either end.
        """
        with self._in_use:
            self._connection.backup(other, pages=pages, progress=watch)

    def take_over(self, other: Session, pages: int, watch: Callable[[int, int, int], None]) -> None:
        """Become what another session sees, in one transaction; nothing may be being read on this session."""
        with self._in_use, self._in_words:
            other.copy_into(self._connection, pages, watch)

    @contextmanager
    def snapshot(self) -> Generator[None]:
        """Reads of one moment; inside a transaction, reads of that transaction."""
        if self.is_inside:
            yield
            return
        try:
            self.run("BEGIN")
            yield
        finally:
            if self.is_inside:
                self.run("COMMIT")

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Everything inside is written at once, or nothing."""
        if self.is_inside:
            raise StorageError("nothing can be written while a snapshot is being read")
        try:
            self.run("BEGIN IMMEDIATE")
            self._levels = 1
            yield
            self.require_transaction()
            self.run("COMMIT")
        except BaseException:
            self._take_back("ROLLBACK")
            raise
        finally:
            self._levels, self._unmarked = 0, 0
            self._marks.clear()
            self.counts.clear()

    @contextmanager
    def rehearsal(self) -> Generator[None]:
        """For statements that only look, and for which SQLite wants a transaction all the same."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self.run("ROLLBACK")

    @contextmanager
    def savepoint(self) -> Generator[None]:
        """A transaction inside a transaction: what is written here can be taken back alone.

        SQLite is told of it only when something is written (`about_to_write`), and once for all levels that began since
        the last write: to all of them, going back means the same.
        """
        self.require_transaction()
        self._levels += 1
        level = self._levels
        mark = self._unmarked = self._unmarked or level
        try:
            yield
            self.require_transaction()
            self._let_go(level)
        except BaseException:
            if mark in self._marks:
                self._take_back(f"ROLLBACK TO level_{mark}")
            self._let_go(level)
            raise
        finally:
            self._levels -= 1

    def about_to_write(self) -> None:
        """Make sure that what is written now is committed as a whole, and can be taken back with its level.

        Raises:
            StorageError, StoreUnreachable: as `require_transaction`.
        """
        self.require_transaction()
        if self._unmarked:
            self.run(f"SAVEPOINT level_{self._unmarked}")
            self._marks.append(self._unmarked)
            self._unmarked = 0

    def _let_go(self, level: int) -> None:
        """A level ends: its mark belongs to nobody any more."""
        if self._unmarked == level:
            self._unmarked = 0
        if level in self._marks:
            self._marks.remove(level)
            if not self._is_closed and self.is_inside:
                self.run(f"RELEASE level_{level}")

    def _take_back(self, statement: str) -> None:
        self.known = frozenset()  # a collection made inside is gone again
        self.counts.clear()
        if not self._is_closed and self.is_inside:
            self.run(statement)

    def require_transaction(self) -> None:
        """Make sure that what is written now will be committed as a whole.

        Raises:
            StorageError: there is no transaction.
            StoreUnreachable: there was one, and SQLite took it back because the disk failed or is full.
        """
        if not self.writing:
            raise StorageError("documents are written only inside a transaction")
        if not self.is_inside:
            raise StoreUnreachable(
                f"the disk failed under {self._path}; everything since the start of the transaction was taken back",
                "look at the disk and the room on it, then try again",
            )

    def close(self) -> None:
        """Close the connection, once the statement that runs on it is done; one that waits too long is left to it."""
        is_ours = self._in_use.acquire(timeout=_PATIENCE_TO_CLOSE)
        self._is_closed = True
        if is_ours:
            try:
                self._connection.close()
            finally:
                self._in_use.release()


_BUSY = (StoreBusy, "{path} is locked by another program", "close other programs that have it open")
_DAMAGED = (StoreDamaged, "{path} is damaged ({error})", "`tandem restore` brings back a backup")
_TEXT_DAMAGED = (IndexDamaged, "the full text in {path} is damaged ({error})", "`tandem reindex` makes it anew")
_STALE = (
    StoreBusy,
    "{path} changed while it was being read here, so nothing is written on that",
    "read it again first",
)
_FORBIDDEN = (StoreUnreachable, "{path} may not be written by you", "check owner, group and mode, and its folder's")
_SENTENCES: dict[int, tuple[type[StorageError], str, str]] = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_PROTOCOL: _BUSY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_READONLY: _FORBIDDEN,
    sqlite3.SQLITE_PERM: _FORBIDDEN,
    sqlite3.SQLITE_AUTH: _FORBIDDEN,
    sqlite3.SQLITE_FULL: (StoreUnreachable, "there is no space left for {path}", "make room on the disk"),
    sqlite3.SQLITE_CANTOPEN: (StoreUnreachable, "{path} cannot be opened", "check that it is there, and its mode"),
    sqlite3.SQLITE_IOERR: (StoreUnreachable, "the disk failed under {path} ({error})", "look at the disk"),
    sqlite3.SQLITE_TOOBIG: (Unstorable, "a document is too large for {path}", ""),
}
_EXTENDED: dict[int, tuple[type[StorageError], str, str]] = {
    sqlite3.SQLITE_CORRUPT_VTAB: _TEXT_DAMAGED,
    sqlite3.SQLITE_BUSY_SNAPSHOT: _STALE,
}
_OTHER = (StorageError, "{path} refused its work: {error}", "`tandem doctor` looks closer")


def explained(error: sqlite3.Error, path: Path) -> StorageError:
    """SQLite's refusal in one sentence."""
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error):
        return StoreUnreachable(f"{path} was closed")
    extended = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    code = extended & _PRIMARY
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and files.is_full(path.parent):
        code = sqlite3.SQLITE_FULL  # SQLite does not say so of the files beside the database
    kind, sentence, hint = _EXTENDED.get(extended) or _SENTENCES.get(code, _OTHER)
    return kind(sentence.format(path=path, error=error), hint)
