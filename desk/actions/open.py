"""Note that somebody has opened a ticket."""

from __future__ import annotations

from dataclasses import replace

from desk.desk import Desk
from desk.ticket import TicketNumber


def mark_read(desk: Desk, number: TicketNumber) -> None:
    """Take the unread mark off a ticket; nothing is written where there is none.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    if not desk.ticket(number).unread:
        return
    with desk.store.transaction():
        desk.store.tickets.put(replace(desk.ticket(number), unread=False))
