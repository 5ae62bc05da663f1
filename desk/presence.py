"""Who has which ticket open just now, and on which screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desk.people import Handle
from desk.ticket import TicketNumber

TIME_TO_LIVE = timedelta(seconds=45)
"""How long a presence holds when its screen is silent; a screen renews it every fifteen seconds."""


class Doing(StrEnum):
    """What an agent does with the ticket on the screen."""

    READING = "reading"
    ANSWERING = "answering"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One agent at one ticket, on one `screen`. It informs and never locks anything; past `until` it is void."""

    agent: Handle
    ticket: TicketNumber
    doing: Doing
    until: datetime
    screen: str = ""


def each_once(presences: Iterable[Presence]) -> list[Presence]:
    """An agent with several screens at one ticket is there once: answering rather than reading, then the longest."""
    told = dict[tuple[Handle, TicketNumber], Presence]()
    for each in sorted(presences, key=lambda each: (each.doing is Doing.ANSWERING, each.until)):
        told[each.agent, each.ticket] = each
    return sorted(told.values(), key=lambda each: (each.agent, each.ticket))
