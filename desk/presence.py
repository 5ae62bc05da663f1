"""Who has which ticket open just now, and what an agent was typing when the line broke."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from desk.people import Handle
from desk.plan import Plan
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


class DraftKind(StrEnum):
    """What the text is going to be: mail to the customer, or an internal note."""

    REPLY = "reply"
    NOTE = "note"


DraftId = NewType("DraftId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An unfinished text on a ticket, with what a macro added to it.

    The one reply that is not `aside` is the ticket's shared draft, which `author` holds since `since` (None: since it
    was saved). A note, and whatever is aside, is its author's own. `revision` counts from 1, one up for each change:
    who has not seen the latest one does not write over it. `brought_back` tells that the latest was an undo.
    """

    id: DraftId = DraftId(0)
    ticket: TicketNumber
    author: Handle
    kind: DraftKind
    text: str
    saved: datetime
    plan: Plan | None = None
    aside: bool = False
    revision: int = 1
    since: datetime | None = None
    brought_back: bool = False
