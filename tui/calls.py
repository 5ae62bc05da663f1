"""Who asks for this agent: mentions in notes, and shifts that were handed over; as sentences for the status line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.desk import Desk
from desk.handovers import Handover
from desk.mentioning import mark_told
from desk.mentions import Mention
from desk.safe import safe_line
from desk.shift import handed_to, mark_shifts_told
from desk.ticket import TicketNumber
from tui.keys.naming import with_keys
from tui.telling import moment
from tui.tongue import tr, trn

Call = tuple[str, int]
"""The collection of what calls, and its id."""


@dataclass(frozen=True, slots=True)
class Calls:
    """What waits for the agent to look, mentions and shifts, oldest first; and when promises are due, soonest first."""

    mentions: tuple[Mention, ...] = ()
    shifts: tuple[Handover, ...] = ()
    dues: tuple[datetime, ...] = ()

    @property
    def ids(self) -> frozenset[Call]:
        """What calls."""
        named = (("mentions", each.id) for each in self.mentions)
        return frozenset((*named, *(("shifts", each.id) for each in self.shifts)))

    @property
    def untold(self) -> bool:
        """Whether no screen of this agent ever told some of it."""
        return any(each.told is None for each in self.mentions) or any(each.told is None for each in self.shifts)

    @property
    def tickets(self) -> frozenset[TicketNumber]:
        """The tickets on which notes ask for the agent."""
        return frozenset(each.ticket for each in self.mentions)

    def counts(self, now: datetime) -> dict[str, int]:
        """How many tickets ask for the agent, and how many promises are late."""
        return {"calls": len(self.tickets), "late": sum(each < now for each in self.dues)}

    def but(self, known: frozenset[Call]) -> Calls:
        """Those that are not known yet."""
        return Calls(
            tuple(each for each in self.mentions if ("mentions", each.id) not in known),
            tuple(each for each in self.shifts if ("shifts", each.id) not in known),
            self.dues,
        )

    def words(self, now: datetime) -> str:
        """Who asks for the agent and which keys lead there; empty where nobody does."""
        return " · ".join(filter(None, (_mentions(self.mentions), _shifts(self.shifts, now))))


def read_calls(desk: Desk) -> Calls:
    """What calls the acting agent now, and what was promised; where nobody acts only the latter."""
    with desk.store.snapshot():
        dues = tuple(each.due for each in desk.store.promises.standing())
        if desk.acting is None:
            return Calls(dues=dues)
        me = desk.acting.handle
        return Calls(tuple(desk.store.mentions.waiting(me)), tuple(handed_to(desk, me)), dues)


def remember_told(desk: Desk) -> None:
    """Remember that the agent was told of all that calls them."""
    with desk.store.transaction():
        mark_told(desk)
        mark_shifts_told(desk)


def _mentions(mentions: tuple[Mention, ...]) -> str:
    if (count := len(mentions)) > 1:
        return with_keys(
            trn("a note asks for you: {key_view_mentions}", "{count} notes ask for you: {key_view_mentions}", count),
            count=count,
        )
    return " ".join(
        with_keys(
            tr("{agent} asks for you on {number}: {key_view_mentions}"), agent=safe_line(each.by), number=each.ticket
        )
        for each in mentions
    )


def _shifts(shifts: tuple[Handover, ...], now: datetime) -> str:
    last = shifts[-1] if shifts else None
    if last is None:
        return ""
    at = moment(last.at, now)
    return with_keys(tr("{agent} handed a shift over to you, {at}: {key_view_shift}"), agent=safe_line(last.by), at=at)
