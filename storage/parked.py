"""Parked mails as documents; those that an agent has settled stay, so that nobody decides twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from tinydb import Query
from tinydb.queries import QueryInstance

from desk.parked import ParkedId, ParkedMail, Trait, traits
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

    def with_raw(self, raw: str) -> ParkedMail | None:
        """The mail with these bytes, by their sha256, that waits or was dropped."""
        here = (Query().raw == raw) & Query().state.one_of(["waiting", "dropped"])
        return next(map(_parked, self._table.rows(here, limit=1)), None)

    def of_sender(self, sender: Address) -> list[ParkedMail]:
        """Every mail from this address that waits, oldest first."""
        return list(map(_parked, self._table.rows((Query().sender_key == sender.key) & _WAITING, order_by="doc_id")))

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

    def arrived(self, since: datetime, until: datetime, most: int, trait: Trait | None = None, value: str = "") -> int:
        """How many of the mails that wait reached us in this time, counted up to `most`; with this trait only."""
        wanted = (Query()[trait.value] == value) & _WAITING if trait else _WAITING
        within = (Query().received > moment(since)) & (Query().received <= moment(until))
        return len(self._table.ids(wanted & within, limit=most))


def _document(mail: ParkedMail) -> dict[str, Any]:
    slim, read = replace(mail, read=replace(mail.read, files=())), mail.read
    state = mail.settled.fate.value if mail.settled else "waiting"
    counted = traits(read.sender, is_automatic=read.automatic is not None)
    return to_document(slim, likeness=read.likeness, state=state, **counted)


def _parked(row: Row) -> ParkedMail:
    return from_row(ParkedMail, row)
