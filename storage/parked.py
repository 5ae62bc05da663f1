"""Parked mails as documents; those that an agent has settled stay, so that nobody decides twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from tinydb import Query
from tinydb.queries import QueryInstance

from desk.parked import ParkedId, ParkedMail
from desk.people import Address
from storage.codec import from_row, moment, to_document
from storage.database import TicketStore
from storage.engine import Row

_WAITING: QueryInstance = Query().state == "waiting"


class StoredParked:
    """Implements desk.ports.Parked."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("parked")

    def all(self, *, settled: bool = False, limit: int | None = None) -> list[ParkedMail]:
        """The mails that wait, or with `settled` also those that an agent has decided about; newest first."""
        rows = self._table.rows(None if settled else _WAITING, order_by="-doc_id", limit=limit)
        return list(map(_parked, rows))

    def get(self, parked: ParkedId) -> ParkedMail | None:
        """The mail with this id, if there is one."""
        return next(map(_parked, self._table.rows_of([parked])), None)

    def of_sender(self, sender: Address) -> list[ParkedMail]:
        """Every mail from this address that waits, oldest first."""
        return list(map(_parked, self._table.rows(_from(sender.key) & _WAITING, order_by="doc_id")))

    def add(self, mail: ParkedMail) -> ParkedMail:
        """Store a mail under the next free id."""
        return replace(mail, id=ParkedId(self._table.insert(_document(mail))))

    def put(self, mail: ParkedMail) -> None:
        """Store a mail as it is now."""
        self._table.update(_document(mail), doc_ids=[mail.id])

    def remove(self, parked: ParkedId) -> None:
        """Forget a mail."""
        self._table.remove(doc_ids=[parked])

    def count(self) -> int:
        """How many mails wait."""
        return self._table.count(_WAITING)

    def from_sender(self, sender: Address, since: datetime, until: datetime, limit: int) -> int:
        """How many of this address' mails that reached the server in this time wait, `limit` at most."""
        return self._counted(_from(sender.key) & _WAITING, since, until, limit)

    def alike(self, likeness: str, since: datetime, until: datetime, limit: int) -> int:
        """How many mails of the same words that reached the server in this time wait, `limit` at most."""
        return self._counted((Query().likeness == likeness) & _WAITING, since, until, limit)

    def _counted(self, condition: QueryInstance, since: datetime, until: datetime, limit: int) -> int:
        within = (Query().received > moment(since)) & (Query().received <= moment(until))
        return len(self._table.ids(condition & within, limit=limit))


def _from(key: str) -> QueryInstance:
    return Query().sender_key == key


def _document(mail: ParkedMail) -> dict[str, Any]:
    slim = replace(mail, read=replace(mail.read, files=()))
    state = mail.settled.fate.value if mail.settled else "waiting"
    return to_document(slim, sender_key=mail.read.sender.key, likeness=mail.read.likeness, state=state)


def _parked(row: Row) -> ParkedMail:
    return from_row(ParkedMail, row)
