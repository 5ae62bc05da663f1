"""Holds back what a copy of a desk would send: another copy may have sent it since, so only an agent sends it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from desk.conversation import Happened
from desk.desk import Desk
from desk.outgoing import OutboxEntry, OutboxState
from desk.ticket import Status

_EVER = datetime.max.replace(tzinfo=UTC)


def hold_unsent(desk: Desk, why: str) -> list[OutboxEntry]:
    """Make every mail that has not left uncertain, and open its ticket with `why`; in one transaction.

    Returns the mails as they were.
    """
    with desk.store.transaction():
        unsent = [*desk.store.outbox.due(_EVER), *desk.store.outbox.in_flight()]
        for entry in unsent:
            _hold(desk, entry, why)
        return unsent


def _hold(desk: Desk, entry: OutboxEntry, why: str) -> None:
    held = replace(entry, state=OutboxState.UNCERTAIN, claim=None, lease_until=None, last_error=why)
    desk.store.outbox.put(held)
    if (ticket := desk.store.tickets.get(entry.ticket)) is None:
        return
    opened = replace(ticket, status=Status.OPEN, snoozed_until=None)
    desk.record(Happened.UNCERTAIN, ticket, opened, entry=entry.entry, detail={"said": why})
