"""Send a mail again that did not go out, that came back, or of which nobody knows."""

from __future__ import annotations

from datetime import timedelta

from desk.anew import written_anew
from desk.conversation import Act, EntryId, Happened, OutboxId
from desk.delivery.accounts import ask_now
from desk.desk import Desk
from desk.errors import RefusedError
from desk.outgoing import NOT_GONE, RESENDABLE, OutboxEntry, queued_again, refuse_gaps, state_as_detail
from desk.overtaken import refuse_if_overtaken


def resend(
    desk: Desk, outbox: OutboxId, *, seen: EntryId | None = None, send_in: int = 0, act: Act | None = None
) -> OutboxEntry:
    """Queue a mail again, to leave in `send_in` seconds: the same bytes under the same Message-ID.

    So a second copy can be recognised as one. `seen` is the newest entry of its ticket that whoever asks for it has
    seen (None: nothing that came after the mail).

    One that waits because its account is stopped stays as it is; the account is asked again now.

    Raises:
        NoSuchEntry: there is no such mail.
        TicketMoved: somebody wrote on its ticket after `seen`.
        GapsLeft: its text still holds a marked gap.
        RefusedError: it is on its way, was sent, or was taken back.
    """
    author = desk.me.handle
    with desk.store.transaction():
        entry = desk.outgoing(outbox)
        is_asked = entry.state in NOT_GONE and ask_now(desk, entry.mailbox)
        if is_asked and entry.state not in RESENDABLE:
            return entry
        if entry.state not in RESENDABLE:
            if (again := written_anew(desk, entry)) is not None:
                raise RefusedError(f"mail {outbox} cannot be sent again: its text was written anew as mail {again.id}")
            raise RefusedError(f"mail {outbox} cannot be sent again: it is {entry.state.shown}")
        refuse_if_overtaken(desk, entry, seen)
        refuse_gaps(entry.draft)
        queued = queued_again(entry, desk.clock() + timedelta(seconds=send_in))
        desk.store.outbox.put(queued)
        ticket = desk.ticket(entry.ticket)
        detail = state_as_detail(entry)
        desk.record(Happened.RESENT, ticket, ticket, act=act, author=author, entry=entry.entry, detail=detail)
        return queued
