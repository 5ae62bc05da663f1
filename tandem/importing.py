"""An export of a whole desk becomes a desk again, with the same numbers; it sends nothing by itself."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from desk.errors import RefusedError
from desk.expression import EVERYTHING
from desk.unsent import make_uncertain
from storage.blobs import Blobs
from storage.shared import SharedStore, open_shared
from storage.workshop import workshop
from tandem.access import refuse_unfit
from tandem.backups.parcel import Files
from tandem.new_desk import bare_desk, folder_for, make_folders, put_in_place
from tandem.paths import Home

_WHY = "this desk was made from an export, after which this mail may have been sent"


@dataclass(frozen=True, slots=True)
class Imported:
    """What was imported. `uncertain` mails may have left from elsewhere; `missing` files of mails are not here."""

    tickets: int
    documents: int
    uncertain: int
    missing: int


def import_export(home: Home, path: Path) -> Imported:
    """Bring an export into a desk that holds no tickets, or make a desk of it.

    Raises:
        RefusedError: the desk holds tickets or everybody may enter its folder, or the file does not fit; nothing was
            changed.
        StorageError: the store cannot be written, or a newer Tandem wrote the file.
    """
    refuse_unfit(home)
    if home.exists:
        with closing(open_shared(home.store)) as store:
            return _import(store, home, path)
    with folder_for(home), workshop(home.folder) as folder:
        with closing(open_shared(folder / home.store.name)) as store:
            done = _import(store, home, path)
        make_folders(home)
        put_in_place(folder / home.store.name, home)
        return done


def _import(store: SharedStore, home: Home, path: Path) -> Imported:
    with store.transaction():
        if there := store.tickets.count(EVERYTHING):
            what = f"the desk in {home.folder} holds tickets already ({there})"
            raise RefusedError(what, "choose a new --home: an import never mixes with what is there")
        documents = store.import_(path)
        uncertain = make_uncertain(bare_desk(store, home.mail), _WHY)
        blobs = Blobs(home.mail)
        return Imported(
            tickets=store.tickets.count(EVERYTHING),
            documents=documents,
            uncertain=uncertain,
            missing=sum(not blobs.has(each) for each in Files.of(store).all),
        )
