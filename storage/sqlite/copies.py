"""Whole copies of a SQLite store: of a live one into a new file, and of a file into a folder where it is made ready.

Both go through SQLite's own backup, page by page, so that other processes may read and write meanwhile.  A copy is one
file that stands for itself: no log beside it, so that it can be read from a folder that may not be written.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path

from storage import files
from storage.errors import StorageError, StoreBusy, StoreDamaged, StoreTooNew, StoreUnreachable
from storage.new_file import new_path, private_mode
from storage.sqlite import functions
from storage.sqlite.ddl import APPLICATION_ID
from storage.sqlite.session import Session, explained

PAGES = 1_000
"""Pages (of 4 KiB) between two looks at whether somebody wants us to stop."""

PATIENCE = 10.0
"""How many seconds another program may keep what we need locked."""

_AT_FORMAT, _ROLLBACK = 18, b"\x01\x01"
"""Where SQLite's header says how a file is written and read (its file format, 1.3), and: without a log beside it."""


def copy(session: Session, source: Path, target: Path) -> None:
    """Write what `session` sees of the store `source` into a new file, checked and on disk before it has its name.

    Raises:
        StorageError: there is such a file already, or this thread is writing.
        StoreDamaged: the store is damaged, so no copy of it was made.
        StoreUnreachable: the target cannot be written, or there is no room.
    """
    if session.writing:
        raise StorageError("no copy of the store is made while it is being written")
    target = target.absolute()
    try:
        with new_path(target, private_mode(target.parent, source.parent)) as part:
            _fill(session, part, target)
            if fault := _fault(part, target):
                what = f"{source} is damaged ({fault}), so no copy of it was made"
                raise StoreDamaged(what, "`tandem doctor` looks closer")
    except FileExistsError as error:
        raise StorageError(f"{target} is there already", "choose another name") from error
    except OSError as error:
        raise files.explained(error, target) from error


def _fill(session: Session, part: Path, target: Path) -> None:
    try:
        with session.snapshot(), _unguarded(part) as connection:
            session.run("SELECT count(*) FROM sqlite_schema")  # from here on, so that other writers start nothing anew
            session.copy_into(connection, PAGES, patiently(target))
    except sqlite3.Error as error:
        raise explained(error, target) from error
    with part.open("r+b") as file:
        file.seek(_AT_FORMAT)
        file.write(_ROLLBACK)


@contextmanager
def _unguarded(part: Path) -> Generator[sqlite3.Connection]:
    """A connection to a file that nobody else knows and that is synced as a whole, so without journal and syncs."""
    with closing(sqlite3.connect(part, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        yield connection


def _fault(part: Path, called: Path) -> str:
    """What is wrong with the pages of a copy; "" when nothing is."""
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            [(said,), *_] = connection.execute("PRAGMA quick_check(1)").fetchall()
            return "" if said == "ok" else str(said)
    except sqlite3.DatabaseError as error:
        failure = explained(error, called)
        if isinstance(failure, StoreDamaged):
            return str(error)
        raise failure from error


def take(source: Path, part: Path, newest: int) -> None:
    """Copy another store's file, of this version at the `newest`, into a new one; the file itself stays as it is.

    Raises:
        StoreUnreachable: there is no such file, or it is no store.
        StoreTooNew: a newer Tandem wrote it.
        StoreDamaged: it is not what was written.
    """
    if not source.is_file():
        raise StoreUnreachable(f"there is no file {source}", "`ls` shows what there is")
    try:
        where = f"{source.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(where, uri=True, isolation_level=None)) as connection:
            _refuse_unknown(connection, source, newest)
            with _unguarded(part) as taken:
                connection.backup(taken, pages=PAGES, progress=patiently(source))
    except sqlite3.Error as error:
        is_full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        raise explained(error, part.parent if is_full else source) from error
    if fault := _fault(part, source):
        raise StoreDamaged(f"{source} is damaged ({fault})", "choose another backup")


def repage(part: Path, live: Session) -> None:
    """Give a copy that nobody has open the page size of the live store, without which that cannot take it over.

    Raises:
        StorageError: there is no room for that, or the copy is damaged.
    """
    ((size,),) = live.run("PRAGMA page_size")
    try:
        with _unguarded(part) as connection:
            if connection.execute("PRAGMA page_size").fetchone() != (size,):
                functions.teach(connection)
                connection.execute("PRAGMA journal_mode=DELETE")
                connection.execute(f"PRAGMA page_size={size}")
                connection.execute("VACUUM")
    except sqlite3.Error as error:
        raise explained(error, part) from error


def _refuse_unknown(connection: sqlite3.Connection, source: Path, newest: int) -> None:
    ((mark,),) = connection.execute("PRAGMA application_id")
    ((version,),) = connection.execute("PRAGMA user_version")
    if mark != APPLICATION_ID:
        raise StoreUnreachable(f"{source} is no store of Tandem", "choose another file")
    if version > newest:
        raise too_new(source, version, newest)


def too_new(path: Path, version: int, newest: int) -> StoreTooNew:
    """What is said of a store whose version is past the `newest` that this program knows."""
    return StoreTooNew(
        f"{path} was written by a newer Tandem (schema {version}, this one knows {newest})",
        "install the same version of Tandem for everybody on this desk",
    )


def patiently(path: Path, patience: float = PATIENCE) -> Callable[[int, int, int], None]:
    """What `sqlite3.Connection.backup` is to call after each step: lets Ctrl+C through, and ends endless waiting.

    `patience` is how many seconds another program may hold a lock.
    """
    waits_since: float | None = None

    def look(status: int, _remaining: int, _total: int) -> None:
        nonlocal waits_since
        if status not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            waits_since = None
            return
        waits_since = waits_since or time.monotonic()
        if time.monotonic() - waits_since > patience:
            raise StoreBusy(f"{path} is locked by another program", "close other programs that have it open")

    return look
