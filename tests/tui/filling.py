"""Tickets for the list."""

from __future__ import annotations

from datetime import timedelta

from desk.desk import Desk
from desk.people import Address, Handle
from desk.ticket import TicketNumber
from tests.desks import receive

BO = Handle("bo")


def fill(desk: Desk, *subjects: str) -> list[TicketNumber]:
    """One ticket for each subject; the first has waited longest, so it stands on top."""
    start = desk.clock() - timedelta(hours=3)
    with desk.store.transaction():
        return [
            receive(
                desk,
                subject=subject,
                sender=Address(f"customer{at}@corp.example", f"Customer {at}"),
                received=start + timedelta(minutes=at),
            ).number
            for at, subject in enumerate(subjects)
        ]


def several(desk: Desk, count: int) -> list[TicketNumber]:
    """So many tickets, in the order of the list."""
    return [receive(desk, subject=f"Subject {at}", sender=Address(f"c{at}@corp.example")).number for at in range(count)]
