"""A store's file that cannot be read any more gives its place to a copy, and is kept for whoever can make use of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from storage import files
from storage.sqlite import copies
from storage.sqlite.engine import SQLiteEngine
from storage.sqlite.turnstile import Turnstile
from storage.workshop import workshop

_LOGS = ("-wal", "-shm")


def replace_damaged(path: Path, source: Path, newest: int, opened: Callable[[Path], SQLiteEngine]) -> Path:
    """Put a copy of `source` in the place of the store in `path`; return where that one is now.

    `opened` opens a copy and brings it up to the version `newest`.  Whoever still has the old file open may write no
    more (StoreReplaced), and must start again; so this is only for a file of which SQLite makes no sense.

    Raises:
        StoreTooNew, StoreDamaged, StoreUnreachable: the source cannot be used, or the folder not written; nothing was
            touched.
        StoreBusy: somebody is writing.
    """
    path = path.resolve()
    turnstile = Turnstile(path.with_name(f"{path.name}.lock"), copies.PATIENCE)
    with closing(turnstile), turnstile.alone(), workshop(path.parent) as folder:
        part = folder / path.name
        copies.take(source, part, newest)
        with closing(opened(part)) as taken:
            taken.examine_or_mend(source)
        try:
            part.chmod(files.file_mode(path.parent))
            files.sync_file(part)
            return _exchanged(path, part)
        except OSError as error:
            raise files.explained(error, path) from error


def _exchanged(path: Path, part: Path) -> Path:
    """At every moment there is a store of this name, and never one with another one's log beside it."""
    aside = path.with_name(f"{path.stem}-damaged-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}{path.suffix}")
    aside.hardlink_to(path)
    for suffix in _LOGS:
        log = path.with_name(path.name + suffix)
        if log.exists():
            log.rename(aside.with_name(aside.name + suffix))
    part.rename(path)
    files.sync_folder(path.parent)
    return aside
