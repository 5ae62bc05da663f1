"""Tell colleagues which ticket is open on the screen and whether it is being answered."""

from __future__ import annotations

from desk.desk import Desk
from desk.presence import TIME_TO_LIVE, Doing, Presence
from desk.ticket import TicketNumber


def attend(desk: Desk, number: TicketNumber, doing: Doing) -> None:
    """Show the acting agent at a ticket for the next `TIME_TO_LIVE`; an agent is at one ticket at a time."""
    until = desk.clock() + TIME_TO_LIVE
    desk.store.presences.put(Presence(agent=desk.me.handle, ticket=number, doing=doing, until=until))


def leave(desk: Desk) -> None:
    """Show the acting agent at no ticket."""
    desk.store.presences.remove(desk.me.handle)
