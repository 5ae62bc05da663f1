"""Leave an internal note: words that only agents see."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Act, EntryId, Happened, Note
from desk.desk import Desk
from desk.errors import RefusedError
from desk.ticket import TicketNumber


def add_note(desk: Desk, number: TicketNumber, text: str, *, act: Act | None = None) -> Note:
    """Add a note to a ticket. It is never part of a mail.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
        RefusedError: the note is empty.
    """
    author = desk.me.handle
    if not text.strip():
        raise RefusedError("the note is empty", "write something first")
    with desk.store.transaction():
        ticket = desk.live_ticket(number)
        note = Note(id=EntryId(0), ticket=number, at=desk.clock(), author=author, note=text.strip("\n"))
        note = replace(note, id=desk.store.conversations.add(note))
        desk.record(Happened.NOTED, ticket, ticket, act=act, author=author, entry=note.id)
        return note
