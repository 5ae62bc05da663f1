"""A mail on its way out: what an agent wrote, the bytes made of it, and its row in the outbox."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from desk.attempts import TRIES_KEPT, Attempt, Limits, RecipientAnswer, SendingAccount, Try, Verdict
from desk.conversation import Attachment, EntryId, OutboxId, Purpose
from desk.errors import GapsLeft
from desk.people import Address, Handle
from desk.plan import Plan
from desk.steps import MacroUse, SnoozeStep, Step
from desk.ticket import Status, TicketNumber
from desk.wording import Enclosure, Wording
from desk.written import Written

__all__ = [
    "CANCELLABLE",
    "NOT_GONE",
    "RESENDABLE",
    "SETTLEABLE",
    "Answer",
    "Attempt",
    "Composed",
    "Copy",
    "Enclosure",
    "Evidence",
    "Letter",
    "Limits",
    "OutboxEntry",
    "OutboxState",
    "Purpose",
    "RecipientAnswer",
    "SendingAccount",
    "Try",
    "Verdict",
    "Wording",
    "as_it_stood",
    "cancelled",
    "gaps",
    "queued_again",
    "refuse_gaps",
    "state_as_detail",
    "to_the_rest",
]

_GAP = re.compile(r"⟦[^⟦⟧\n]*⟧?|⟧")


def gaps(text: str) -> tuple[str, ...]:
    """The marked gaps ⟦like this⟧ that are left in a text, in order."""
    return tuple(_GAP.findall(text))


def refuse_gaps(text: str) -> None:
    """Let a text through only when no gap is left in it.

    Raises:
        GapsLeft: it holds at least one, or half of one.
    """
    if left := gaps(text):
        raise GapsLeft(left)


class OutboxState(StrEnum):
    """Where an outgoing mail stands.

    queued (may be taken back until due) -> claimed (one process has it) -> in_data (the server may have it from here
    on) -> sent, or deferred (tried again later), refused, uncertain (nobody knows: never sent again by itself).
    cancelled: taken back in time. bounced: the server took it, another gave it back.
    """

    QUEUED = "queued"
    CLAIMED = "claimed"
    IN_DATA = "in_data"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
    BOUNCED = "bounced"

    @property
    def shown(self) -> str:
        """The word that people and scripts see: `sending` for both states in which a process has it."""
        return "sending" if self in (OutboxState.CLAIMED, OutboxState.IN_DATA) else self.value


RESENDABLE = frozenset({OutboxState.REFUSED, OutboxState.DEFERRED, OutboxState.UNCERTAIN, OutboxState.BOUNCED})
CANCELLABLE = RESENDABLE | {OutboxState.QUEUED}
SETTLEABLE = frozenset({OutboxState.UNCERTAIN, OutboxState.BOUNCED})
"""States of which an agent may know better: the mail did arrive, or nothing more has to be done about it."""

NOT_GONE = frozenset({OutboxState.QUEUED, OutboxState.DEFERRED})
"""States in which a mail waits to be sent: nobody is handing it over, and it may be stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an agent wants to go out. `to` and `cc` None: whom the last customer message names.

    `steps` are done in the same commit, then `status`, then the ticket is put off (`snooze`); `plan` is what the
    composer showed of them.
    `wording` is what else was chosen; its recipients go before `to` and `cc`. `stays_to`: it says whom the words were
    written to, for the ticket asks for others by now. `purpose` says what the mail is for.
    `seen` is the newest entry the agent had on the screen: the answer is refused when somebody wrote after it, and one
    with `steps` or a `macro` also when somebody else changed the ticket (None: not asked). `send_in` is the undo window
    in seconds, 0 to 60 (None: the desk's own).
    """

    text: str
    to: tuple[Address, ...] | None = None
    cc: tuple[Address, ...] | None = None
    attachments: tuple[Path, ...] = ()
    steps: tuple[Step, ...] = ()
    macro: MacroUse | None = None
    plan: Plan | None = None
    status: Status | None = None
    snooze: SnoozeStep | None = None
    seen: EntryId | None = None
    send_in: int | None = None
    wording: Wording | None = None
    stays_to: bool = False
    purpose: Purpose = Purpose.REPLY

    @property
    def written(self) -> Written:
        """What is kept of it where it cannot go out."""
        return Written(self.text, self.plan, self.wording, self.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is to be made into a mail. `token` becomes the local part of its Message-ID.

    `answered` is the sha256 of the bytes of the mail that it answers ("": of none): what Outlook sorts by is taken from
    there. `limits` is what the server that it leaves through is known to take (None: nothing is known).
    """

    ticket: TicketNumber
    token: str
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    subject: str
    text: str
    date: datetime
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    attachments: tuple[Path, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    bcc: tuple[Address, ...] = ()
    purpose: Purpose = Purpose.REPLY
    reply_to: Address | None = None
    answered: str = ""
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail's final bytes (CRLF line ends) and its envelope (RFC 5321): these are sent, nothing else.

    `files` are the contents of its attachments.
    """

    message_id: str
    raw: bytes
    envelope_from: str
    recipients: tuple[str, ...]
    attachments: tuple[Attachment, ...] = ()
    files: tuple[bytes, ...] = ()


class Copy(StrEnum):
    """Whether a mail that was sent still has to be put into the folder of sent mail: no, yes, done, or it failed."""

    UNWANTED = "unwanted"
    WANTED = "wanted"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Something that tells whether a mail of which nobody knew went out after all, and when that was found, UTC.

    in_sent and not_in_sent: looking for its Message-ID in the folder of sent mail. bounced: a server gave it back.
    answered: `entry` is a mail that answers it. `detail` says more (untrusted).
    """

    kind: Literal["in_sent", "not_in_sent", "bounced", "answered"]
    at: datetime
    detail: str = ""
    entry: EntryId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """One outgoing mail. Everything about the mail itself is fixed from the moment it is queued.

    `raw` is the sha256 of its bytes in the blob store. `due` is when it may be (re)tried, UTC. `draft` is what the
    agent typed and `plan` what went with it, so that taking it back reopens the composer. `claim` names the process
    that has it, `lease_until` is when that claim runs out. `sent_as` is the Message-ID that the server gave it in place
    of ours, where it said so. `redacted`: it was erased at a customer's request.

    `wording` is what the agent chose besides the text; `stays_to`: its recipients are whom the words were written to,
    though the ticket asked for others by then. `refused_for` are the recipients that the server turned away for
    good, so that the mail went to nobody. `evidence` is what was found out about one that is uncertain, oldest first,
    and `looked_at` when it was last looked for. `tries` are the last attempts, oldest first. `copy` says whether it is
    in the folder of sent mail and `copy_said` what came in the way of that (untrusted). `held` counts
    the seconds in which it waited for nothing but its account to be let in. `server_wide`: the last attempt failed
    before this mail was named to the server, so that no other would have fared better.
    """

    id: OutboxId
    ticket: TicketNumber
    entry: EntryId
    author: Handle
    state: OutboxState
    due: datetime
    created: datetime
    message_id: str
    raw: str
    mailbox: str
    envelope_from: str
    recipients: tuple[str, ...]
    draft: str
    plan: Plan | None = None
    attempts: int = 0
    last_error: str | None = None
    claim: str | None = None
    lease_until: datetime | None = None
    sent_at: datetime | None = None
    sent_as: str = ""
    redacted: bool = False
    purpose: Purpose = Purpose.REPLY
    wording: Wording | None = None
    refused_for: tuple[RecipientAnswer, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    looked_at: datetime | None = None
    tries: tuple[Try, ...] = ()
    copy: Copy = Copy.UNWANTED
    copy_said: str = ""
    held: int = 0
    server_wide: bool = False
    stays_to: bool = False

    def is_due(self, now: datetime) -> bool:
        """Whether it may be tried. What was queued, or tried last, in the future was so by a wrong clock: it goes."""
        begun = self.tries[-1].at if self.tries else self.created
        return self.state in NOT_GONE and (self.due <= now or begun > now)

    @property
    def written(self) -> Written:
        """What its author wrote and chose: what becomes a draft again when it is taken back.

        What came before it was queued they had seen: it would not have been.
        """
        return Written(self.draft, self.plan, self.wording, self.entry)

    @property
    def left_out(self) -> tuple[RecipientAnswer, ...]:
        """Those whom the server turned away, and whom it goes without because an agent said so."""
        return tuple(each for each in self.refused_for if each.address not in self.recipients)

    def and_tried(self, end: Try) -> OutboxEntry:
        """The mail with one more attempt behind it."""
        return replace(self, tries=(*self.tries, end)[-TRIES_KEPT:])


def state_as_detail(mail: OutboxEntry) -> dict[str, str]:
    """How a mail stands, for an event's detail."""
    error = {} if mail.last_error is None else {"error": mail.last_error}
    return {"state": mail.state.value, "due": mail.due.isoformat(), "attempts": str(mail.attempts), **error}


def as_it_stood(mail: OutboxEntry, kept: Mapping[str, str], not_before: datetime) -> OutboxEntry | None:
    """The mail as `kept` says that it stood; one that waited is not due before `not_before`. None: nothing was kept."""
    if "state" not in kept:
        return None
    state, due = OutboxState(kept["state"]), datetime.fromisoformat(kept["due"])
    return replace(
        mail,
        state=state,
        due=max(due, not_before) if state in NOT_GONE else due,
        attempts=int(kept["attempts"]),
        last_error=kept.get("error"),
        claim=None,
        lease_until=None,
        sent_at=mail.sent_at if state is OutboxState.SENT else None,
    )


def queued_again(mail: OutboxEntry, due: datetime) -> OutboxEntry:
    """The mail as if it had only now been queued: the same bytes under the same Message-ID."""
    return replace(mail, state=OutboxState.QUEUED, due=due, attempts=0, last_error=None, claim=None, lease_until=None)


def to_the_rest(mail: OutboxEntry) -> tuple[str, ...]:
    """Its recipients without those whom the server turned away for good."""
    refused = {each.address for each in mail.refused_for}
    return tuple(each for each in mail.recipients if each not in refused)


def cancelled(mail: OutboxEntry) -> OutboxEntry:
    """The mail, not to be sent."""
    return replace(mail, state=OutboxState.CANCELLED, claim=None, lease_until=None)
