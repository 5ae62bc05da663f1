"""Say of a mail that failed that it did arrive after all, or that nothing more has to be done about it."""

from __future__ import annotations

from desk.conversation import Act, Happened, OutboxId
from desk.desk import Desk
from desk.errors import RefusedError
from desk.inquiry import went_out
from desk.outgoing import SETTLEABLE, OutboxEntry, state_as_detail


def settle(desk: Desk, outbox: OutboxId, *, act: Act | None = None) -> OutboxEntry:
    """Let a mail count as sent because an agent knows better: an uncertain one, or one that was given back.

    What was found out about it stays with it, and who settled it is on the ticket. Nothing is sent.

    Raises:
        NoSuchEntry: there is no such mail.
        RefusedError: there is no doubt about it.
    """
    author = desk.me.handle
    with desk.store.transaction():
        entry = desk.outgoing(outbox)
        if entry.state not in SETTLEABLE:
            raise RefusedError(f"there is nothing to settle about mail {outbox}: it is {entry.state.shown}")
        settled = went_out(entry)
        desk.store.outbox.put(settled)
        ticket = desk.ticket(entry.ticket)
        detail = state_as_detail(entry)
        desk.record(Happened.SETTLED, ticket, ticket, act=act, author=author, entry=entry.entry, detail=detail)
        return settled
