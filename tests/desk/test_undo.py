from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.assign import assign
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.actions.run_macro import run_macro
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.conversation import Note
from desk.desk import Desk, new_act
from desk.errors import NothingToUndo, UndoTooLate
from desk.outgoing import Answer, OutboxState
from desk.people import Handle
from desk.presence import DraftKind
from desk.steps import AssignStep, MacroUse, TagStep
from desk.ticket import Status
from tests.desks import acting_as, receive


def test_undo_takes_back_the_last_thing_and_then_the_one_before(desk: Desk) -> None:
    ticket = receive(desk)
    assign(desk, ticket.number, Handle("bo"))
    set_status(desk, ticket.number, Status.CLOSED)
    undo(desk)
    assert (desk.ticket(ticket.number).status, desk.ticket(ticket.number).assignee) == ("open", "bo")
    undo(desk)
    assert desk.ticket(ticket.number).assignee is None
    with pytest.raises(NothingToUndo):
        undo(desk)


def test_undo_is_of_ones_own_acts_only(desk: Desk) -> None:
    ticket = receive(desk)
    assign(acting_as(desk, "bo"), ticket.number, Handle("bo"))
    with pytest.raises(NothingToUndo):
        undo(desk)
    assert desk.ticket(ticket.number).assignee == "bo"


def test_undo_keeps_tags_that_a_colleague_put_on_since(desk: Desk) -> None:
    ticket = receive(desk)
    tag(desk, ticket.number, add=["old"])
    tag(desk, ticket.number, add=["refund"], remove=["old"])
    tag(acting_as(desk, "bo"), ticket.number, add=["vip"])
    undo(desk)
    assert set(desk.ticket(ticket.number).tags) == {"old", "vip"}


def test_undo_is_refused_when_a_colleague_changed_the_same_thing_since(desk: Desk) -> None:
    ticket = receive(desk)
    set_status(desk, ticket.number, Status.WAITING)
    set_status(acting_as(desk, "bo"), ticket.number, Status.CLOSED)
    with pytest.raises(UndoTooLate, match="changed again since, to “closed”"):
        undo(desk)
    assert desk.ticket(ticket.number).status == "closed"


def test_several_tickets_of_one_act_come_back_together_or_not_at_all(desk: Desk) -> None:
    first, second, act = receive(desk), receive(desk, subject="Other"), new_act()
    for ticket in (first, second):
        set_status(desk, ticket.number, Status.CLOSED, act=act)
    set_status(acting_as(desk, "bo"), second.number, Status.SPAM)
    with pytest.raises(UndoTooLate):
        undo(desk)
    assert desk.ticket(first.number).status == "closed"
    set_status(acting_as(desk, "bo"), second.number, Status.CLOSED)
    assert set(undo(desk).tickets) == {first.number, second.number}
    assert desk.ticket(first.number).status == desk.ticket(second.number).status == "open"


def test_a_reply_that_has_not_left_comes_back_as_a_draft(desk: Desk) -> None:
    ticket = receive(desk)
    entry = reply(desk, ticket.number, Answer(text="Hello Dana", status=Status.CLOSED, steps=(TagStep(("x",)),)))
    undone = undo(desk)
    assert undone.draft is not None
    assert (undone.draft.text, undone.draft.kind) == ("Hello Dana", DraftKind.REPLY)
    assert desk.store.drafts.of(ticket.number) == [undone.draft]
    after, queued = desk.ticket(ticket.number), desk.store.outbox.get(entry.id)
    assert queued is not None
    assert queued.state is OutboxState.CANCELLED
    assert (after.status, after.tags, after.assignee, after.message_count) == ("open", (), None, 1)
    assert after.waiting_since == ticket.waiting_since


@pytest.mark.parametrize("state", [OutboxState.CLAIMED, OutboxState.IN_DATA, OutboxState.SENT, OutboxState.UNCERTAIN])
def test_a_reply_that_may_have_left_cannot_be_taken_back(desk: Desk, state: OutboxState) -> None:
    ticket = receive(desk)
    entry = reply(desk, ticket.number, Answer(text="Hello", status=Status.CLOSED))
    desk.store.outbox.put(replace(entry, state=state))
    with pytest.raises(UndoTooLate, match=f"it is {state.shown}"):
        undo(desk)
    assert desk.ticket(ticket.number).status == "closed"


def test_a_note_comes_back_as_a_draft(desk: Desk) -> None:
    ticket = receive(desk)
    note = add_note(desk, ticket.number, "call the bank")
    undone = undo(desk)
    assert undone.draft is not None
    assert (undone.draft.text, undone.draft.kind) == ("call the bank", DraftKind.NOTE)
    stored = desk.store.conversations.get(note.id)
    assert isinstance(stored, Note)
    assert stored.removed
    assert desk.ticket(ticket.number).holds == ("draft",)


def test_a_macro_is_taken_back_whole(desk: Desk) -> None:
    ticket = receive(desk)
    run_macro(desk, ticket.number, (TagStep(("a",)), AssignStep(Handle("bo"))), MacroUse("m", "0"))
    undo(desk)
    assert (desk.ticket(ticket.number).tags, desk.ticket(ticket.number).assignee) == ((), None)


def test_undo_works_from_another_process(desk: Desk) -> None:
    ticket = receive(desk)
    set_status(desk, ticket.number, Status.CLOSED)
    elsewhere = acting_as(desk, "ana")
    assert undo(elsewhere).said == f"taken back on ticket {ticket.number}: status changed"
