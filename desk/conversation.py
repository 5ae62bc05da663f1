"""What stands on a ticket, oldest first: messages, internal notes, and events.

A note is a type of its own, so that nothing which sends mail can be handed one by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NewType, Self

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


class Purpose(StrEnum):
    """What a mail of ours is for: an answer, the first of a conversation, one passed on, or Tandem's own."""

    REPLY = "reply"
    NEW = "new"
    FORWARD = "forward"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail: its cleaned base name, MIME type, size in bytes, and sha256 of its content.

    `part` is its place in the mail: the index in the depth-first walk over all MIME parts, from 0; files that came
    packed in one part share it. `is_inline`: a picture within the text, such as a logo (RFC 2387).
    """

    name: str
    type: str
    size: int
    sha256: str
    part: int
    is_inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A mail on a ticket, in or out. `text` is whole: quotes and signatures are folded on screen only.

    `at` is when the mail reached the server (IMAP INTERNALDATE) or when the reply was queued, UTC.
    `raw` is the sha256 of its bytes. `automatic` says why it counts as automatic mail (None: a person wrote it).
    `facts` is what Tandem says of parts that are no text (an invitation, a report); it never stands in the text.
    `likeness` is one for mails of the same words (see `desk.incoming.Incoming`). `date` is the Date that it says.
    `redacted`: it was erased at a customer's request, or a customer was taken out of it; its bytes are not kept.
    `purpose` is what one of ours is for (None: it came in, or is of an older Tandem, an answer). `side` is the forward
    whose side talk it belongs to (None: the talk with the customer). `bcc` got it without standing in it.
    `was_in_bcc`: whoever wrote it only got a mail to the customer in Bcc, which `side` names then.
    `utc_offset` is how many minutes east of UTC its Date says it was written (None: it does not say).
    `is_doubtful`: it came with a sign of a machine that people's mail may carry too, be it automatic or not.
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
    likeness: str = ""
    date: datetime | None = None
    automatic: str | None = None
    facts: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    raw: str = ""
    author: Handle | None = None
    outbox: OutboxId | None = None
    redacted: bool = False
    purpose: Purpose | None = None
    side: EntryId | None = None
    bcc: tuple[Address, ...] = ()
    is_doubtful: bool = False
    was_in_bcc: bool = False
    utc_offset: int | None = None

    @property
    def has_files(self) -> bool:
        """Whether a file came with it, other than pictures within its text."""
        return any(not each.is_inline for each in self.attachments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An internal note: only agents ever see it. `removed` is true after its author took it back.

    `version` counts from 1, one up whenever its words became others: who edits it says which one was on the screen.
    `mentions` are the colleagues whom it names, or hands the ticket to.
    """

    id: EntryId
    ticket: TicketNumber
    at: datetime
    author: Handle
    note: str
    removed: bool = False
    version: int = 1
    mentions: tuple[Handle, ...] = ()


class Happened(StrEnum):
    """What an event records. A kind that only a newer Tandem knows keeps its word; it is none of the names here."""

    CREATED = "created"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    TAGGED = "tagged"
    STATUS_CHANGED = "status_changed"
    PRIORITY_CHANGED = "priority_changed"
    NOTED = "noted"
    NOTE_EDITED = "note_edited"
    REPLIED = "replied"
    MACRO_RUN = "macro_run"
    UNDONE = "undone"
    REDONE = "redone"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    RESENT = "resent"
    CANCELLED = "cancelled"
    BOUNCED = "bounced"
    ERASED = "erased"
    DELAYED = "delayed"
    ACCEPTED = "accepted"
    SUBJECT_CHANGED = "subject_changed"
    CLAIMED = "claimed"
    FOLLOWED = "followed"
    MERGED = "merged"
    SPLIT = "split"
    CUSTOMER_SET = "customer_set"
    PROFILE_EDITED = "profile_edited"
    FOUND_SENT = "found_sent"
    NEWCOMER = "newcomer"
    ALSO_ABOUT = "also_about"
    ARRIVED = "arrived"
    FORWARDED = "forwarded"
    ANSWERED_ASIDE = "answered_aside"
    WRITTEN = "written"
    SENDING = "sending"
    IN_DATA = "in_data"
    WAITS_AGAIN = "waits_again"
    OVERTAKEN = "overtaken"
    EVIDENCE = "evidence"
    SENT_TO_REST = "sent_to_rest"
    SETTLED = "settled"
    COPY_FAILED = "copy_failed"
    ACKNOWLEDGED = "acknowledged"
    STOPPED = "stopped"
    HANDED_OVER = "handed_over"
    PROMISED = "promised"
    PROMISE_KEPT = "promise_kept"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    LINKED = "linked"
    UNLINKED = "unlinked"
    KEPT_APART = "kept_apart"
    DRAFT_GIVEN = "draft_given"
    DRAFT_DISCARDED = "draft_discarded"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_, unknown._value_ = value.upper(), value
        return unknown


Field = Literal["status", "assignee", "tags", "priority", "snoozed_until"]
"""A field of a ticket that agents set."""

Recorded = str | tuple[str, ...] | None
"""A value an event can keep: a status, a priority, a handle (or none), tags, or a sleep (desk/sleep.py)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a ticket that agents set, before and after."""

    field: Field
    before: Recorded
    after: Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a ticket, and who did it (`author` None: Tandem or a mail).

    `entry` is the message or note it is about. `detail` holds facts by name, all of them text. `undone` is true while
    the act is taken back; an undoing itself is so once what it took back was done again.
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
