"""Automatic answers stop: none is queued any more, and those that wait never leave."""

from __future__ import annotations

from desk.acknowledged import Stopped
from desk.conversation import Happened, Purpose
from desk.desk import Desk
from desk.outgoing import NOT_GONE, OutboxEntry, cancelled


def stop_all(desk: Desk, stopped: Stopped) -> int:
    """Stop them all; returns how many waited to leave."""
    with desk.store.transaction():
        desk.store.acknowledgements.stop(stopped)
        waiting = [each for each in desk.store.outbox.waiting() if each.purpose is Purpose.AUTOMATIC]
        for each in waiting:
            _take_back(desk, each, stopped)
    return len(waiting)


def keep_back(desk: Desk, mail: OutboxEntry) -> bool:
    """Take an automatic answer back that came to wait again after all were stopped; whether that was so."""
    if mail.purpose is not Purpose.AUTOMATIC or desk.store.acknowledgements.stopped() is None:
        return False
    with desk.store.transaction():
        stopped, now = desk.store.acknowledgements.stopped(), desk.store.outbox.get(mail.id)
        if stopped is None or now is None or now.state not in NOT_GONE:
            return False
        _take_back(desk, now, stopped)
        return True


def _take_back(desk: Desk, mail: OutboxEntry, stopped: Stopped) -> None:
    desk.store.outbox.put(cancelled(mail))
    if (ticket := desk.store.tickets.get(mail.ticket)) is not None:
        facts = {"by": stopped.by or "", "why": stopped.why}
        detail = {name: value for name, value in facts.items() if value}
        desk.record(Happened.STOPPED, ticket, ticket, entry=mail.entry, detail=detail)
