"""Tickets that come back: when their moment has come, or when somebody answered before that.

Any number of processes may look at the same time: who finds a ticket asleep in the commit in which it is woken has
woken it, so that happens once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from desk.conversation import EntryId, Happened
from desk.desk import Desk
from desk.expression import Match
from desk.sleep import ANSWERED, BY, IN_TIME, WHY, awake
from desk.ticket import Status, Ticket, TicketNumber

_BATCH = 100
"""Tickets in one commit: colleagues get their turn in between."""


def wake(desk: Desk) -> tuple[TicketNumber, ...]:
    """Bring every ticket back whose moment has come; returns those that this call woke."""
    now = desk.clock()
    due = desk.store.tickets.numbers(Match("snoozed_until", "<=", now), sort="wakes")
    woken = list[TicketNumber]()
    for start in range(0, len(due), _BATCH):
        woken += _wake_some(desk, due[start : start + _BATCH], now)
    return tuple(woken)


def _wake_some(desk: Desk, numbers: Sequence[TicketNumber], now: datetime) -> list[TicketNumber]:
    with desk.store.transaction():
        due = [each for each in desk.store.tickets.many(numbers) if each.snoozed_until and each.snoozed_until <= now]
        for ticket in due:
            desk.record(Happened.WOKEN, ticket, _come_back(ticket), detail=_detail(ticket, IN_TIME))
        return [each.number for each in due]


def _come_back(ticket: Ticket) -> Ticket:
    """The ticket as somebody has to look at it: to be read, and open whatever it waited for."""
    if ticket.status is Status.SPAM or ticket.merged_into is not None:
        return awake(ticket)
    return replace(awake(ticket), status=Status.OPEN, unread=True)


def wake_for_answer(desk: Desk, number: TicketNumber, entry: EntryId | None) -> None:
    """Bring a ticket back because of an answer, unless it sleeps through them; inside a transaction."""
    ticket = desk.ticket(number)
    if ticket.snoozed_until is None or ticket.sleeps_through:
        return
    after = awake(ticket)
    desk.record(Happened.WOKEN, ticket, after, entry=entry, detail=_detail(ticket, ANSWERED))


def _detail(ticket: Ticket, why: str) -> dict[str, str]:
    return {WHY: why, **({BY: ticket.snoozed_by} if ticket.snoozed_by else {})}
