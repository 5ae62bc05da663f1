"""Leave an internal note: words that only agents see."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Act, EntryId, Happened, Note
from desk.desk import Desk
from desk.draft import DraftKind
from desk.drafts import finished_as_detail
from desk.errors import RefusedError
from desk.mentioning import mentioned, see_mentions, settle_mentions
from desk.people import Handle
from desk.ticket import TicketNumber


def add_note(desk: Desk, number: TicketNumber, text: str, *, act: Act | None = None) -> Note:
    """Add a note to a ticket. It is never part of a mail; colleagues whom it names are called to the ticket.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
        RefusedError: the note is empty.
    """
    with desk.store.transaction():
        desk.live_ticket(number)
        see_mentions(desk, number)
        ticket = desk.live_ticket(number)
        note = put_note(desk, number, text)
        detail = finished_as_detail(desk, number, DraftKind.NOTE)
        desk.record(Happened.NOTED, ticket, ticket, act=act, author=note.author, entry=note.id, detail=detail)
        return note


def put_note(desk: Desk, number: TicketNumber, text: str, *, to: Handle | None = None) -> Note:
    """Store a new note and whom it calls, `to` among them, and no event about it yet; inside a transaction.

    Raises:
        NoAgent: nobody said who is acting.
        RefusedError: the note is empty.
    """
    author = desk.me.handle
    if not text.strip():
        raise RefusedError("the note is empty", "write something first")
    words = text.strip("\n")
    named = mentioned(desk, words, author, to)
    note = Note(id=EntryId(0), ticket=number, at=desk.clock(), author=author, note=words, mentions=named)
    note = replace(note, id=desk.store.conversations.add(note))
    settle_mentions(desk, note)
    return note
