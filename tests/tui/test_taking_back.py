"""Undo, redo and edited notes on the screen, and macros that are chosen while a colleague acts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from desk.actions.edit_note import edit_note
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.conversation import Note
from desk.desk import Desk
from desk.draft import DraftKind
from desk.outgoing import Answer, OutboxState
from desk.ticket import Status
from tests.desks import acting_as, receive
from tests.tui.apps import WIDE
from tests.tui.composing import (
    answering,
    area,
    begun,
    drafts,
    editing,
    ended,
    inbox,
    notes,
    outbox,
    sent_with_a_macro_and_taken_back,
    write,
)
from tests.tui.filling import several
from tests.tui.held_up import locked
from tui.composer.dispatch import NEWS_HOLD
from tui.screens.edit_note import EditNoteScreen


async def test_marked_tickets_are_closed_opened_and_closed_again_with_one_key_each(desk: Desk) -> None:
    numbers = several(desk, 3)
    async with inbox(desk) as screen:
        await screen.press("*", "e")
        await screen.sees("3 tickets: closed, u takes it back")
        await screen.press("u")
        await screen.sees("taken back on 3 tickets: status changed", "Subject 0")
        await screen.press("U")
        await screen.sees("done again on 3 tickets: status changed, now closed, u takes it back")
        await screen.misses("Subject 0")
    assert {desk.ticket(number).status for number in numbers} == {Status.CLOSED}


async def test_why_nothing_is_done_again_is_said(desk: Desk) -> None:
    several(desk, 1)
    async with inbox(desk) as screen:
        await screen.press("U")
        await screen.sees("there is nothing of yours to redo")
        await screen.press("p", "h", "u")
        await screen.sees("taken back on ticket 1: priority changed")
        await screen.press("i", "U")
        await screen.sees("nothing to redo: you have done something else since")


async def test_redo_acts_beside_the_figures_and_in_the_reader(desk: Desk) -> None:
    (number,) = several(desk, 1)
    set_status(desk, number, Status.WAITING)
    undo(desk)
    async with inbox(desk) as screen:
        await screen.press("g", "s", "U")
        await screen.sees("done again on ticket 1: status changed", "Last 7 days")
        undo(desk)
        await screen.press("q", "enter", "U")
        await screen.sees("done again on ticket 1: status changed, now waiting, u takes it back")
    assert desk.ticket(number).status is Status.WAITING


async def test_a_reply_taken_back_and_kept_is_sent_after_all_as_the_same_mail(desk: Desk) -> None:
    several(desk, 1)
    async with answering(desk, "On its way.") as screen:
        await screen.press("escape", "y")
        await ended(screen)
        [before] = outbox(desk)
        await screen.press("u")
        await begun(screen)
        await screen.press("escape", "p")
        await ended(screen)
        await screen.press("U")
        await screen.sees("done again on ticket 1: replied")
        assert drafts(desk) == []
    [after] = outbox(desk)
    assert (after.state, after.raw, after.message_id) == (OutboxState.QUEUED, before.raw, before.message_id)


async def test_a_macros_reply_taken_back_and_kept_does_its_actions_again(desk: Desk, macros: Path) -> None:
    number = receive(desk).number
    async with inbox(desk, macros) as screen:
        await sent_with_a_macro_and_taken_back(screen)
        assert desk.ticket(number).tags == ()
        await screen.press("escape", "p")
        await ended(screen)
        await screen.press("U")
        await screen.sees("done again on ticket 1: replied")
    assert desk.ticket(number).tags == ("refund",)
    assert [each.state for each in outbox(desk)] == [OutboxState.QUEUED]


async def test_a_reply_whose_draft_was_written_on_is_not_sent_in_its_old_words(desk: Desk) -> None:
    several(desk, 1)
    async with answering(desk, "On its way.") as screen:
        await screen.press("escape", "y")
        await ended(screen)
        await screen.press("u")
        await begun(screen)
        await screen.until(lambda: area(screen).text == "On its way.")
        write(screen, " Or not.")
        await screen.press("escape", "p")
        await ended(screen)
        await screen.press("U")
        await screen.sees("the draft of that reply on ticket 1 was changed since")
    assert [each.state for each in outbox(desk)] == [OutboxState.CANCELLED]


async def test_what_was_taken_back_is_marked_so_only_until_it_is_done_again(desk: Desk) -> None:
    (number,) = several(desk, 1)
    tag(desk, number, add=["refund"])
    undo(desk)
    async with inbox(desk, size=WIDE) as screen:
        await screen.sees("ana tagged refund (taken back)")
        await screen.press("U")
        await screen.misses("(taken back)")
        await screen.sees("ana tagged refund")


@pytest.fixture
def note(desk: Desk) -> Note:
    (number,) = several(desk, 1)
    return add_note(desk, number, "The bank says no.")


async def test_ones_last_note_is_edited_from_the_palette_and_shown_as_edited(desk: Desk, note: Note) -> None:
    add_note(acting_as(desk, "bo"), note.ticket, "I called them too.")
    async with inbox(desk, size=WIDE) as screen:
        await editing(screen)
        await screen.sees("NOTE  on 1, only agents see it", "The bank says no.")
        write(screen, " So be it.")
        await screen.press("ctrl+s")
        await screen.sees("note on 1 edited, u takes it back", "ana  edited", "The bank says no. So be it.")
        await screen.press("u")
        await screen.misses("So be it.")


async def test_a_note_that_was_edited_elsewhere_is_not_written_over(desk: Desk, note: Note) -> None:
    async with inbox(desk) as screen:
        await editing(screen)
        write(screen, " So be it.")
        edit_note(desk, note.id, "The bank says yes.", seen=1)
        await screen.press("ctrl+s")
        await screen.sees("was edited since you read it")
        assert area(screen).text == "The bank says no. So be it."
        await screen.press("escape", "escape")
        await screen.at_the_list()
    assert notes(desk) == ["The bank says yes."]


async def test_changed_words_are_thrown_away_only_when_asked_twice(desk: Desk, note: Note) -> None:
    async with inbox(desk) as screen:
        await editing(screen)
        await screen.sees("NOTE  on", "^s save", "Esc leave", "F1 help")
        write(screen, " So be it.")
        await screen.press("escape")
        await screen.sees("Esc again leaves the note as it was")
        assert isinstance(screen.app.screen, EditNoteScreen)
        await screen.press("!", "escape")
        assert isinstance(screen.app.screen, EditNoteScreen)
        await screen.press("escape")
        await screen.at_the_list()
        await editing(screen)
        await screen.press("escape")
        await screen.at_the_list()
    assert notes(desk) == ["The bank says no."]
    assert drafts(desk) == []


async def test_changed_words_are_kept_by_themselves_and_come_back_to_that_note_only(desk: Desk, note: Note) -> None:
    async with inbox(desk) as screen:
        await editing(screen)
        write(screen, " So be it.")
        await screen.until(lambda: [each.text for each in drafts(desk)] == ["The bank says no. So be it."])
    [draft] = drafts(desk)
    assert (draft.kind, draft.author, draft.note) == (DraftKind.EDIT, "ana", note.id)
    assert notes(desk) == ["The bank says no."]
    async with inbox(desk) as screen:
        composer = await begun(screen, "n")
        assert composer.text == ""
        await screen.press("escape")
        await ended(screen)
        await editing(screen)
        await screen.sees("The bank says no. So be it.", "are back; ^s saves them")
        await screen.press("ctrl+s")
        await screen.at_the_list()
    assert notes(desk) == ["The bank says no. So be it."]
    assert drafts(desk) == []


async def test_changed_words_survive_a_hangup(desk: Desk, note: Note) -> None:
    async with inbox(desk) as screen:
        await editing(screen)
        write(screen, " So be it.")
        screen.app.keep_and_leave()
        await screen.until(lambda: bool(drafts(desk)))
    assert [each.text for each in drafts(desk)] == ["The bank says no. So be it."]


async def test_no_word_is_taken_while_a_locked_store_keeps_a_note_waiting(
    desk: Desk, note: Note, tmp_path: Path
) -> None:
    async with inbox(desk) as screen:
        await editing(screen)
        write(screen, " So be it.")
        with locked(tmp_path / "desk"):
            await screen.press("ctrl+s")
            await screen.type(" xyz")
            await screen.press("escape", "escape")
            assert area(screen).text == "The bank says no. So be it."
        await screen.at_the_list()
    assert notes(desk) == ["The bank says no. So be it."]
    assert drafts(desk) == []


async def test_without_a_note_of_ones_own_there_is_none_to_edit(desk: Desk) -> None:
    (number,) = several(desk, 1)
    add_note(acting_as(desk, "bo"), number, "I called them.")
    async with inbox(desk) as screen:
        await screen.press(":")
        await screen.type("edit note")
        await screen.press("enter")
        await screen.sees("you have no note on ticket 1")


@pytest.fixture
def silent(macros: Path) -> Path:
    """A macro without words, `,s`, that closes, and one for a note, `,i`."""
    (macros / "silent.md").write_text("---\nname: Silent\nkey: s\nreply: none\ndo:\n  - status: closed\n---\n", "utf-8")
    return macros


async def test_a_macro_is_not_run_over_what_a_colleague_did_while_it_was_chosen(desk: Desk, silent: Path) -> None:
    (number,) = several(desk, 1)
    async with inbox(desk, silent) as screen:
        await screen.press("m")
        await screen.sees("Silent")
        tag(acting_as(desk, "bo"), number, add=["legal"])
        await screen.type("Silent")
        await screen.press("enter")
        await screen.sees("ticket 1 moved since you looked at it: bo changed the tags")
        assert desk.ticket(number).status is Status.OPEN
        await screen.press(",", "s")
        await screen.sees("1: Silent, u takes it back")
    assert desk.ticket(number).status is Status.CLOSED


async def test_a_notes_macro_is_held_back_once_when_a_colleague_acted_meanwhile(desk: Desk, silent: Path) -> None:
    (number,) = several(desk, 1)
    async with inbox(desk, silent) as screen:
        await begun(screen, ",", "i")
        set_status(acting_as(desk, "bo"), number, Status.WAITING)
        await screen.press("escape", "y")
        await screen.sees("not added: bo changed the status; y adds it as it is")
        assert (notes(desk), desk.ticket(number).tags) == ([], ())
        await asyncio.sleep(NEWS_HOLD)
        await screen.press("y")
        await ended(screen)
    assert (notes(desk), desk.ticket(number).tags) == (["Ask the bank."], ("bank",))


async def test_what_stays_though_its_act_is_taken_back_is_told_as_a_change(desk: Desk) -> None:
    number = receive(desk, message_id="<1@corp.example>").number
    set_status(desk, number, Status.CLOSED)
    reply(desk, number, Answer(text="Wrong words", status=Status.OPEN))
    receive(desk, text="wait", answers=("<1@corp.example>",))
    undo(desk)
    async with inbox(desk, size=WIDE) as screen:
        await screen.sees("ana closed it", "(taken back)", "ana set it open")


async def test_undo_in_the_review_takes_back_what_was_chosen_there_the_last_first(desk: Desk, tmp_path: Path) -> None:
    (number,) = several(desk, 1)
    reply(desk, number, Answer(text="On its way."))
    (tmp_path / "notes.txt").write_text("hello")
    async with inbox(desk, size=WIDE) as screen:
        composer = await begun(screen, "r")
        write(screen, "Hello")
        await screen.press("escape", "c")
        await screen.sees("Who gets it")
        await screen.press("tab")
        await screen.type("boss@corp.example")
        await screen.press("enter")
        await screen.sees("boss@corp.example")
        await screen.press("a")
        await screen.sees("Attach a file")
        await screen.type(str(tmp_path / "notes.txt"))
        await screen.sees("notes.txt")
        await screen.press("enter")
        await screen.sees("attached notes.txt", "Files    notes.txt")
        await screen.press("u")
        await screen.sees("taken back: attached notes.txt")
        assert composer.head.wording.enclosures == ()
        assert "boss@corp.example" in screen.text
        await screen.press("u")
        await screen.sees("taken back: who gets it and what it is called")
        await screen.misses("boss@corp.example")
        await screen.press("u")
        await screen.sees("nothing was chosen here; p keeps the draft, and u then takes back what was before")
        assert composer.text == "Hello"
    assert [each.state for each in outbox(desk)] == [OutboxState.QUEUED]


async def test_undo_in_the_review_takes_a_tick_back(desk: Desk, macros: Path) -> None:
    several(desk, 1)
    async with inbox(desk, macros, size=WIDE) as screen:
        await begun(screen, ",", "g")
        await screen.press("escape", "1")
        await screen.sees("[x] Look it up")
        await screen.press("u")
        await screen.sees("taken back: the tick at “Look it up”", "[ ] Look it up")
