"""Take the ticket that has waited longest of those that nobody has."""

from __future__ import annotations

from desk.actions.assign import assign
from desk.conversation import Act
from desk.desk import Desk
from desk.presence import Doing, Presence
from desk.ticket import Ticket
from desk.views import parse_query

NOBODY_HAS = "is:open is:unassigned -is:snoozed"
"""The tickets that can be taken so."""


def take_next(desk: Desk, *, act: Act | None = None) -> Ticket | None:
    """Make the acting agent the one who answers the open ticket whose customer waits longest; None: there is none.

    What a colleague is writing on just now is left to them. Where no customer waits it is the one that was touched
    longest ago. Two who ask at once get two different tickets.

    Raises:
        NoAgent: nobody said who is acting.
    """
    me = desk.me.handle
    with desk.store.transaction():
        first = _first(desk)
        return assign(desk, first.number, me, act=act) if first else None


def _first(desk: Desk) -> Ticket | None:
    query = parse_query(NOBODY_HAS, me=desk.me.handle, now=desk.clock())
    theirs = {each.ticket for each in desk.store.presences.all(desk.clock()) if _is_theirs(desk, each)}
    waiting = desk.store.tickets.find(query, sort="waiting", limit=len(theirs) + 1)
    first = next((each for each in waiting if each.number not in theirs), None)
    if first is None or first.waiting_since is not None:
        return first
    touched = desk.store.tickets.find(query, sort="updated", reverse=True, limit=len(theirs) + 1)
    return next((each for each in touched if each.number not in theirs), None)


def _is_theirs(desk: Desk, presence: Presence) -> bool:
    return presence.doing is Doing.ANSWERING and presence.agent != desk.me.handle
