"""Edit a note of one's own: the words that were seen, and no others."""

from __future__ import annotations

from desk.conversation import Act, EntryId, Happened, Note
from desk.desk import Desk
from desk.errors import NoSuchEntry, NoteMoved, RefusedError
from desk.mentioning import reworded, settle_mentions


def edit_note(desk: Desk, entry: EntryId, text: str, *, seen: int, act: Act | None = None) -> Note:
    """Give a note other words. `seen` is the version that its author had on the screen; the event keeps both texts.

    Raises:
        NoSuchEntry, NoAgent: the note or the acting agent is unknown.
        NoteMoved: it was edited or taken back since.
        RefusedError: it is a colleague's, or the text is empty.
    """
    author = desk.me.handle
    if not text.strip():
        raise RefusedError("the note is empty", "write something, or take the note back with undo")
    with desk.store.transaction():
        note = _own_note(desk, entry)
        if note.removed or note.version != seen:
            raise NoteMoved(entry, note.ticket, seen, None if note.removed else note.version)
        edited = reworded(desk, note, text.strip("\n"))
        if edited.note == note.note:
            return note
        desk.store.conversations.put(edited)
        settle_mentions(desk, edited)
        ticket, detail = desk.ticket(note.ticket), {"before": note.note, "after": edited.note}
        desk.record(Happened.NOTE_EDITED, ticket, ticket, act=act, author=author, entry=entry, detail=detail)
        return edited


def _own_note(desk: Desk, entry: EntryId) -> Note:
    note = desk.store.conversations.get(entry)
    if not isinstance(note, Note):
        raise NoSuchEntry("note", entry)
    if note.author != desk.me.handle:
        raise RefusedError(f"note {entry} is {note.author}'s, and only its author edits it", "add a note of your own")
    return note
