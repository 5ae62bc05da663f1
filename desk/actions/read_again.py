"""Read a message once more of which only the head could be read: by a newer Tandem, or with more time and memory."""

from __future__ import annotations

from dataclasses import replace

from desk.actions.complete import received
from desk.conversation import EntryId, Message
from desk.desk import Desk
from desk.erased import discarded_if_refused
from desk.errors import RefusedError
from desk.incoming import KEPT, Incoming


def unread_message(desk: Desk, entry: EntryId) -> Message:
    """A message of which only the head could be read.

    Raises:
        NoSuchEntry: there is no such message.
        RefusedError: it was read, or it was erased.
    """
    message = received(desk, entry)
    if not any(each.endswith(KEPT) for each in message.defects):
        raise RefusedError(f"message {entry} was read as far as can be", "`tandem show ID --raw MESSAGE` prints it")
    return message


def read_again(desk: Desk, message: Message, read: Incoming) -> Message:
    """Give a message what could be read of it this time; the files of it are on disk. It stays on its ticket.

    What nothing speaks of when this is refused is removed from the disk.

    Its `digest` stays, too: by it the mail is known when it is read in the same way at another place.

    Raises:
        NoSuchEntry: there is no such message.
        RefusedError: it was read meanwhile or erased, or cannot be read this time either.
    """
    if any(each.endswith(KEPT) for each in read.defects):
        raise RefusedError(f"message {message.id} cannot be read this time either", read.defects[0])
    with discarded_if_refused(desk, read, message.raw), desk.store.transaction():
        message = replace(
            unread_message(desk, message.id),
            subject=read.subject,
            text=read.text,
            has_html=read.has_html,
            attachments=read.attachments,
            facts=read.facts,
            defects=read.defects,
        )
        desk.store.conversations.put(message)
        desk.sum_up(replace(desk.ticket(message.ticket), updated=desk.clock()))
        return message
