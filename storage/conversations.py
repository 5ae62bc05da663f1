"""Messages, notes and events as documents of one collection, each marked with its kind.

A note's words are in a field of their own, so that no query for a message's text can come back with a note. An event
about a field that only a newer Tandem knows comes without it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from tinydb import Query

from desk.conversation import Act, Direction, Entry, EntryId, Event, Happened, Message, Note
from desk.fields import FIELDS
from desk.parked import Trait, traits
from desk.people import Handle
from desk.ticket import TicketNumber
from storage.codec import from_document, from_row, moment, to_document
from storage.database import TicketStore
from storage.engine import Row
from storage.json_text import loads

KINDS: dict[str, type[Message | Note | Event]] = {"in": Message, "out": Message, "note": Note, "event": Event}
_IN_ORDER = ("at", "doc_id")


class StoredConversations:
    """Implements desk.ports.Conversations."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("entries")

    def of(self, number: TicketNumber) -> list[Entry]:
        """One ticket's entries, oldest first."""
        return [_entry(each) for each in self._table.rows(Query().ticket == number, order_by=_IN_ORDER)]

    def get(self, entry: EntryId) -> Entry | None:
        """The entry with this id, if there is one."""
        return next(map(_entry, self._table.rows_of([entry])), None)

    def add(self, entry: Entry) -> EntryId:
        """Store a new entry under the next free id."""
        return EntryId(self._table.insert(_document(entry)))

    def put(self, entry: Entry) -> None:
        """Store an entry as it is now."""
        self._table.update(_document(entry), doc_ids=[entry.id])

    def with_message_id(self, message_id: str) -> list[Message]:
        """The messages with this Message-ID, which need not be one."""
        found = map(_entry, self._table.rows(Query().message_id == message_id))
        return [each for each in found if isinstance(each, Message)]

    def copies(self, message_id: str, *, digest: str, raw: str) -> list[Message]:
        """The messages with this id that are the same mail by their digest or their bytes, or that went out from us."""
        alike = (Query().digest == digest) | (Query().raw == raw) | (Query().kind == "out")
        found = map(_entry, self._table.rows((Query().message_id == message_id) & alike, order_by="doc_id"))
        return [each for each in found if isinstance(each, Message)]

    def dated(self, message_id: str, date: datetime) -> list[Message]:
        """The messages with this id that say this Date, oldest first."""
        wanted = (Query().message_id == message_id) & (Query().date == moment(date))
        found = map(_entry, self._table.rows(wanted, order_by="doc_id"))
        return [each for each in found if isinstance(each, Message)]

    def of_act(self, act: Act) -> list[Event]:
        """The events of one act, oldest first."""
        found = map(_entry, self._table.rows(Query().act == act, order_by="doc_id"))
        return [each for each in found if isinstance(each, Event)]

    def done_by(self, author: Handle, limit: int) -> list[Event]:
        """An agent's latest events, newest first."""
        mine = (Query().author == author) & (Query().kind == "event")
        found = map(_entry, self._table.rows(mine, order_by="-doc_id", limit=limit))
        return [each for each in found if isinstance(each, Event)]

    def latest(self, author: Handle, *, but: Collection[Happened], past: Collection[Act] = ()) -> Event | None:
        """The last event that an agent did and that is not undone, of any kind `but` these, of no act in `past`."""
        standing = (Query().author == author) & (Query().kind == "event") & Query().undone.one_of([False])
        wanted = standing & ~Query().what.one_of(sorted(but))
        if past:
            wanted &= ~Query().act.one_of(sorted(past))
        found = [_entry(each) for each in self._table.rows(wanted, order_by="-doc_id", limit=1)]
        return next((each for each in found if isinstance(each, Event)), None)

    def events_between(self, since: datetime, until: datetime) -> list[Event]:
        """What happened to any ticket from `since` until just before `until`, oldest first."""
        within = (Query().kind == "event") & (Query().at >= moment(since)) & (Query().at < moment(until))
        found = map(_entry, self._table.rows(within, order_by=_IN_ORDER))
        return [each for each in found if isinstance(each, Event)]

    def arrived(self, since: datetime, until: datetime, most: int, trait: Trait | None = None, value: str = "") -> int:
        """How many mails reached us after `since` and not after `until`, counted up to `most`; with this trait only."""
        wanted = Query()[trait.value] == value if trait else Query().kind == "in"
        within = (Query().at > moment(since)) & (Query().at <= moment(until))
        return len(self._table.ids(wanted & within, limit=most))


def _document(entry: Entry) -> dict[str, Any]:
    """An entry with its kind; a mail from outside also with what floods are told by."""
    if isinstance(entry, Message) and entry.direction is Direction.IN:
        return to_document(entry, kind="in", **traits(entry.sender, is_automatic=entry.automatic is not None))
    return to_document(entry, kind=_kind(entry))


def _kind(entry: Entry) -> str:
    match entry:
        case Message(direction=Direction.IN):
            return "in"
        case Message():
            return "out"
        case Note():
            return "note"
        case Event():
            return "event"


class _Kind(msgspec.Struct):
    kind: str


_KIND = msgspec.json.Decoder(_Kind)


def _entry(row: Row) -> Entry:
    kind = _KIND.decode(row.body).kind
    try:
        return from_row(KINDS[kind], row)
    except msgspec.ValidationError:
        if kind != "event":
            raise
        document = loads(row.body)
        known = [each for each in document["changes"] if each["field"] in FIELDS]
        return from_document(Event, {**document, "changes": known}, id=row.id)
