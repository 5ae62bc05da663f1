"""Links between tickets, and what was said about tickets that look alike, when it is taken back or done again."""

from __future__ import annotations

from dataclasses import replace

from desk.desk import Desk
from desk.duplicates import others_in
from desk.relations import pairs_of, put_on, take_off
from desk.reversal.part import Part


def tie(desk: Desk, part: Part) -> None:
    """Let a ticket name again whom it named."""
    put_on(desk, pairs_of(part.event))


def loosen(desk: Desk, part: Part) -> None:
    """Let a ticket name them no more."""
    take_off(desk, pairs_of(part.event))


def suggest_again(desk: Desk, part: Part) -> None:
    """Let a ticket look like those again that it was said to be none of."""
    ticket = desk.ticket(part.event.ticket)
    both = {*ticket.resembles, *others_in(part.event)}
    desk.store.tickets.put(replace(ticket, resembles=tuple(sorted(both))))


def keep_apart_again(desk: Desk, part: Part) -> None:
    """Let it look like none of them any more."""
    ticket, others = desk.ticket(part.event.ticket), others_in(part.event)
    left = tuple(each for each in ticket.resembles if each not in others)
    desk.store.tickets.put(replace(ticket, resembles=left))
