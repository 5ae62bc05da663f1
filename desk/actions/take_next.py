"""Take the ticket that has waited longest of those that nobody has."""

from __future__ import annotations

from desk.actions.assign import assign
from desk.conversation import Act
from desk.desk import Desk
from desk.ticket import Ticket
from desk.views import parse_query

NOBODY_HAS = "is:open is:unassigned -is:snoozed"
"""The tickets that can be taken so."""


def take_next(desk: Desk, *, act: Act | None = None) -> Ticket | None:
    """Make the acting agent the one who answers the open ticket whose customer waits longest; None: there is none.

    Where no customer waits it is the one that was touched longest ago. Two who ask at once get two different tickets.

    Raises:
        NoAgent: nobody said who is acting.
    """
    me = desk.me.handle
    with desk.store.transaction():
        query = parse_query(NOBODY_HAS, me=me, now=desk.clock())
        first = desk.store.tickets.find(query, sort="waiting", limit=1)
        if first and first[0].waiting_since is None:
            first = desk.store.tickets.find(query, sort="updated", reverse=True, limit=1)
        return assign(desk, first[0].number, me, act=act) if first else None
