"""What a store speaks of in the folder of blobs beside it: raw mails, and the files attached to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tinydb import Query
from tinydb.queries import QueryInstance

from desk.ticket import TicketNumber
from storage.database import TicketStore
from storage.predicate import EVERYTHING
from storage.table import StoredDocument

_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_WHOLE = re.compile(r"[0-9a-f]{64}")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Reference:
    """A file that some ticket needs, by its sha256; `ticket` is None where the ticket is gone.

    `mail` is the sha256 of the mail that it is attached to, and `name` what it is called there; of a mail itself they
    are its own sha256 and "".
    """

    digest: str
    ticket: TicketNumber | None
    mail: str
    name: str = ""


def references(store: TicketStore) -> Iterator[Reference]:
    """Every file that is needed; a file may come more than once. What is no sha256 names none."""
    return (each for each in _named(store) if is_digest(each.digest))


def is_digest(text: object) -> bool:
    """Whether this is a sha256 in 64 lower-case hex digits."""
    return isinstance(text, str) and _WHOLE.fullmatch(text) is not None


def _named(store: TicketStore) -> Iterator[Reference]:
    for message in _pages(store, "entries", Query().kind.one_of(["in", "out"])):
        ticket, mail = TicketNumber(message["ticket"]), str(message.get("raw") or "")
        yield Reference(mail, ticket, mail)
        for each in message.get("attachments") or ():
            yield Reference(each.get("sha256", ""), ticket, mail, each.get("name", ""))
    for sent in _pages(store, "outbox", None):
        yield Reference(sent["raw"], TicketNumber(sent["ticket"]), sent["raw"])
        yield from _enclosed(sent, sent["raw"])
    for name in ("drafts", "thrown"):
        for draft in _pages(store, name, None):
            yield from _enclosed(draft, "")
    for kept in _pages(store, "beginnings", None):
        for each in kept["beginning"].get("enclosures") or ():
            yield Reference(each.get("sha256", ""), None, "", each.get("name") or "file")
    for parked in _pages(store, "parked", None):
        for each in parked["read"].get("attachments") or ():
            yield Reference(each.get("sha256", ""), None, parked["raw"], each.get("name", ""))
    yield from _places(store)


def _enclosed(written: StoredDocument, mail: str) -> Iterator[Reference]:
    """The files that an agent attached; those of a draft are in no mail yet."""
    wording: dict[str, Any] = written.get("wording") or {}
    for each in wording.get("enclosures") or ():
        yield Reference(each.get("sha256", ""), TicketNumber(written["ticket"]), mail, each.get("name") or "file")


def _places(store: TicketStore) -> Iterator[Reference]:
    for page in _paged(store, "places", None):
        tickets = store.table("entries").values("ticket", [each["entry"] for each in page if each.get("entry")])
        for place in page:
            yield Reference(place["raw"], tickets.get(place.get("entry")), place["raw"])


def digests(store: TicketStore) -> set[str]:
    """Whatever looks like a sha256 anywhere in the store, at one moment: more than is needed, never less."""
    found: set[str] = set()
    with store.snapshot():
        for collection in store.engine.collections():
            for row in store.engine.select(collection, EVERYTHING):
                found.update(_DIGEST.findall(row.body))
    return found


def _pages(store: TicketStore, name: str, condition: QueryInstance | None) -> Iterator[StoredDocument]:
    for page in _paged(store, name, condition):
        yield from page


def _paged(store: TicketStore, name: str, condition: QueryInstance | None) -> Iterator[list[Any]]:
    """Documents by id, so many at a time as may be held at once."""
    table = store.table(name)
    ids = table.ids(condition)
    for start in range(0, len(ids), _BATCH):
        yield table.get(doc_ids=ids[start : start + _BATCH])
