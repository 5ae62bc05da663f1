"""A mail on its way in: where it lies on the server, its bytes, and what could be read of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from desk.conversation import Attachment, EntryId
from desk.deliveries import Delivery
from desk.people import Address

IMPORTED = "(imported)"
"""The folder of mails that came from a file: no mail server has it, nor such UIDs (RFC 9051 2.3.1.1: 32 bits)."""

KEPT = "its bytes are kept"
"""How the warning ends on a mail of which only the head could be read; it can be tried again later."""

TOO_LARGE = "this mail is too large"
"""How the warning begins on a mail of which only the beginning was fetched; the rest can be had later."""

NOT_GIVEN = "the mail server does not give this mail"
"""How the warning on a message begins that only stands for a mail on the server."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies: the key of the fetch ledger (RFC 9051 2.3.1.1: UIDs mean nothing without UIDVALIDITY)."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int

    @property
    def is_imported(self) -> bool:
        """Whether the mail came from a file, so that it lies on no server."""
        return self.folder == IMPORTED


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as the server gave it. `received` is when it came in UTC: its INTERNALDATE, unless that is younger.

    A mail server that was moved may tell when it was moved; then it is the time in the newest Received line.
    `is_sent`: it lies in a folder of sent mail, so that one of us wrote it, with whatever program.
    """

    place: Place
    raw: bytes
    received: datetime
    is_sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What could be read of a mail; whatever could not is named in `defects`, in words for a person.

    `message_id` is `<...>` with its brackets; where the mail has none that can be used, one made from its bytes
    (`<sha256@tandem.invalid>`) stands in and `local_id` is true: it is never sent out.
    `parents` are the ids this mail answers, best first (In-Reply-To, then References from the end).
    `answers` is how many of them come from In-Reply-To: these may be trusted alone, the others only with the same
    `base_subject` (RFC 5256 2.1: without Re:, Fwd: and the like).
    `automatic` says why no person seems to have written it; `is_doubtful`: people's mail may carry the same sign (it
    came over a mailing list, its sender is called noreply). `asks_for_silence`: no machine is to answer it.
    `alike_ids` are other ids of this very mail: under them it was sent before a server on its way gave it a new one.
    `tokens` are the signed tokens that it carries (in the ids it names, in the addresses it went to), as they stand:
    nobody has looked yet whether the signature is ours. `subject_number` is the ticket that its subject names: [T-123].
    `forwarded` wrote the mails inside this one, which are attached to it or of which it quotes the head.
    `bounce_of` are the Message-IDs a report is about (RFC 3464), `deliveries` what it says of each recipient.
    `files` are the contents of the first `attachments`, to be kept as files of their own; those of the others stay in
    the mail.
    `digest` tells two mails with one Message-ID apart: sha256 over From, Date, Subject, text and files.
    `likeness` is one for mails of the same words, whoever sent them and whatever numbers and addresses are in them.
    `facts` is what Tandem says of parts that are no text (an invitation, a report, a signature), a line each.
    `utc_offset` is how many minutes east of UTC its Date says it was written; None where it does not say (-0000).
    """

    message_id: str
    local_id: bool = False
    parents: tuple[str, ...] = ()
    answers: int = 0
    references: tuple[str, ...] = ()
    sender: Address
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    base_subject: str = ""
    date: datetime | None = None
    text: str = ""
    has_html: bool = False
    attachments: tuple[Attachment, ...] = ()
    files: tuple[bytes, ...] = field(default=(), repr=False)
    automatic: str | None = None
    is_doubtful: bool = False
    asks_for_silence: bool = False
    alike_ids: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    subject_number: int | None = None
    forwarded: tuple[Address, ...] = ()
    bounce_of: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    digest: str = ""
    likeness: str = ""
    facts: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    utc_offset: int | None = None


class Outcome(StrEnum):
    """What became of a fetched mail; every one has a row in the ledger with one of these.

    parked: it waits for an agent to accept or drop it. erased: a customer's mail that was erased, come again.
    elsewhere: a mail of a folder of sent mail that belongs to no ticket.
    """

    TICKET = "ticket"
    MESSAGE = "message"
    BOUNCE = "bounce"
    DUPLICATE = "duplicate"
    PARKED = "parked"
    ERASED = "erased"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Row:
    """What the ledger says of a mail at a place: what became of it, its entry on a ticket, its bytes' sha256."""

    outcome: Outcome
    entry: EntryId | None
    raw: str

    @property
    def elsewhere(self) -> Outcome:
        """What the ledger says of the same mail at another place; of one that was erased no bytes are left."""
        if self.entry is None:
            return self.outcome
        return Outcome.DUPLICATE if self.raw else Outcome.ERASED


@dataclass(frozen=True, slots=True)
class FolderState:
    """How far a folder has been looked at: UIDs below `next_uid` are in the ledger.

    `withheld` are mails that the server names but does not give: (UID, how many whole looks found it so). `pending`
    are UIDs of mails that were taken in and that the server shall still move or mark. `highestmodseq` is how far the
    folder had changed (RFC 7162); 0 where the server does not count that. `stood_in` are UIDs of mails that the server
    does not give and that a ticket stands for, the next one to be asked for first. `again` are UIDs of mails that
    belonged to no ticket and may do so now: they have no row any more.
    """

    mailbox: str
    folder: str
    uidvalidity: int
    next_uid: int
    withheld: tuple[tuple[int, int], ...] = ()
    pending: tuple[int, ...] = ()
    highestmodseq: int = 0
    stood_in: tuple[int, ...] = ()
    again: tuple[int, ...] = ()
