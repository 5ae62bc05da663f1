"""Send a mail to those whom the server did not turn away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from desk.conversation import Act, EntryId, Happened, OutboxId
from desk.desk import Desk
from desk.errors import RefusedError
from desk.outgoing import OutboxEntry, OutboxState, queued_again, refuse_gaps, state_as_detail, to_the_rest
from desk.overtaken import refuse_if_overtaken


def send_to_rest(
    desk: Desk, outbox: OutboxId, *, seen: EntryId | None = None, send_in: int = 0, act: Act | None = None
) -> OutboxEntry:
    """Queue a refused mail again, for all its recipients but those whom the server turned away for good.

    It leaves in `send_in` seconds. The bytes stay as they are, so that they still name everybody (RFC 5321 4.2.5 leaves
    that to the sender); who was left out stands with the mail and on the ticket. `seen` is as in `resend`.

    Raises:
        NoSuchEntry: there is no such mail.
        TicketMoved: somebody wrote on its ticket after `seen`.
        GapsLeft: its text still holds a marked gap.
        RefusedError: no recipient of it was refused, or nobody is left.
    """
    author = desk.me.handle
    with desk.store.transaction():
        entry = desk.outgoing(outbox)
        rest = _rest(entry)
        refuse_if_overtaken(desk, entry, seen)
        refuse_gaps(entry.draft)
        queued = queued_again(replace(entry, recipients=rest), desk.clock() + timedelta(seconds=send_in))
        desk.store.outbox.put(queued)
        ticket = desk.ticket(entry.ticket)
        left_out = ", ".join(each.address for each in entry.refused_for)
        detail = state_as_detail(entry) | {"recipients": "\n".join(entry.recipients), "left_out": left_out}
        desk.record(Happened.SENT_TO_REST, ticket, ticket, act=act, author=author, entry=entry.entry, detail=detail)
        return queued


def _rest(entry: OutboxEntry) -> tuple[str, ...]:
    if entry.state is not OutboxState.REFUSED or not entry.refused_for:
        raise RefusedError(f"mail {entry.id} has no refused recipient to leave out: it is {entry.state.shown}")
    if not (rest := to_the_rest(entry)):
        raise RefusedError(f"nobody is left to send mail {entry.id} to", "cancel it, and write to another address")
    return rest
