"""With what a mail was queued, which may be that a colleague sent it again: that is not its author's to take back."""

from __future__ import annotations

from desk.conversation import Event, Happened
from desk.desk import Desk
from desk.outgoing import OutboxEntry

MAILED = frozenset({Happened.REPLIED, Happened.WRITTEN, Happened.FORWARDED})
QUEUED = MAILED | {Happened.RESENT, Happened.SENT_TO_REST}
"""What opens an undo window: of one mail, the last of them is meant."""


def queued_with(desk: Desk, mail: OutboxEntry) -> Event | None:
    """With what a mail was queued last, of all that is not undone; None where no event tells."""
    entries = desk.store.conversations.of(mail.ticket)
    about = (each for each in entries if isinstance(each, Event) and each.entry == mail.entry and not each.undone)
    return max((each for each in about if each.what in QUEUED), key=lambda each: each.id, default=None)
