"""What the documents of a desk must be, for those that come from outside: each table's, and none dressed as another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, cast

import msgspec

from desk.acknowledged import Acknowledged, Stopped
from desk.beginning import KeptBeginning
from desk.conversation import Message, Note
from desk.draft import Draft
from desk.erasure import Erasure
from desk.fields import FIELDS
from desk.handovers import Handover
from desk.incoming import FolderState, Outcome, Place
from desk.lease import Lease
from desk.mentions import Mention
from desk.outgoing import OutboxEntry, SendingAccount, Wording
from desk.parked import ParkedMail
from desk.people import Agent
from desk.presence import Presence
from desk.profiles import Profile
from desk.promises import Promise
from desk.saved_views import SavedView
from desk.ticket import Ticket
from storage.codec import from_document
from storage.conversations import KINDS
from storage.database import TicketStore
from storage.errors import StoreDamaged
from storage.json_text import loads
from storage.predicate import EVERYTHING
from storage.schema import SCHEMA
from storage.tinydb_file import Malformed

_DIGEST = re.compile(r"[0-9a-f]{64}")
_VALUE = re.compile(r"(?<=Invalid enum value) '.*'(?= - at )", re.DOTALL)
"""What msgspec repeats of a document, whose words must not reach a log."""
_ON_TICKETS = ("entries", "outbox", "drafts", "thrown", "mentions", "promises")
"""Collections in which each document belongs to a ticket."""

_LARGEST_TICKET, _LARGEST_ID = (1 << 31) - 1, (1 << 32) - 1
"""Past these, full text has no room for a number."""


_FILED = frozenset({Outcome.TICKET, Outcome.MESSAGE, Outcome.BOUNCE, Outcome.PARKED})
"""What became of a mail whose bytes are kept."""


class _PlaceRow(msgspec.Struct):
    """A row of the fetch ledger beside its place."""

    outcome: Outcome
    entry: int | None
    raw: str
    redacted: bool = False


class _Link(msgspec.Struct):
    """A Message-ID of a ticket."""

    message_id: str
    ticket: int
    own: bool


class _Key(msgspec.Struct):
    """A random key of the desk, in hex digits."""

    purpose: str
    key: Annotated[str, msgspec.Meta(pattern=f"^{_DIGEST.pattern}$")]


class _Digest(msgspec.Struct):
    """A digest: a keyed one of something that was erased, or one of an id that a mail looks out for."""

    digest: Annotated[str, msgspec.Meta(pattern=f"^{_DIGEST.pattern}$")]


def check(table: str, number: int, document: Mapping[str, Any]) -> None:
    """Go on only with a document that the desk can work with; tables that it does not know may hold anything.

    Raises:
        Malformed: it cannot; says which and why.
    """
    if table not in _CHECKS:
        return
    try:
        _check_numbers(table, number, document)
        for value in _CHECKS[table](number, document):
            _check_times(value)
    except (msgspec.ValidationError, KeyError, ValueError) as error:
        raise Malformed(f"{table}/{number} does not fit: {_VALUE.sub('', str(error))}") from error


def largest_id(table: str) -> int:
    """The largest number that a document of a table may have."""
    if table not in _CHECKS:
        return 1 << 60
    return _LARGEST_TICKET if table == "tickets" else _LARGEST_ID


def refuse_unfit(store: TicketStore) -> None:
    """Go on only with a store that a desk can work with: all its documents, and the tickets that they belong to.

    Raises:
        StoreDamaged: it cannot; says which and why.
    """
    try:
        with store.snapshot():
            for name in store.engine.collections():
                _check_all(store, name)
            refuse_lost(store)
    except Malformed as error:
        raise StoreDamaged(f"the desk is damaged: {error}", "`tandem restore` brings back a backup") from error


def _check_all(store: TicketStore, table: str) -> None:
    for row in store.engine.select(table, EVERYTHING):
        check(table, row.id, loads(row.body))
    if store.engine.upcoming(table) > largest_id(table):
        raise Malformed(f"{table} has no numbers left")


def refuse_lost(store: TicketStore) -> None:
    """Go on only when every ticket is there that anything belongs to.

    Raises:
        Malformed: one is not.
    """
    known = set(store.table("tickets").ids())
    for name in _ON_TICKETS:
        if lost := set(store.table(name).distinct("ticket")) - known:
            raise Malformed(f"{name} speaks of {len(lost)} tickets that are not there, the first is {min(lost)}")


def _check_numbers(table: str, number: int, document: Mapping[str, Any]) -> None:
    """What is looked up as a whole number is none with a point, which would be another one there."""
    if number > largest_id(table):
        raise ValueError("its number is too large")
    for path in SCHEMA[table].numbers:
        if isinstance(document.get(path), float):
            raise ValueError(f"its {path} is no whole number")  # noqa: TRY004 - the value is what does not fit


def _check_times(value: object) -> None:
    for field in fields(value) if is_dataclass(value) else ():
        moment = getattr(value, field.name)
        if isinstance(moment, datetime) and (moment.tzinfo is not UTC or moment.microsecond):
            raise ValueError(f"{field.name} is not in UTC and whole seconds")


def _ticket(number: int, document: Mapping[str, Any]) -> list[object]:
    if document["number"] != number:
        raise ValueError("its number is another one")
    return [from_document(Ticket, document)]


def _entry(number: int, document: Mapping[str, Any]) -> list[object]:
    kind = document["kind"]
    if kind not in KINDS:
        raise ValueError("there are no entries of its kind")
    entry = from_document(KINDS[kind], _known(document) if kind == "event" else document, id=number)
    if isinstance(entry, Message) != ("text" in document) or isinstance(entry, Note) != ("note" in document):
        raise ValueError(f"it is called {kind} and is something else")
    if isinstance(entry, Message) and entry.direction != kind:
        raise ValueError(f"it is called {kind} and is {entry.direction}")
    if isinstance(entry, Message):
        _check_digests(*_raw(entry.raw, is_redacted=entry.redacted), *(each.sha256 for each in entry.attachments))
    return [entry]


def _known(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """An event without changes of fields that only a newer Tandem knows, as it is read."""
    changes = cast("object", event.get("changes"))
    if not isinstance(changes, list):
        return event
    return {**event, "changes": [each for each in cast("list[object]", changes) if not _is_newer(each)]}


def _is_newer(change: object) -> bool:
    return isinstance(change, dict) and cast("dict[str, object]", change).get("field", FIELDS[0]) not in FIELDS


def _check_digests(*digests: str) -> None:
    for each in digests:
        if not _DIGEST.fullmatch(each):
            raise ValueError("its bytes have no sha256")


def _outgoing(number: int, document: Mapping[str, Any]) -> list[object]:
    entry = from_document(OutboxEntry, document, id=number)
    _check_digests(*_raw(entry.raw, is_redacted=entry.redacted), *_enclosed(entry.wording))
    return [entry, *entry.evidence, *entry.tries]


def _draft(number: int, document: Mapping[str, Any]) -> list[object]:
    draft = from_document(Draft, document, id=number)
    _check_digests(*_enclosed(draft.wording))
    return [draft]


def _beginning(number: int, document: Mapping[str, Any]) -> list[object]:
    kept = from_document(KeptBeginning, document, id=number)
    _check_digests(*(each.sha256 for each in kept.beginning.enclosures))
    return [kept]


def _profile(number: int, document: Mapping[str, Any]) -> list[object]:
    profile = from_document(Profile, document, id=number)
    return [profile, *profile.edits]


def _enclosed(wording: Wording | None) -> list[str]:
    return [each.sha256 for each in wording.enclosures] if wording else []


def _raw(raw: str, *, is_redacted: bool) -> list[str]:
    """What names a mail's bytes; those of one that was erased are not kept."""
    return [raw] if raw or not is_redacted else []


