"""Who asks for this agent: mentions in notes, shifts and unfinished texts that were handed over; in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.actions.give_draft import mark_drafts_told
from desk.desk import Desk
from desk.draft import Draft
from desk.handovers import Handover
from desk.mentioning import mark_told
from desk.mentions import Mention
from desk.safe import safe_line
from desk.shift import handed_to, mark_shifts_told
from desk.ticket import TicketNumber
from tui.keys.naming import with_keys
from tui.words.telling import moment
from tui.words.tongue import tr, trn

Call = tuple[str, int]
"""The collection of what calls, and its id."""


@dataclass(frozen=True, slots=True)
class Calls:
    """What waits for the agent to look, oldest first; and when promises are due, soonest first.

    `drafts` are unfinished texts that a colleague put into the agent's hands.
    """

    mentions: tuple[Mention, ...] = ()
    shifts: tuple[Handover, ...] = ()
    dues: tuple[datetime, ...] = ()
    drafts: tuple[Draft, ...] = ()

    @property
    def ids(self) -> frozenset[Call]:
        """What calls."""
        named = (("mentions", each.id) for each in self.mentions)
        drafts = ((f"draft {each.id}", each.revision) for each in self.drafts)  # one may go to and fro
        return frozenset((*named, *(("shifts", each.id) for each in self.shifts), *drafts))

    @property
    def untold(self) -> bool:
        """Whether no screen of this agent ever told some of it."""
        told = [each.told for each in self.mentions] + [each.told for each in self.shifts]
        return None in [*told, *(each.given_told for each in self.drafts)]

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
            tuple(each for each in self.drafts if (f"draft {each.id}", each.revision) not in known),
        )

    def words(self, now: datetime) -> str:
        """Who asks for the agent and which keys lead there; empty where nobody does."""
        return " · ".join(filter(None, (_mentions(self.mentions), _shifts(self.shifts, now), _drafts(self.drafts))))


def read_calls(desk: Desk) -> Calls:
    """What calls the acting agent now, and what was promised; where nobody acts only the latter."""
    with desk.store.snapshot():
        dues = tuple(each.due for each in desk.store.promises.standing())
        if desk.acting is None:
            return Calls(dues=dues)
        me = desk.acting.handle
        drafts = tuple(desk.store.drafts.given_to(me))
        return Calls(tuple(desk.store.mentions.waiting(me)), tuple(handed_to(desk, me)), dues, drafts)


def remember_told(desk: Desk) -> None:
    """Remember that the agent was told of all that calls them."""
    with desk.store.transaction():
        mark_told(desk)
        mark_shifts_told(desk)
        mark_drafts_told(desk)


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


def _drafts(drafts: tuple[Draft, ...]) -> str:
    if (count := len(drafts)) > 1:
        several = trn(
            "{count} unfinished text is yours now: {key_view_drafts}",
            "{count} unfinished texts are yours now: {key_view_drafts}",
            count,
        )
        return with_keys(several, count=count)
    words = tr("{agent} handed the unfinished text on {number} to you: {key_view_drafts}")
    return " ".join(with_keys(words, agent=safe_line(each.given_by or ""), number=each.ticket) for each in drafts)
