"""The end of a shift: since when it lasts, what changed in it, what waits for whom, and what was promised by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from desk.deeds import Deed, deeds
from desk.desk import Desk
from desk.expression import And, Expression, Match
from desk.handovers import Deeds, Handover
from desk.people import Handle
from desk.ports import Sort
from desk.promised import ticket_of
from desk.promises import Promise
from desk.ticket import Ticket
from desk.views import parse_query

PAUSE = timedelta(hours=6)
"""A pause in an agent's work after which another working day begins."""

LATELY = timedelta(hours=16)
"""For so long a shift that was read is shown again."""

MOST = 100
"""Tickets of each kind that are told; of all there is said how many they are."""

_LOOK_BACK = 1000
_DAY = timedelta(days=1)

OURS = "is:open (is:mine or is:unassigned) -is:snoozed"
COLLEAGUES = "is:open -is:mine -is:unassigned -is:snoozed"
THEIRS = "is:waiting -is:snoozed"
ASLEEP = "is:snoozed"
_KINDS = {"ours": OURS, "colleagues": COLLEAGUES, "theirs": THEIRS, "asleep": ASLEEP}


class Began(StrEnum):
    """What a shift is counted from."""

    HANDED_OVER = "your last hand-over"
    WORK = "when you began"
    MIDNIGHT = "midnight"
    SAID = "as asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """An agent's shift as it stands `now`. Times are UTC.

    `done` tells what changed, by ticket, the last change first. `ours` wait for the agent or for nobody yet, and
    `colleagues` for a colleague, the longest wait first; `theirs` for their customers, and `asleep` until a moment.
    `promises` are all that have still to be kept, the first due first. Of each kind of tickets at most `MOST` are here;
    `totals` are how many there are, by the names of the kinds.
    """

    since: datetime
    began: Began
    now: datetime
    done: tuple[Deeds, ...]
    ours: tuple[Ticket, ...]
    colleagues: tuple[Ticket, ...]
    theirs: tuple[Ticket, ...]
    asleep: tuple[Ticket, ...]
    promises: tuple[Promise, ...]
    totals: Mapping[str, int]


def end_of_shift(desk: Desk, since: datetime | None = None) -> Shift:
    """The acting agent's shift, all of one moment; from its beginning where no other is said.

    Raises:
        NoAgent: nobody said who is acting.
    """
    now = desk.clock()
    with desk.store.snapshot():
        start, began = beginning(desk) if since is None else (since, Began.SAID)
        return Shift(
            since=start,
            began=began,
            now=now,
            done=_done(desk, start),
            ours=_found(desk, OURS),
            colleagues=_found(desk, COLLEAGUES),
            theirs=_found(desk, THEIRS),
            asleep=_found(desk, ASLEEP, "wakes"),
            totals={name: desk.store.tickets.count(_query(desk, query)) for name, query in _KINDS.items()},
            promises=tuple(replace(each, ticket=ticket_of(desk, each)) for each in desk.store.promises.standing()),
        )


def beginning(desk: Desk) -> tuple[datetime, Began]:
    """When the acting agent's shift began: at the first thing done after a pause of six hours, or at local midnight.

    What was handed over since then ends a shift, and begins another one.
    """
    me, now = desk.me.handle, desk.clock()
    start, began = _first_act(desk, me, now), Began.WORK
    if start is None:
        start, began = _midnight(now), Began.MIDNIGHT
    last = last_handover(desk, me)
    return (last.at, Began.HANDED_OVER) if last is not None and last.at >= start else (start, began)


def last_handover(desk: Desk, by: Handle) -> Handover | None:
    """The last shift that this agent handed over."""
    there = (each for each in desk.store.handovers.all() if each.by == by and not each.is_begun)
    return next((each for each in there if not each.is_gone), None)


def handed_to(desk: Desk, agent: Handle) -> list[Handover]:
    """The shifts that were handed to an agent and that they have not read yet, oldest first."""
    there = (each for each in desk.store.handovers.all() if each.to == agent)
    return [each for each in there if each.seen is None and not each.is_gone][::-1]


def lately_handed_to(desk: Desk, agent: Handle) -> list[Handover]:
    """The shifts that an agent has not read yet, or read within a day's work, oldest first."""
    now = desk.clock()
    there = (each for each in desk.store.handovers.all() if each.to == agent and not each.is_gone)
    return [each for each in there if each.seen is None or now - each.seen < LATELY][::-1]


def _first_act(desk: Desk, me: Handle, now: datetime) -> datetime | None:
    first = None
    for event in desk.store.conversations.done_by(me, _LOOK_BACK):
        if (first or now) - event.at > PAUSE or now - event.at > _DAY:
            break
        first = event.at
    return first


def _midnight(now: datetime) -> datetime:
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _query(desk: Desk, query: str) -> Expression:
    return parse_query(query, me=desk.me.handle, now=desk.clock())


def _found(desk: Desk, query: str, sort: Sort = "waiting") -> tuple[Ticket, ...]:
    return tuple(desk.store.tickets.find(_query(desk, query), sort=sort, limit=MOST))


def _done(desk: Desk, since: datetime) -> tuple[Deeds, ...]:
    touched = And((Match("merged_into", "is", None), Match("updated", ">=", since)))
    return tuple(
        Deeds(each.number, did)
        for each in desk.store.tickets.find(touched, limit=MOST)
        if (did := _deeds(desk, each, since))
    )


def _deeds(desk: Desk, ticket: Ticket, since: datetime) -> tuple[Deed, ...]:
    return deeds(desk.store.conversations.of(ticket.number), desk.states(ticket.number), since)


def mark_shifts_told(desk: Desk) -> None:
    """Remember that the acting agent was told of the shifts handed to them, whether they read them or not."""
    with desk.store.transaction():
        for each in handed_to(desk, desk.me.handle):
            if each.told is None:
                desk.store.handovers.put(replace(each, told=desk.clock()))
