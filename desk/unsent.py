"""What a copy of a desk would send becomes uncertain: another copy may have sent it, so only an agent sends it."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Happened
from desk.desk import Desk
from desk.outgoing import OutboxEntry, OutboxState, Try, Verdict
from desk.ports import Store
from desk.sleep import awake
from desk.ticket import Status


def make_uncertain(desk: Desk, why: str) -> int:
    """Make every mail that has not left uncertain, and open its ticket with `why`, in one commit; returns how many."""
    with desk.store.transaction():
        found = unsent(desk.store)
        for entry in found:
            _make_uncertain(desk, entry, why)
        return len(found)


def unsent(store: Store) -> list[OutboxEntry]:
    """Every mail that has not left, or that a server is just taking."""
    return [*store.outbox.waiting(), *store.outbox.in_flight()]


def _make_uncertain(desk: Desk, entry: OutboxEntry, why: str) -> None:
    tried = entry.and_tried(Try(desk.clock(), Verdict.UNCERTAIN, why))
    uncertain = replace(tried, state=OutboxState.UNCERTAIN, claim=None, lease_until=None, last_error=why)
    desk.store.outbox.put(uncertain)
    if (ticket := desk.store.tickets.get(entry.ticket)) is None:
        return
    opened = replace(awake(ticket), status=Status.OPEN)
    desk.record(Happened.UNCERTAIN, ticket, opened, entry=entry.entry, detail={"said": why})
