from __future__ import annotations

import pytest

from desk.actions.edit_note import edit_note
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.undo import undo
from desk.conversation import EntryId, Event, Happened, Note
from desk.desk import Desk
from desk.errors import NoSuchEntry, NoteMoved, RefusedError, TicketMoved
from desk.expression import Words
from desk.outgoing import Answer
from tests.desks import acting_as, receive


@pytest.fixture
def note(desk: Desk) -> Note:
    return add_note(desk, receive(desk).number, "The bank says no.")


def stored(desk: Desk, note: Note) -> Note:
    found = desk.store.conversations.get(note.id)
    assert isinstance(found, Note)
    return found


def test_an_edited_note_has_its_new_words_and_history_has_both(desk: Desk, note: Note) -> None:
    edited = edit_note(desk, note.id, "The bank says yes.\n", seen=1)
    assert (edited.note, edited.version, edited.at) == ("The bank says yes.", 2, note.at)
    assert stored(desk, note) == edited
    last = desk.store.conversations.of(note.ticket)[-1]
    assert isinstance(last, Event)
    assert (last.what, last.author, last.entry) == (Happened.NOTE_EDITED, "ana", note.id)
    assert last.detail == {"before": "The bank says no.", "after": "The bank says yes."}


def test_an_edit_of_words_that_were_not_seen_is_refused(desk: Desk, note: Note) -> None:
    edit_note(desk, note.id, "The bank says yes.", seen=1)
    with pytest.raises(NoteMoved, match=r"note \d+ on ticket 1 was edited since you read it \(version 1, now 2\)"):
        edit_note(desk, note.id, "The bank says maybe.", seen=1)
    assert stored(desk, note).note == "The bank says yes."


def test_only_its_author_edits_a_note(desk: Desk, note: Note) -> None:
    with pytest.raises(RefusedError, match="is ana's, and only its author edits it"):
        edit_note(acting_as(desk, "bo"), note.id, "bo was here", seen=1)


def test_a_note_that_was_taken_back_is_not_edited(desk: Desk, note: Note) -> None:
    undo(desk)
    with pytest.raises(NoteMoved, match="was taken back"):
        edit_note(desk, note.id, "The bank says yes.", seen=1)


def test_a_note_is_not_emptied(desk: Desk, note: Note) -> None:
    with pytest.raises(RefusedError, match="the note is empty"):
        edit_note(desk, note.id, " \n", seen=1)


@pytest.mark.parametrize("entry", [1, 99])
def test_what_is_no_note_is_told(desk: Desk, note: Note, entry: int) -> None:
    assert entry != note.id
    with pytest.raises(NoSuchEntry, match=f"there is no note {entry}"):
        edit_note(desk, EntryId(entry), "words", seen=1)


def test_the_same_words_leave_no_trace(desk: Desk, note: Note) -> None:
    before = desk.store.conversations.of(note.ticket)
    assert edit_note(desk, note.id, note.note, seen=1) == note
    assert desk.store.conversations.of(note.ticket) == before


def test_an_edit_is_undone_and_redone_and_its_words_are_never_taken_for_older_ones(desk: Desk, note: Note) -> None:
    edit_note(desk, note.id, "The bank says yes.", seen=1)
    undo(desk)
    assert (stored(desk, note).note, stored(desk, note).version) == ("The bank says no.", 3)
    with pytest.raises(NoteMoved):
        edit_note(desk, note.id, "The bank says maybe.", seen=1)
    redo(desk)
    assert (stored(desk, note).note, stored(desk, note).version) == ("The bank says yes.", 4)
    undo(desk)
    undo(desk)
    assert stored(desk, note).removed
    redo(desk)
    assert (stored(desk, note).note, stored(desk, note).removed) == ("The bank says no.", False)


def test_only_the_words_that_stand_are_found(desk: Desk, note: Note) -> None:
    edit_note(desk, note.id, "The insurance says yes.", seen=1)
    assert desk.store.tickets.count(Words("insurance")) == 1
    assert desk.store.tickets.count(Words("bank")) == 0


def test_an_answer_is_refused_when_a_colleague_changed_a_note_since(desk: Desk, note: Note) -> None:
    bo, seen = acting_as(desk, "bo"), desk.store.conversations.of(note.ticket)[-1].id
    edit_note(desk, note.id, "Do not answer, legal has it.", seen=1)
    with pytest.raises(TicketMoved, match="ana changed a note"):
        reply(bo, note.ticket, Answer(text="Hello", seen=seen))
    reply(desk, note.ticket, Answer(text="Hello", seen=seen))
