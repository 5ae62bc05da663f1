"""The team's figures for a period: read from the store, credited by desk/credits.py, added up here.

Each time is shown as median, 90th percentile and n, never as a mean. The median of an even n lies half way between
the two in the middle; the 90th percentile is the nearest rank: the smallest value that at least 90 % do not exceed.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.conversation import Event, Happened
from desk.credits import Credit, Figure, History, Period, credits_of
from desk.expression import And, Expression, Match, Not, Or
from desk.people import Handle
from desk.ports import Store
from desk.ticket import Status, TicketNumber

_WRITTEN_DOWN = timedelta(minutes=1)
"""How long after something happened its event may have been stored."""

_HERE = Match("merged_into", "is", None)
_OPEN = And((_HERE, Match("status", "is", Status.OPEN.value)))
_UNANSWERED = And(
    (
        _HERE,
        Or((Match("status", "is", Status.OPEN.value), Match("status", "is", Status.WAITING.value))),
        Not(Match("waiting_since", "is", None)),
    )
)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long something took, in seconds of calendar time, over n cases; no figures when there was none."""

    median: int | None
    p90: int | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One agent's figures, or the whole team's (`agent` None). What each one means is in desk/credits.py.

    `open` are the agent's open tickets now. `assigned`, `closed` and `reopened` count tickets, each once; `replies`
    counts replies.
    """

    agent: Handle | None
    open: int
    assigned: int
    replies: int
    closed: int
    reopened: int
    first_response: Timing
    next_response: Timing
    resolution: Timing


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A ticket whose customer waits for an answer, and for how many seconds."""

    number: TicketNumber
    waiting: int


@dataclass(frozen=True, slots=True)
class Stats:
    """The figures of a period, and beside them who waits now, the longest first: averages know only what is done."""

    since: datetime
    until: datetime
    agents: tuple[Figures, ...]
    team: Figures
    unanswered: tuple[Unanswered, ...]


def measure(store: Store, *, since: datetime, until: datetime, agent: Handle | None = None) -> Stats:
    """What was done after `since`, up to and with `until`, and what is open and unanswered now; `until` counts as now.

    Everybody on the desk has figures, and whoever left it but did something then. With `agent` only this colleague
    has, and only the tickets assigned to them are listed as unanswered; the team's figures stay those of all.

    Raises:
        StorageError: the store cannot be read.
    """
    period = Period(since, until)
    with store.snapshot():
        credited = [credit for history in _histories(store, period) for credit in credits_of(history, period)]
        agents = [agent] if agent else _agents(store, credited)
        return Stats(
            since,
            until,
            tuple(
                add_up((each for each in credited if each.agent == handle), agent=handle, backlog=_open(store, handle))
                for handle in agents
            ),
            add_up(credited, agent=None, backlog=store.tickets.count(_OPEN)),
            _unanswered(store, until, agent),
        )


def add_up(credited: Iterable[Credit], *, agent: Handle | None, backlog: int) -> Figures:
    """The figures that these credits make, with `backlog` open tickets."""
    found = list(credited)
    return Figures(
        agent=agent,
        open=backlog,
        assigned=len(_tickets(found, "assigned")),
        replies=sum(each.figure == "replies" for each in found),
        closed=len(_tickets(found, "closed")),
        reopened=len(_tickets(found, "reopened")),
        first_response=_timing(found, "first_response"),
        next_response=_timing(found, "next_response"),
        resolution=_timing(found, "resolution"),
    )


def timing(seconds: Sequence[int]) -> Timing:
    """Median, 90th percentile and n of these lengths of time."""
    if not seconds:
        return Timing(None, None, 0)
    nearest = math.ceil(len(seconds) * 9 / 10)
    return Timing(round(statistics.median(seconds)), sorted(seconds)[nearest - 1], len(seconds))


def _tickets(credited: Iterable[Credit], figure: Figure) -> frozenset[TicketNumber]:
    return frozenset(each.ticket for each in credited if each.figure == figure)


def _timing(credited: Iterable[Credit], figure: Figure) -> Timing:
    return timing([each.seconds for each in credited if each.figure == figure and each.seconds is not None])


def _histories(store: Store, period: Period) -> list[History]:
    """The tickets on which something happened that may count; only these are read whole."""
    events = store.conversations.events_between(period.since, period.until + _WRITTEN_DOWN)
    numbers = dict.fromkeys(each.ticket for each in events if _may_count(each))
    return [
        History(
            ticket,
            store.conversations.of(ticket.number),
            {each.id: each for each in store.outbox.of(ticket.number)},
        )
        for ticket in store.tickets.many(list(numbers))
    ]


def _may_count(event: Event) -> bool:
    return event.what is Happened.SENT or any(each.field in {"status", "assignee"} for each in event.changes)


def _agents(store: Store, credited: Iterable[Credit]) -> list[Handle]:
    here = {agent.handle for agent in store.agents.all()}
    return sorted(here.union(each.agent for each in credited if each.agent is not None))


def _assigned_to(agent: Handle | None) -> Expression:
    return Match("assignee", "is", agent)


def _open(store: Store, agent: Handle) -> int:
    return store.tickets.count(And((_OPEN, _assigned_to(agent))))


def _unanswered(store: Store, now: datetime, agent: Handle | None) -> tuple[Unanswered, ...]:
    query = And((_UNANSWERED, _assigned_to(agent))) if agent else _UNANSWERED
    return tuple(
        Unanswered(ticket.number, max(0, round((now - ticket.waiting_since).total_seconds())))
        for ticket in store.tickets.find(query, sort="waiting")
        if ticket.waiting_since is not None
    )
