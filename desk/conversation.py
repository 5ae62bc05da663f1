"""What stands on a ticket, oldest first: messages, internal notes, and events.

A note is a type of its own, so that nothing which sends mail can be handed one by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NewType

from desk.people import Address, Handle
from desk.ticket import TicketNumber

EntryId = NewType("EntryId", int)
OutboxId = NewType("OutboxId", int)
Act = NewType("Act", str)
"""Names one thing an agent did; everything done by one key press or command shares it and is undone together."""


class Direction(StrEnum):
    """Whether a message came from a customer or went out from us."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail: its cleaned base name, MIME type, size in bytes, and sha256 of its content.

    `part` is its place in the mail: the index in the depth-first walk over all MIME parts, from 0.
    """

    name: str
    type: str
    size: int
    sha256: str
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A mail on a ticket, in or out. `text` is whole: quotes and signatures are folded on screen only.

    `at` is when the mail reached the server (IMAP INTERNALDATE) or when the reply was queued, UTC.
    `raw` is the sha256 of its bytes. `automatic` says why it counts as automatic mail (None: a person wrote it).
    """

    id: EntryId
    ticket: TicketNumber
    direction: Direction
    at: datetime
    sender: Address
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str = ""
    text: str = ""
    has_html: bool = False
    attachments: tuple[Attachment, ...] = ()
    message_id: str = ""
    references: tuple[str, ...] = ()
    digest: str = ""
    automatic: str | None = None
    defects: tuple[str, ...] = ()
    raw: str = ""
    author: Handle | None = None
    outbox: OutboxId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An internal note: only agents ever see it. `removed` is true after its author took it back."""

    id: EntryId
    ticket: TicketNumber
    at: datetime
    author: Handle
    note: str
    removed: bool = False


class Happened(StrEnum):
    """What an event records."""

    CREATED = "created"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    TAGGED = "tagged"
    STATUS_CHANGED = "status_changed"
    PRIORITY_CHANGED = "priority_changed"
    NOTED = "noted"
    REPLIED = "replied"
    MACRO_RUN = "macro_run"
    UNDONE = "undone"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    RESENT = "resent"
    CANCELLED = "cancelled"
    BOUNCED = "bounced"


Recorded = str | tuple[str, ...] | None
"""A value an event can keep: a status, a priority, a handle (or none), or tags."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a ticket that agents set, before and after."""

    field: Literal["status", "assignee", "tags", "priority"]
    before: Recorded
    after: Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a ticket, and who did it (`author` None: Tandem or a mail).

    `entry` is the message or note it is about. `detail` holds short facts by name, all of them text.
    `undone` is true once the act was taken back.
    """

    id: EntryId
    ticket: TicketNumber
    at: datetime
    author: Handle | None
    what: Happened
    act: Act
    entry: EntryId | None = None
    changes: tuple[Change, ...] = ()
    detail: dict[str, str]
    undone: bool = False


Entry = Message | Note | Event
