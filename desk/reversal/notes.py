"""Notes, when writing one or giving it other words is taken back or done again."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Event, Note
from desk.desk import Desk
from desk.draft import DraftKind
from desk.drafts import finished_by
from desk.errors import RedoTooLate, RefusedError, UndoTooLate
from desk.mentioning import reworded, settle_mentions
from desk.reversal.drafts import Redrafted, redraft, undraft
from desk.reversal.part import Part
from desk.written import Written


def take_note_back(desk: Desk, part: Part) -> Redrafted | None:
    """Take a note off its ticket; one that the agent typed is a draft again."""
    if (note := _note(desk, part.event)) is None:
        return None
    _put(desk, replace(note, removed=True))
    if not part.is_typed:
        return None
    return redraft(desk, note.ticket, DraftKind.NOTE, Written(note.note, seen=note.id), finished_by(part.event))


def add_note_again(desk: Desk, part: Part) -> None:
    """Let a note stand again that was taken back; the draft that it had become goes.

    Raises:
        RedoTooLate: the draft is not as the undo left it.
    """
    if (note := _note(desk, part.event)) is None:
        return
    if part.is_typed:
        undraft(desk, note.ticket, DraftKind.NOTE, part, Written(note.note))
    _put(desk, replace(note, removed=False))


def unedit_note(desk: Desk, part: Part) -> None:
    """Give a note the words back that it had before it was edited.

    Raises:
        UndoTooLate: it was edited once more, or taken back.
    """
    _reword(desk, part.event, was="after", becomes="before", refused=UndoTooLate)


def edit_note_again(desk: Desk, part: Part) -> None:
    """Give a note the words again that it was edited to.

    Raises:
        RedoTooLate: it was edited once more, or taken back.
    """
    _reword(desk, part.event, was="before", becomes="after", refused=RedoTooLate)


def _note(desk: Desk, event: Event) -> Note | None:
    entry = desk.store.conversations.get(event.entry) if event.entry is not None else None
    return entry if isinstance(entry, Note) else None


def _reword(desk: Desk, event: Event, *, was: str, becomes: str, refused: type[RefusedError]) -> None:
    """Each change of the words has a version of its own, so that no editor takes them for those it began with."""
    if (note := _note(desk, event)) is None:
        return
    if note.removed or note.note != event.detail[was]:
        raise refused(f"too late: note {note.id} on ticket {note.ticket} was changed again since, by {note.author}")
    _put(desk, reworded(desk, note, event.detail[becomes]))


def _put(desk: Desk, note: Note) -> None:
    """Store a note as it is to be, and whom it calls as it is."""
    desk.store.conversations.put(note)
    settle_mentions(desk, note)