def _place(_number: int, document: Mapping[str, Any]) -> list[object]:
    row = msgspec.convert(document, _PlaceRow)
    has_none = row.redacted or row.outcome not in _FILED  # of a mail that was not fetched there are no bytes
    _check_digests(*_raw(row.raw, is_redacted=has_none))
    return [row, from_document(Place, document)]


def _awaited(_number: int, document: Mapping[str, Any]) -> list[object]:
    return [msgspec.convert(document, _Digest), from_document(Place, document)]


def _parked(number: int, document: Mapping[str, Any]) -> list[object]:
    mail = from_document(ParkedMail, document, id=number)
    _check_digests(mail.raw, *(each.sha256 for each in mail.read.attachments))
    return [mail]


def _as(kind: type[object]) -> Callable[[int, Mapping[str, Any]], list[object]]:
    return lambda _, document: [from_document(kind, document)]


_CHECKS: Mapping[str, Callable[[int, Mapping[str, Any]], list[object]]] = {
    "tickets": _ticket,
    "entries": _entry,
    "outbox": _outgoing,
    "places": _place,
    "parked": _parked,
    "awaited": _awaited,
    "folders": _as(FolderState),
    "threads": _as(_Link),
    "keys": lambda _, document: [msgspec.convert(document, _Key)],
    "tombstones": lambda _, document: [msgspec.convert(document, _Digest)],
    "erasures": _as(Erasure),
    "agents": _as(Agent),
    "drafts": _draft,
    "thrown": _draft,
    "beginnings": _beginning,
    "views": _as(SavedView),
    "presence": _as(Presence),
    "profiles": _profile,
    "leases": _as(Lease),
    "mentions": _as(Mention),
    "promises": _as(Promise),
    "handovers": _as(Handover),
    "senders": _as(SendingAccount),
    "acknowledged": _as(Acknowledged),
    "acknowledging_stopped": _as(Stopped),
}
