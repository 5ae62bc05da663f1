"""How attempts to send end, as the wire tells it: the verdict, each recipient's answer, and what the server takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desk.conversation import OutboxId
from desk.safe import safe_line

_REFUSED = 500
"""From here on a server's answer is its last word (RFC 5321 4.2.1)."""


class Verdict(StrEnum):
    """How one attempt to send ended."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class RecipientAnswer:
    """What the server said of one recipient (RFC 5321 4.3.2): a code from 200 to 599, and its words (untrusted)."""

    address: str
    code: int
    words: str

    @property
    def is_refusal(self) -> bool:
        """Whether the server will never take mail for them (5yz)."""
        return self.code >= _REFUSED


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server offered when it was last asked: the largest mail in bytes (RFC 1870; None: it set no limit).

    `smtputf8`: it takes addresses of all scripts (RFC 6531). `dsn`: it reports failures on request (RFC 3461).
    """

    size: int | None
    smtputf8: bool
    dsn: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """The end of one attempt: the verdict, and the server's own words (untrusted) or ours.

    `server_wide`: it failed before this mail was even named to the server, so that no other would fare better now.
    `stops_account`: the server does not let us in, and will not before somebody mends the account (RFC 4954: 535).
    `sent_as`: the Message-ID that the server gave the mail in place of ours, where it says so (untrusted).
    `recipients` are those the server turned away, for good or for now, each with its answer. `limits` is what the
    server offered, where it got so far.
    """

    verdict: Verdict
    said: str = ""
    server_wide: bool = False
    sent_as: str = ""
    recipients: tuple[RecipientAnswer, ...] = ()
    limits: Limits | None = None
    stops_account: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt of the past: when it ended, how, and what was said (untrusted)."""

    at: datetime
    verdict: Verdict
    said: str


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of the attempt that was made under `claim`, and when, as long as only who made it knows.

    The mail is named by all that is its own: its id may be another's in a desk that was brought back meanwhile.
    """

    outbox: OutboxId
    message_id: str
    raw: str
    claim: str
    at: datetime
    attempt: Attempt


TRIES_KEPT = 20
"""How many of the last attempts a mail remembers; its ticket has an event for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingAccount:
    """What is known of the account that a mailbox sends through, by the last that it said (`seen_at`, UTC).

    `stopped_since`: the server does not let us in since then (None: it does), in its words `said` (untrusted). Its
    mails stay queued, and it is asked again, with one of them, at `next_try`. `probes` counts how often that was done.
    """

    mailbox: str
    stopped_since: datetime | None = None
    said: str = ""
    next_try: datetime | None = None
    probes: int = 0
    limits: Limits | None = None
    seen_at: datetime | None = None

    @property
    def in_words(self) -> str:
        """What keeps its mails from leaving, for people; empty while nothing does."""
        return f"no mail leaves: {safe_line(self.said)}" if self.stopped_since else ""
