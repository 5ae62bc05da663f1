"""Whole copies of a SQLite store: of a live one into a new file, and of a file's content into a live one.

Both go through SQLite's own backup, page by page, so that other processes may read and write meanwhile.  A copy is one
file that stands for itself: no log beside it, so that it can be read from a folder that may not be written.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path

from storage import files
from storage.errors import StorageError, StoreBusy, StoreDamaged, StoreTooNew, StoreUnreachable
from storage.sqlite_ddl import APPLICATION_ID
from storage.sqlite_session import Session, explained

PAGES = 1_000
"""Pages (of 4 KiB) between two looks at whether somebody wants us to stop."""

_PATIENCE = 10.0


def copy(session: Session, source: Path, target: Path) -> None:
    """Write what `session` sees of the store `source` into a new file, checked and on disk before it has its name.

    Raises:
        StorageError: there is such a file already, or this thread is writing.
        StoreDamaged: the store is damaged, so no copy of it was made.
        StoreUnreachable: the target cannot be written, or there is no room.
    """
    target = target.absolute()
    if session.writing:
        raise StorageError("no copy of the store is made while it is being written")
    if os.path.lexists(target):
        raise StorageError(f"{target} is there already", "choose another name")
    with reserved(target) as part:
        with session.snapshot():
            session.run("SELECT count(*) FROM sqlite_schema")  # from here on, so that other writers start nothing anew
            _fill(session, part, target)
        if fault := _fault(part, target):
            raise StoreDamaged(f"{source} is damaged ({fault}), so no copy was made", "`tandem doctor` looks closer")
        put_in_place(part, target)


@contextmanager
def reserved(target: Path) -> Generator[Path]:
    """An empty file beside `target`, for us alone, with the mode of a store there; gone if the work on it fails.

    What a killed process left is used again.

    Raises:
        StoreBusy: another process is writing the same target.
        StoreUnreachable: the folder is not there or may not be written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        files.create_file(part)
        descriptor = os.open(part, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        raise files.explained(error, target) from error
    try:
        _lock(descriptor, part, target)
        os.ftruncate(descriptor, 0)
        try:
            yield part
        except BaseException:
            remove(part)
            raise
    finally:
        os.close(descriptor)


def _lock(descriptor: int, part: Path, target: Path) -> None:
    busy = StoreBusy(f"another process is writing {target}", "wait until it is done")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise busy from error
    if not _is_still(part, descriptor):  # whoever had the lock before us has given the file its name by now
        raise busy


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def remove(path: Path) -> None:
    """Remove a store's file and what SQLite and we keep beside it."""
    for suffix in ("", "-journal", "-wal", "-shm", ".lock"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _fill(session: Session, part: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=OFF")  # nobody else knows the file, and we sync it as a whole
            connection.execute("PRAGMA synchronous=OFF")
            session.copy_into(connection, PAGES, patiently(target))
    except sqlite3.Error as error:
        raise explained(error, target) from error


def _fault(part: Path, target: Path) -> str:
    """What is wrong with a copy; "" when nothing is.  Also makes it a file that needs none beside it."""
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA journal_mode=DELETE")
            [(said,), *_] = connection.execute("PRAGMA quick_check(1)").fetchall()
            return "" if said == "ok" else str(said)
    except sqlite3.DatabaseError as error:
        failure = explained(error, target)
        if isinstance(failure, StoreDamaged):
            return str(error)
        raise failure from error


def take(source: Path, part: Path, newest: int) -> None:
    """Copy another store's file, of this version at the `newest`, into a reserved one; the file itself stays as it is.

    Raises:
        StoreUnreachable: there is no such file, or it is no store.
        StoreTooNew: a newer Tandem wrote it.
        StoreDamaged: it is not what was written.
    """
    source = source.absolute()
    if not source.is_file():
        raise StoreUnreachable(f"there is no file {source}", "`ls` shows what there is")
    try:
        with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, isolation_level=None)) as connection:
            _refuse_unknown(connection, source, newest)
            with closing(sqlite3.connect(part, isolation_level=None)) as taken:
                taken.execute("PRAGMA journal_mode=OFF")
                taken.execute("PRAGMA synchronous=OFF")
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM sqlite_schema")
                connection.backup(taken, pages=PAGES, progress=patiently(source))
    except sqlite3.Error as error:
        raise explained(error, source) from error
    if fault := _fault(part, source):
        raise StoreDamaged(f"{source} is damaged ({fault})", "choose another backup")


def _refuse_unknown(connection: sqlite3.Connection, source: Path, newest: int) -> None:
    ((mark,),) = connection.execute("PRAGMA application_id")
    ((version,),) = connection.execute("PRAGMA user_version")
    if mark != APPLICATION_ID:
        raise StoreUnreachable(f"{source} is no store of Tandem", "choose another file")
    if version > newest:
        raise too_new(source, version, newest)


def put_in_place(part: Path, target: Path) -> None:
    """Put a file on disk, and give it its name."""
    try:
        descriptor = os.open(part, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        part.rename(target)
        files.sync_folder(target.parent)
    except OSError as error:
        raise files.explained(error, target) from error


def patiently(path: Path, patience: float = _PATIENCE) -> Callable[[int, int, int], None]:
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


def too_new(path: Path, version: int, newest: int) -> StoreTooNew:
    """What is said of a store whose version is past the `newest` that this program knows."""
    return StoreTooNew(
        f"{path} was written by a newer Tandem (schema {version}, this one knows {newest})",
        "install the same version of Tandem for everybody on this desk",
    )
