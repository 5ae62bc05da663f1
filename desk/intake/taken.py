"""A mail at the door, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from desk.conversation import EntryId
from desk.incoming import Fetched, Incoming, Outcome
from desk.ticket import TicketNumber


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail that is being taken in: as the server gave it, as it was read, and its stored bytes' sha256.

    `side` is the side talk that it belongs to (None: the talk with the customer), `was_in_bcc` whether that is because
    whoever wrote it only got a mail in Bcc.
    """

    mail: Fetched
    read: Incoming
    raw: str
    side: EntryId | None = None
    was_in_bcc: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mail: the ticket it is on now, if any, its entry there, and the words for the counters."""

    outcome: Outcome
    ticket: TicketNumber | None = None
    entry: EntryId | None = None
    automatic: bool = False
