"""That somebody wrote a mail or was written to."""

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
