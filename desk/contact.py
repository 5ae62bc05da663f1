"""That somebody wrote a mail or was written to, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.conversation import EntryId
from desk.people import Address
from desk.ticket import TicketNumber


@dataclass(frozen=True, slots=True)
class Contact:
    """One address of one mail: on which ticket, when (UTC), and whether it wrote the mail or was written to."""

    person: Address
    entry: EntryId
    ticket: TicketNumber
    at: datetime
    wrote: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many mails somebody wrote and got, and when the first and the last were (UTC; None: there is none)."""

    wrote: int = 0
    received: int = 0
    first: datetime | None = None
    last: datetime | None = None
