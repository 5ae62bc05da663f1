"""The people in a store: whom its mails are from and to, where their addresses stand, and how traces of them go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, MutableMapping
from datetime import datetime
from typing import Any, cast

import msgspec
from tinydb import Query

from desk.contact import Contact, Tally
from desk.conversation import EntryId, Message
from desk.incoming import Outcome, Place
from desk.people import Address
from desk.ticket import TicketNumber
from storage.codec import from_document
from storage.database import TicketStore
from storage.engine import Row
from storage.json_text import dumps
from storage.predicate import EVERYTHING
from storage.table import StoredDocument
from storage.tallies import mails_from, tally

_OURS = frozenset({"agents", "keys", "leases", "tombstones", "erasures", "awaited"})
"""Collections in which no customer is named."""


class _Mail(msgspec.Struct):
    ticket: int
    kind: str
    at: datetime
    sender: Address
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()


_MAIL = msgspec.json.Decoder(_Mail)


class StoredCustomers:
    """Implements desk.ports.Customers."""

    def __init__(self, store: TicketStore) -> None:
        self._store = store
        self._entries, self._places, self._threads = map(store.table, ("entries", "places", "threads"))

    def contacts(self) -> Iterator[Contact]:
        """Every address of every mail on a ticket."""
        for row in self._entries.rows(Query().kind.one_of(["in", "out"])):
            yield from _contacts(EntryId(row.id), _MAIL.decode(row.body))

    def mails_from(self, keys: Collection[str], limit: int) -> list[Message]:
        """The latest mails that came from one of these addresses, the latest first."""
        return mails_from(self._store, keys, limit)

    def tally(self, keys: Collection[str], tickets: Collection[TicketNumber]) -> Tally:
        """How many mails came from these addresses, and how many went to them on these tickets."""
        return tally(self._store, keys, tickets)

    def mentioning(self, texts: Collection[str]) -> frozenset[tuple[str, int]]:
        """(collection, id) of every document in which one of these folded texts stands, in whatever case."""
        return frozenset((name, row.id) for name, row in self._mentioning(texts))

    def _mentioning(self, texts: Collection[str]) -> Iterator[tuple[str, Row]]:
        sought = [dumps(each)[1:-1] for each in texts]
        for name in self._store.engine.collections():
            if name in _OURS:
                continue
            for row in self._store.engine.select(name, EVERYTHING):
                folded = row.body.casefold()
                if any(each in folded for each in sought):
                    yield name, row

    def tickets_of(self, documents: Iterable[tuple[str, int]]) -> frozenset[TicketNumber]:
        """The tickets that these documents are or belong to."""
        found = set[TicketNumber]()
        for name, number in documents:
            if name == "tickets":
                found.add(TicketNumber(number))
            elif name in ("entries", "outbox", "drafts", "thrown"):
                found.update(TicketNumber(each) for each in self._store.table(name).values("ticket", [number]).values())
        return frozenset(found)

    def reword(self, texts: Collection[str], change: Callable[[str], str]) -> int:
        """Change every text in every document where one of these folded texts stands; returns how many documents."""
        found = list(self._mentioning(texts))
        for name, row in found:
            self._store.table(name).update(lambda document: _reword(document, change), doc_ids=[row.id])
        return len(found)

    def places_of(self, entries: Collection[EntryId], raws: Collection[str]) -> list[Place]:
        """Where on the mail server the mails of these entries, or with bytes of these sha256, lie."""
        places = (from_document(Place, each) for each in self._places_of(entries, raws))
        return [each for each in places if not each.is_imported]

    def raws_of(self, entries: Collection[EntryId]) -> set[str]:
        """The sha256 of all copies of mails that became these entries."""
        return {each["raw"] for each in self._places_of(entries, ())} - {""}

    def loose_raws(self) -> set[str]:
        """The sha256 of mails that the ledger keeps and that no entry is of."""
        return {each["raw"] for each in self._places.find(Query().entry == None)} - {""}  # noqa: E711 - a query

    def _places_of(self, entries: Collection[EntryId], raws: Collection[str]) -> list[StoredDocument]:
        """Walked through once: the ledger has no index by entry, and erasing is rare."""
        wanted, bytes_of = set(entries), set(raws)
        return [each for each in self._places.find() if each["entry"] in wanted or each["raw"] in bytes_of]

    def forget_places(self, entries: Collection[EntryId], raws: Collection[str]) -> None:
        """Let the ledger say of these mails only that they were erased."""
        found = [each.doc_id for each in self._places_of(entries, raws)]
        self._places.update({"outcome": Outcome.ERASED.value, "entry": None, "raw": ""}, doc_ids=found)

    def forget_bytes(self, entries: Collection[EntryId]) -> None:
        """Let the ledger not say any more which bytes these mails had."""
        found = [each.doc_id for each in self._places_of(entries, ())]
        self._places.update({"raw": "", "redacted": True}, doc_ids=found)

    def unlink(self, message_ids: Iterable[str]) -> int:
        """Forget which tickets these Message-IDs lead to; returns how many links that were."""
        return sum(len(self._threads.remove(Query().message_id == each)) for each in dict.fromkeys(message_ids) if each)

    def unlink_ticket(self, number: TicketNumber, *, but: Collection[str] = ()) -> int:
        """Forget every Message-ID that leads to a ticket, `but` these; returns how many."""
        links = self._threads.find(Query().ticket == number)
        gone = [each.doc_id for each in links if each["message_id"] not in but]
        return len(self._threads.remove(doc_ids=gone)) if gone else 0


def _contacts(entry: EntryId, mail: _Mail) -> Iterator[Contact]:
    ticket, is_in = TicketNumber(mail.ticket), mail.kind == "in"
    yield Contact(mail.sender, entry, ticket, mail.at, wrote=is_in)
    for each in mail.reply_to if is_in else ():  # who fills in a form is named there
        if each.key != mail.sender.key:
            yield Contact(each, entry, ticket, mail.at, wrote=True)
    for each in (*mail.to, *mail.cc, *mail.bcc):
        yield Contact(each, entry, ticket, mail.at, wrote=False)


def _reword(document: MutableMapping[str, Any], change: Callable[[str], str]) -> None:
    for key in document:
        document[key] = _reworded(document[key], change)


def _reworded(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case list():
            return [_reworded(each, change) for each in cast("list[object]", value)]
        case dict():
            return {key: _reworded(each, change) for key, each in cast("dict[str, Any]", value).items()}
        case _:
            return value
