"""Whether a mail is held already: a Message-ID alone proves nothing, some senders use one for many mails."""

from __future__ import annotations

from desk.conversation import Direction, Message
from desk.desk import Desk
from desk.incoming import Incoming


def already_held(desk: Desk, read: Incoming, raw: str) -> Message | None:
    """The same mail seen at another place, or our own come back as a copy."""
    is_own = desk.settings.is_own(read.sender)
    for held in desk.store.conversations.with_message_id(read.message_id):
        if raw == held.raw or read.digest == held.digest or (is_own and held.direction is Direction.OUT):
            return held
    return None
