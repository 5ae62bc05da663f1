"""Take a mail out of the outbox: not to be sent at all, or to write its text anew."""

from __future__ import annotations

from dataclasses import replace

from desk.addressed import goes_to_whom_it_was
from desk.anew import ANEW, kind_of
from desk.conversation import Act, Happened, OutboxId
from desk.desk import Desk
from desk.draft import Draft
from desk.drafts import bring_back
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
    with desk.store.transaction():
        entry = _stopped(desk, outbox)
        _tell(desk, entry, act)
        return cancelled(entry)


def write_anew(desk: Desk, outbox: OutboxId, *, act: Act | None = None) -> Draft:
    """Cancel a mail that has not left, failed, or of which nobody knows, and make a draft of its words again.

    Raises:
        NoSuchEntry, RefusedError: as `cancel`.
    """
    with desk.store.transaction():
        entry = _stopped(desk, outbox)
        draft = goes_to_whom_it_was(desk, bring_back(desk, entry.ticket, kind_of(entry), entry.written), entry)
        _tell(desk, entry, act, **{ANEW: str(draft.origin)})
        return draft


def _stopped(desk: Desk, outbox: OutboxId) -> OutboxEntry:
    """The mail as it stood; by now it is cancelled."""
    entry = desk.outgoing(outbox)
    if entry.state not in CANCELLABLE:
        raise RefusedError(f"too late to cancel mail {outbox}: it is {entry.state.shown}")
    desk.store.outbox.put(cancelled(entry))
    return entry


def _tell(desk: Desk, entry: OutboxEntry, act: Act | None, **more: str) -> None:
    author, ticket = desk.me.handle, desk.ticket(entry.ticket)
    after = replace(ticket, status=Status.OPEN) if ticket.status in _DONE_WITH else ticket
    detail = state_as_detail(entry) | more
    desk.record(Happened.CANCELLED, ticket, after, act=act, author=author, entry=entry.entry, detail=detail)
