"""Which version a SQLite store has, and how an older one is brought up to this program's.

Version 0 is a new, empty file.  An older store is first copied into a file of its own; then everything happens in one
transaction, so that a crash leaves it as it was and the next opening begins anew.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage.errors import StorageError, StoreBusy, StoreDamaged, StoreReplaced, StoreTooNew, StoreUnreachable
from storage.schema import Schema
from storage.sqlite import copies, ddl
from storage.sqlite.session import Session

_BACKUPS = "backups"

_PATIENCE = 10.0
"""Seconds to wait for another one who has the file to himself when it is made sharable."""

_PAUSE = 0.005


def version(session: Session) -> int:
    """The version that the file is marked with."""
    ((found,),) = session.run("PRAGMA user_version")
    return int(found)


def is_current(session: Session, path: Path, schema: Schema) -> bool:
    """Whether there is nothing to be done to the file; reading this is all that opening an existing store waits for.

    Raises:
        StoreTooNew: a newer Tandem wrote it.
    """
    if not _is_ours(session):
        return False
    found = version(session)
    if found > schema.version:
        raise copies.too_new(path, found, schema.version)
    ((mode,),) = session.run("PRAGMA journal_mode")
    return found == schema.version and mode == "wal"


def _is_ours(session: Session) -> bool:
    ((mark,),) = session.run("PRAGMA application_id")
    return bool(mark == ddl.APPLICATION_ID)


def refuse_lost(path: Path) -> None:
    """Keep SQLite from a file of which nothing is left but its log: it would begin a new store, and remove the log.

    Raises:
        StoreDamaged: so it is.
    """
    log = path.with_name(f"{path.name}-wal")
    try:
        is_lost = not path.stat().st_size and bool(log.stat().st_size)
    except OSError:
        return
    if is_lost:
        raise StoreDamaged(f"{path} is empty, though its log is not", "`tandem restore` brings back a backup")


def refuse_upgraded(session: Session, newest: int) -> None:
    """Go on only while the store has the version that it was opened with.

    Raises:
        StoreTooNew: another process has upgraded it since.
    """
    if version(session) > newest:
        raise StoreTooNew(
            "this desk was upgraded by a newer Tandem while this one was running",
            "quit and start Tandem again; nothing more can be saved from here",
        )


def refuse_replaced(path: Path, opened: os.stat_result | None) -> None:
    """Go on only while the file of this name is the one that was `opened` (None: it is just being opened).

    Raises:
        StoreReplaced: another one is in its place, so that what is written here would be lost.
    """
    if opened is None:
        return
    try:
        is_there = os.path.samestat(path.stat(), opened)
    except OSError:
        is_there = False
    if not is_there:
        raise StoreReplaced(
            f"this desk was replaced while it was open: {path} is another file now",
            "quit and start Tandem again; nothing more can be saved from here",
        )


def make_sharable(session: Session, path: Path) -> None:
    """Let many processes read and one write at once.

    Raises:
        StoreUnreachable: the file is another program's, or its file system cannot do this.
    """
    ((tables,),) = session.run("SELECT count(*) FROM sqlite_schema")
    if tables and not _is_ours(session):
        raise StoreUnreachable(f"{path} is a database of another program", "choose another folder")
    if _mode_after_switching(session) != "wal":
        raise StoreUnreachable(f"the file system of {path} cannot hold a shared store", "use a local disk")


def _mode_after_switching(session: Session) -> str:
    """How the file is shared now. Here SQLite itself does not wait for one who mends what a killed process left."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            ((mode,),) = session.run("PRAGMA journal_mode=WAL")
        except StoreBusy:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return str(mode)


def keep_copy(session: Session, path: Path, newest: int) -> Path:
    """Copy a store that is about to be upgraded, into `backups` beside it if there is such a folder, else beside it.

    Raises:
        StorageError: no copy can be made; says why.
    """
    folder = path.parent / _BACKUPS if (path.parent / _BACKUPS).is_dir() else path.parent
    name = f"{path.stem}-v{version(session)}-before-v{newest}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    names = (f"{name}{'-' * bool(again)}{again or ''}{path.suffix}" for again in range(1_000))
    target = next(target for each in names if not (target := folder / each).exists())
    try:
        copies.copy(session, path, target)
    except StorageError as error:
        what = f"{path} was not upgraded, because no copy of it can be kept: {error.message}"
        raise type(error)(what, error.hint) from error
    return target


@contextmanager
def upgrading(path: Path, found: int, newest: int) -> Generator[None]:
    """Say in one sentence what keeps documents from their new shape, be it a defect of ours."""
    if not found:
        yield
        return
    try:
        yield
    except (StoreBusy, StoreDamaged, StoreUnreachable):
        raise
    except Exception as error:  # whatever a step meets in somebody's documents, the desk is to be told whole
        what = f"{path} cannot be upgraded from version {found} to {newest} and stays as it was"
        raise StorageError(
            f"{what}: {type(error).__name__}: {error}", "go on with the Tandem you had, and report this"
        ) from error
