"""A mail that was taken out of the outbox to be written anew: which draft its text became, and which mail that."""

from __future__ import annotations

from desk.conversation import Event, Happened, Purpose
from desk.desk import Desk
from desk.draft import DraftId, DraftKind
from desk.drafts import finished_by
from desk.outgoing import OutboxEntry, OutboxState
from desk.people import Handle

ANEW = "anew"
"""Under this name the event of a cancelled mail keeps which draft its text became."""


def kind_of(mail: OutboxEntry) -> DraftKind:
    """What a mail was before it was queued; the first of a conversation goes on as an answer on its ticket."""
    return DraftKind.FORWARD if mail.purpose is Purpose.FORWARD else DraftKind.REPLY


def became(event: Event) -> DraftId | None:
    """The draft that the text of a cancelled mail became; None where it was only not to be sent."""
    return DraftId(int(event.detail[ANEW])) if ANEW in event.detail else None


def written_anew(desk: Desk, mail: OutboxEntry) -> OutboxEntry | None:
    """The mail that the text of a cancelled one became; None where it became none, or was not to be written anew."""
    stopping = _stopping(desk, mail)
    if stopping is None or (draft := became(stopping)) is None:
        return None
    finished = {each.entry for each in _events(desk, mail) if finished_by(each) == draft}
    return next((each for each in desk.store.outbox.of(mail.ticket) if each.entry in finished), None)


def stopped_by(desk: Desk, mail: OutboxEntry) -> Handle | None:
    """Who cancelled a mail, be it to write it anew; None where it is not, or no event tells."""
    stopping = _stopping(desk, mail)
    return stopping.author if stopping else None


def _stopping(desk: Desk, mail: OutboxEntry) -> Event | None:
    """With what a mail was cancelled that is so now."""
    if mail.state is not OutboxState.CANCELLED:
        return None
    about = (each for each in reversed(_events(desk, mail)) if each.entry == mail.entry)
    return next((each for each in about if each.what is Happened.CANCELLED), None)


def _events(desk: Desk, mail: OutboxEntry) -> list[Event]:
    """What stands of what happened on its ticket."""
    entries = desk.store.conversations.of(mail.ticket)
    return [each for each in entries if isinstance(each, Event) and not each.undone]
