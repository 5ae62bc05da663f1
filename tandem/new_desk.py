"""A desk that begins with a store from elsewhere: its folders, and the store in its place once that is whole."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from desk.clock import utc_now
from desk.desk import Desk
from desk.errors import RefusedError, StoreUnreachable
from desk.settings import Settings
from storage import files
from storage.blobs import Blobs
from storage.shared import SharedStore
from tandem.access import refuse_unfit
from tandem.founding import make_home
from tandem.paths import Home
from tandem.wiring import LateComposer


@contextmanager
def folder_for(home: Home) -> Generator[None]:
    """The folder of a desk, which goes again if it was made for nothing.

    Raises:
        RefusedError: it cannot be made, or everybody may enter it.
        StoreUnreachable: we may not enter it.
    """
    refuse_unfit(home)
    try:
        home.folder.mkdir(mode=0o700, parents=True)
        home.folder.chmod(0o700)
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


def make_folders(home: Home) -> None:
    """The folders in it. One that a group shares already stays so; any other is private.

    Raises:
        StoreUnreachable: they cannot be made.
    """
    try:
        if not home.exists and not files.is_shared(home.folder):
            make_home(home, None)
        for folder in (home.mail, home.macros, home.backups, home.log.parent):
            files.create_folder(folder)
    except OSError as error:
        raise files.explained(error, home.folder) from error


def put_in_place(store: Path, home: Home) -> None:
    """Let a store be that of a desk which has none; nobody else's is ever taken away.

    Raises:
        StoreUnreachable: it cannot, or there is one by now.
    """
    try:
        store.chmod(files.file_mode(home.folder))
        files.sync_file(store)
        home.store.hardlink_to(store)
        files.sync_folder(home.folder)
    except FileExistsError as error:
        raise StoreUnreachable(
            f"somebody made a desk in {home.folder} just now", "look at it, then try again"
        ) from error
    except OSError as error:
        raise files.explained(error, home.store) from error


def bare_desk(store: SharedStore, folder: Path) -> Desk:
    """A desk over a store that has no settings yet."""
    blobs = Blobs(folder)
    return Desk(store=store, blobs=blobs, composer=LateComposer(blobs), clock=utc_now, settings=Settings())
