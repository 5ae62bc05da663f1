"""A desk becomes what a backup holds: all of that is looked at first, and what was there before is kept.

The moment is the store's: until then the desk is as before, from then on it is restored. Mails are only ever added, and
before that moment; macros and settings follow it. Whoever is stopped in between does it again.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desk.errors import RefusedError, StoreUnreachable
from storage import files
from storage.blobs import Blobs
from storage.workshop import workshop
from tandem.backup import Tell
from tandem.founding import make_home
from tandem.keeping import Kept, keep_and_become
from tandem.log import open_log
from tandem.paths import Home
from tandem.settling import Settled, settle
from tandem.unpacking import Unpacked, unpacked

log = logging.getLogger("tandem.restore")

Agree = Callable[[Unpacked], None]
"""Is shown what would take a desk's place, and raises when that is not wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a desk is now. `kept` is the desk as it was before, None where there was none.

    `held` mails had not left when the backup was made and are uncertain now; `missing` are mails and
    attached files that are neither in the backup nor on the desk.
    """

    made: datetime
    tickets: int
    mails: int
    files_added: int
    held: int
    missing: tuple[str, ...]
    settled: Settled
    kept: Kept | None


def restore(home: Home, source: Path, agree: Agree, tell: Tell) -> Restored:
    """Let the desk in a folder, which may be new, be what a backup holds. `agree` is asked where there is a desk.

    Raises:
        RefusedError: this is no backup, there is no room for it, or it is not wanted.
        StorageError: the backup or the desk cannot be used; the desk is as it was.
    """
    with _folder(home), workshop(home.folder) as folder, unpacked(source, folder, tell) as backup:
        is_new = not home.exists
        if not is_new:
            agree(backup)
        _make_folders(home)
        open_log(home.log)
        blobs, kept = Blobs(home.mail), None
        added = backup.add_mails(blobs, tell)
        if is_new:
            settled = settle(home, backup.texts)
            _put_in_place(backup.store, home)
        else:
            kept = keep_and_become(home, backup.store, folder, tell)
            settled = settle(home, backup.texts)
        log.info("restored %d tickets as of %s", backup.tickets, backup.made)
        return Restored(
            made=backup.made,
            tickets=backup.tickets,
            mails=len(backup.files.mails),
            files_added=added,
            held=backup.held,
            missing=tuple(each for each in backup.files.all if not blobs.has(each)),
            settled=settled,
            kept=kept,
        )


@contextmanager
def _folder(home: Home) -> Generator[None]:
    """The desk's folder, which goes again if it was made for nothing."""
    try:
        home.folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        yield
        return
    except OSError as error:
        raise RefusedError(f"{home.folder} cannot be made: {error.strerror}", "choose another --home") from error
    try:
        yield
    finally:
        with suppress(OSError):
            home.folder.rmdir()


def _make_folders(home: Home) -> None:
    """A folder that a group shares already stays so; any other is private."""
    try:
        if not home.exists and not files.is_shared(home.folder):
            make_home(home, None)
        for folder in (home.mail, home.macros, home.backups, home.log.parent):
            files.create_folder(folder)
    except OSError as error:
        raise files.explained(error, home.folder) from error


def _put_in_place(store: Path, home: Home) -> None:
    """Give a store the name where none is; nobody else's is ever taken away."""
    try:
        store.chmod(files.file_mode(home.folder))
        _sync(store)
        home.store.hardlink_to(store)
        files.sync_folder(home.folder)
    except FileExistsError as error:
        raise StoreUnreachable(
            f"somebody made a desk in {home.folder} just now", "look at it, then try again"
        ) from error
    except OSError as error:
        raise files.explained(error, home.store) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
