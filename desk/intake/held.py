"""Whether a mail is held already: a Message-ID alone proves nothing, some senders use one for many mails."""

from __future__ import annotations

from desk.conversation import Direction, Message
from desk.desk import Desk
from desk.incoming import Incoming
from desk.intake.taken import Arrival


def already_held(desk: Desk, arrival: Arrival) -> Message | None:
    """The same mail seen at another place, or our own come back as a copy."""
    read, copies = arrival.read, desk.store.conversations.copies
    for message_id in (read.message_id, *read.alike_ids):
        for held in copies(message_id, digest=read.digest, raw=arrival.raw):
            if held.direction is Direction.IN or arrival.raw == held.raw or read.digest == held.digest:
                return held
            if arrival.mail.is_sent or desk.settings.is_own(read.sender) or _same_words(read, held):
                return held
    return _without_id(desk, read) or (_sent_under_another_id(desk, read) if arrival.mail.is_sent else None)


def twin_id(read: Incoming) -> str:
    """What copies of a mail without a Message-ID share, though the way that each took makes their bytes differ."""
    return f"<{read.digest}@tandem.invalid>" if read.local_id else ""


def _same_words(read: Incoming, held: Message) -> bool:
    """Whether somebody sends our own mail back to us, as some lists do: under their address and our id."""
    return held.text.split() == read.text.split()


def _without_id(desk: Desk, read: Incoming) -> Message | None:
    if not (twin := twin_id(read)):
        return None
    for number in desk.store.threads.tickets([twin], own=True).get(twin, []):
        for entry in desk.store.conversations.of(number):
            if isinstance(entry, Message) and entry.digest == read.digest:
                return entry
    return None


def _sent_under_another_id(desk: Desk, read: Incoming) -> Message | None:
    """Our own mail in a folder of sent mail, where the server gave it another id: it refers to the one it had."""
    for reference in read.references:
        for held in desk.store.conversations.with_message_id(reference):
            if held.direction is Direction.OUT and held.at == read.date and _same_words(read, held):
                return held
    return None
