"""The fetch ledger: one row for every mail of every watched folder, and how far each folder was looked at.

The key of a mail is (mailbox, folder, UIDVALIDITY, UID); it is looked up and written in one transaction, so that two
processes that fetch the same folder cannot both take a mail in.
"""

from __future__ import annotations

from tinydb import Query
from tinydb.queries import QueryInstance

from desk.conversation import EntryId
from desk.incoming import FolderState, Outcome, Place
from storage.codec import from_document, to_document
from storage.database import TicketStore


class StoredLedger:
    """Implements desk.ports.Ledger."""

    def __init__(self, store: TicketStore) -> None:
        self._store, self._places, self._folders = store, store.table("places"), store.table("folders")

    def folder(self, mailbox: str, folder: str) -> FolderState | None:
        """How far this folder was looked at; None when it never was."""
        document = next(iter(self._folders.find(_of(mailbox, folder), limit=1)), None)
        return from_document(FolderState, document) if document is not None else None

    def put_folder(self, state: FolderState) -> None:
        """Remember how far a folder was looked at."""
        self._folders.upsert(to_document(state), _of(state.mailbox, state.folder))

    def known(self, mailbox: str, folder: str, uidvalidity: int, *, since: int = 1) -> frozenset[int]:
        """The UIDs from `since` on that have a row."""
        here = _of(mailbox, folder) & (Query().uidvalidity == uidvalidity)
        ids = self._places.ids(here & (Query().uid >= since))
        return frozenset(self._places.values("uid", ids).values())

    def has(self, place: Place) -> bool:
        """Whether the mail at this place was taken in before."""
        here = _of(place.mailbox, place.folder) & (Query().uidvalidity == place.uidvalidity)
        return bool(self._places.ids(here & (Query().uid == place.uid), limit=1))

    def record(self, place: Place, outcome: Outcome, entry: EntryId | None, raw: str) -> None:
        """Write down what became of the mail at this place."""
        self._places.insert({**to_document(place), "outcome": outcome.value, "entry": entry, "raw": raw})

    def settle(self, place: Place, outcome: Outcome, entry: EntryId | None) -> None:
        """Write down what became in the end of a mail that was parked."""
        here = _of(place.mailbox, place.folder) & (Query().uidvalidity == place.uidvalidity)
        self._places.update({"outcome": outcome.value, "entry": entry}, here & (Query().uid == place.uid))


def _of(mailbox: str, folder: str) -> QueryInstance:
    return (Query().mailbox == mailbox) & (Query().folder == folder)
