"""What the documents of a desk must be, for those that come from outside: each table's, and none dressed as another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from desk.conversation import Message, Note
from desk.draft import Draft
from desk.incoming import FolderState, Outcome, Place
from desk.outgoing import OutboxEntry
from desk.people import Agent
from desk.presence import Presence
from desk.ticket import Ticket
from storage.codec import from_document
from storage.conversations import KINDS
from storage.tinydb_file import Malformed

_DIGEST = re.compile(r"[0-9a-f]{64}")


class _PlaceRow(msgspec.Struct):
    """A row of the fetch ledger beside its place."""

    outcome: Outcome
    entry: int | None
    raw: str


class _Link(msgspec.Struct):
    """A Message-ID of a ticket."""

    message_id: str
    ticket: int
    own: bool


def check(table: str, number: int, document: Mapping[str, Any]) -> None:
    """Go on only with a document that the desk can work with; tables that it does not know may hold anything.

    Raises:
        Malformed: it cannot; says which and why.
    """
    if table not in _CHECKS:
        return
    try:
        for value in _CHECKS[table](number, document):
            _check_times(value)
    except (msgspec.ValidationError, KeyError, ValueError) as error:
        raise Malformed(f"{table}/{number} does not fit: {error}") from error


def _check_times(value: object) -> None:
    for field in fields(value) if is_dataclass(value) else ():
        moment = getattr(value, field.name)
        if isinstance(moment, datetime) and (moment.tzinfo is not UTC or moment.microsecond):
            raise ValueError(f"{field.name} is not in UTC and whole seconds")


def _ticket(number: int, document: Mapping[str, Any]) -> list[object]:
    if document["number"] != number:
        raise ValueError(f"its number is {document['number']!a}")
    return [from_document(Ticket, document)]


def _entry(number: int, document: Mapping[str, Any]) -> list[object]:
    kind = document["kind"]
    if kind not in KINDS:
        raise ValueError(f"there are no entries of the kind {kind!a}")
    entry = from_document(KINDS[kind], document, id=number)
    if isinstance(entry, Message) != ("text" in document) or isinstance(entry, Note) != ("note" in document):
        raise ValueError(f"it is called {kind} and is something else")
    if isinstance(entry, Message) and entry.direction != kind:
        raise ValueError(f"it is called {kind} and is {entry.direction}")
    if isinstance(entry, Message):
        _check_digests(entry.raw, *(each.sha256 for each in entry.attachments))
    return [entry]


def _check_digests(*digests: str) -> None:
    for each in digests:
        if each and not _DIGEST.fullmatch(each):
            raise ValueError("its bytes have no sha256")


def _outgoing(number: int, document: Mapping[str, Any]) -> list[object]:
    entry = from_document(OutboxEntry, document, id=number)
    _check_digests(entry.raw)
    return [entry]


def _place(_number: int, document: Mapping[str, Any]) -> list[object]:
    row = msgspec.convert(document, _PlaceRow)
    _check_digests(row.raw)
    return [row, from_document(Place, document)]


def _as(kind: type[object]) -> Callable[[int, Mapping[str, Any]], list[object]]:
    return lambda _, document: [from_document(kind, document)]


_CHECKS: Mapping[str, Callable[[int, Mapping[str, Any]], list[object]]] = {
    "tickets": _ticket,
    "entries": _entry,
    "outbox": _outgoing,
    "places": _place,
    "folders": _as(FolderState),
    "threads": _as(_Link),
    "agents": _as(Agent),
    "drafts": _as(Draft),
    "presence": _as(Presence),
}
