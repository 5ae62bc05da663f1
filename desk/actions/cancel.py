"""Take a mail out of the outbox."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Act, Happened, OutboxId
from desk.desk import Desk
from desk.errors import RefusedError
from desk.outgoing import CANCELLABLE, OutboxEntry, cancelled, state_as_detail
from desk.ticket import Status

_DONE_WITH = frozenset({Status.CLOSED, Status.WAITING})


def cancel(desk: Desk, outbox: OutboxId, *, act: Act | None = None) -> OutboxEntry:
    """Do not send a mail, or stop asking about one that failed; the ticket is ours again, and open.

    Its `draft` still holds what was written.

    Raises:
        NoSuchEntry: there is no such mail.
        RefusedError: it is on its way, was sent, or was taken back already.
    """
    author = desk.me.handle
    with desk.store.transaction():
        entry = desk.outgoing(outbox)
        if entry.state not in CANCELLABLE:
            raise RefusedError(f"too late to cancel mail {outbox}: it is {entry.state.shown}")
        stopped = cancelled(entry)
        desk.store.outbox.put(stopped)
        ticket = desk.ticket(entry.ticket)
        after = replace(ticket, status=Status.OPEN) if ticket.status in _DONE_WITH else ticket
        detail = state_as_detail(entry)
        desk.record(Happened.CANCELLED, ticket, after, act=act, author=author, entry=entry.entry, detail=detail)
        return stopped
