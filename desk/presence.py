"""Who has which ticket open just now, and what an agent was typing when the line broke."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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
    """One agent at one ticket. It informs colleagues and never locks anything; past `until` it is void."""

    agent: Handle
    ticket: TicketNumber
    doing: Doing
    until: datetime


class DraftKind(StrEnum):
    """What the text is going to be: mail to the customer, or an internal note."""

    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An unfinished text of one agent on one ticket, with what a macro added to it."""

    ticket: TicketNumber
    author: Handle
    kind: DraftKind
    text: str
    saved: datetime
    plan: Plan | None = None
