"""The fetch ledger: one row for every mail of every watched folder, and how far each folder was looked at.

The key of a mail is (mailbox, folder, UIDVALIDITY, UID); it is looked up and written in one transaction, so that two
processes that fetch the same folder cannot both take a mail in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace

from tinydb import Query
from tinydb.queries import QueryInstance

from desk.conversation import EntryId
from desk.incoming import FolderState, Outcome, Place, Row
from storage.codec import from_document, to_document
from storage.database import TicketStore


class StoredLedger:
    """Implements desk.ports.Ledger."""

    def __init__(self, store: TicketStore) -> None:
        self._store = store
        self._places, self._folders, self._awaited = map(store.table, ("places", "folders", "awaited"))

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
        return bool(self._places.ids(_at(place), limit=1))

    def row(self, place: Place) -> Row | None:
        """What became of the mail at this place; None when it was never taken in."""
        found = self._places.find(_at(place), limit=1)
        return from_document(Row, found[0]) if found else None

    def rows(self, mailbox: str, folder: str, uidvalidity: int, *, after: int, limit: int) -> list[tuple[int, Row]]:
        """So many rows of a folder with UIDs above `after`, lowest first."""
        here = _of(mailbox, folder) & (Query().uidvalidity == uidvalidity) & (Query().uid > after)
        found = self._places.find(here, order_by="uid", limit=limit)
        return [(each["uid"], from_document(Row, each)) for each in found]

    def forget(self, mailbox: str, folder: str, uidvalidity: int, uids: Collection[int]) -> None:
        """Remove the rows of these UIDs: the server gives them to other mails, or did so."""
        for uid in uids:
            self._places.remove(_at(Place(mailbox, folder, uidvalidity, uid)))

    def places(self, entry: EntryId) -> list[Place]:
        """Where the mail of an entry lies or lay, the newest place first."""
        rows = self._places.find(Query().entry == entry, order_by="-doc_id")
        return [from_document(Place, each) for each in rows]

    def put_raw(self, entry: EntryId, raw: str) -> None:
        """The mail of an entry has other bytes than were known: all of them."""
        self._places.update({"raw": raw}, Query().entry == entry)

    def note_gmail(self, place: Place, gmail_id: str) -> None:
        """Remember what Gmail calls the mail at this place, under whichever label."""
        self._places.update({"gmail": gmail_id}, _at(place))

    def with_gmail(self, mailbox: str, gmail_id: str) -> Row | None:
        """What became of a mail that was taken in under another label."""
        found = self._places.find((Query().mailbox == mailbox) & (Query().gmail == gmail_id), limit=1)
        return from_document(Row, found[0]) if found else None

    def record(self, place: Place, outcome: Outcome, entry: EntryId | None, raw: str) -> None:
        """Write down what became of the mail at this place."""
        self._places.insert({**to_document(place), "outcome": outcome.value, "entry": entry, "raw": raw})

    def settle(self, place: Place, outcome: Outcome, entry: EntryId | None) -> None:
        """Write down what became in the end of a mail that was parked."""
        self._places.update({"outcome": outcome.value, "entry": entry}, _at(place))

    def look_out(self, place: Place, message_ids: Iterable[str]) -> None:
        """The mail at this place belongs to no ticket before one of these ids is on one."""
        digests = dict.fromkeys(_digest(each) for each in message_ids)
        self._awaited.insert_multiple({**to_document(place), "digest": each} for each in digests)

    def look_again(self, message_ids: Iterable[str]) -> None:
        """These ids came to a ticket: whatever looked out for one of them is to be looked at as if it were new."""
        found = self._awaited.find(Query().digest.one_of([_digest(each) for each in message_ids]))
        for place in dict.fromkeys(from_document(Place, each) for each in found):
            self._awaited.remove(_at(place))
            row, state = self.row(place), self.folder(place.mailbox, place.folder)
            if row is None or row.outcome is not Outcome.ELSEWHERE:
                continue
            self.forget(place.mailbox, place.folder, place.uidvalidity, [place.uid])
            if state is not None and state.uidvalidity == place.uidvalidity:
                self.put_folder(replace(state, again=(*state.again, place.uid)))


def _digest(message_id: str) -> str:
    """An id is kept as its digest: the mail that names it is no matter of this desk."""
    return hashlib.sha256(message_id.encode("utf-8", "surrogatepass")).hexdigest()


def _at(place: Place) -> QueryInstance:
    return _of(place.mailbox, place.folder) & (Query().uidvalidity == place.uidvalidity) & (Query().uid == place.uid)


def _of(mailbox: str, folder: str) -> QueryInstance:
    return (Query().mailbox == mailbox) & (Query().folder == folder)
