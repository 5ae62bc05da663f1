"""Put a whole mail in the place of its beginning: one that was too large to be fetched at first."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Direction, EntryId, Message
from desk.desk import Desk
from desk.erased import discarded_if_refused
from desk.errors import NoSuchEntry, RefusedError
from desk.incoming import TOO_LARGE, Incoming


def received(desk: Desk, entry: EntryId) -> Message:
    """A message that came in and was not erased.

    Raises:
        NoSuchEntry: there is no such message.
        RefusedError: it was erased.
    """
    message = desk.store.conversations.get(entry)
    if not isinstance(message, Message) or message.direction is not Direction.IN:
        raise NoSuchEntry("incoming message", entry)
    if message.redacted:
        raise RefusedError(f"message {entry} was erased")
    return message


def incomplete(desk: Desk, entry: EntryId) -> Message:
    """A message of which only the beginning is here.

    Raises:
        NoSuchEntry: there is no such message.
        RefusedError: all of it is here, or it was erased.
    """
    message = received(desk, entry)
    if not any(each.startswith(TOO_LARGE) for each in message.defects):
        raise RefusedError(f"all of message {entry} is here already")
    return message


def complete(desk: Desk, entry: EntryId, read: Incoming, raw: str) -> Message:
    """Give a message its whole text, its files and its bytes; `raw` is their sha256, and they are on disk.

    What nothing speaks of when this is refused is removed from the disk.
    Its `digest` stays that of the beginning, by which the mail is known when its beginning is fetched once more.

    Raises:
        NoSuchEntry, RefusedError: as `incomplete`, by now.
    """
    with discarded_if_refused(desk, read, raw), desk.store.transaction():
        message = replace(
            incomplete(desk, entry),
            text=read.text,
            has_html=read.has_html,
            attachments=read.attachments,
            facts=read.facts,
            defects=read.defects,
            raw=raw,
        )
        desk.store.conversations.put(message)
        desk.store.ledger.put_raw(entry, raw)
        desk.sum_up(replace(desk.ticket(message.ticket), updated=desk.clock()))
        return message
