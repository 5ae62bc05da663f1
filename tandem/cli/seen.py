"""What `--seen` says: the newest entry of a ticket that whoever writes on it, or sends a mail again, has read."""

from __future__ import annotations

from desk.conversation import EntryId
from desk.desk import Desk
from desk.errors import NoSuchEntry
from desk.ticket import TicketNumber


def seen_on(desk: Desk, number: TicketNumber, said: int | None) -> EntryId | None:
    """The entry of a ticket that somebody says they have seen (None: they say nothing).

    A number that is none would turn off what `--seen` is for, as nothing is newer.

    Raises:
        NoSuchTicket: there is none with this number.
        MergedAway: another ticket goes on for this one, and has its entries.
        NoSuchEntry: it is no entry of this ticket.
    """
    if said is None:
        return None
    ticket, entry = desk.live_ticket(number), desk.store.conversations.get(EntryId(said))
    if entry is None or entry.ticket != ticket.number:
        raise NoSuchEntry(f"entry on ticket {number} with the id", said)
    return entry.id
