"""What an agent did before an act that cannot be taken back any more, and how undo comes to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desk.actions.assign import assign
from desk.actions.draft import save_draft
from desk.actions.edit_note import edit_note
from desk.actions.hand_over import hand_over
from desk.actions.keep_beginning import keep_beginning, kept_beginnings, throw_beginning_away
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.throw_away import throw_away
from desk.actions.undo import undo, would_take_back
from desk.beginning import Beginning
from desk.conversation import Note
from desk.desk import Desk, new_act
from desk.draft import DraftKind
from desk.errors import NothingToUndo, UndoTooLate
from desk.outgoing import Answer, OutboxState
from desk.people import Handle
from desk.reversal.older import Older
from desk.ticket import Status, TicketNumber
from desk.written import Written
from tests.desks import DANA, acting_as, receive


def sent(desk: Desk, number: TicketNumber) -> None:
    """Answer, and let the mail leave."""
    entry = reply(desk, number, Answer(text="Hello"))
    desk.store.outbox.put(replace(entry, state=OutboxState.SENT))


def refused(desk: Desk, past: Older | None = None) -> Older | None:
    with pytest.raises(UndoTooLate) as told:
        undo(desk, past)
    return told.value.older


def test_what_was_done_before_a_mail_that_left_is_told_and_then_taken_back(desk: Desk) -> None:
    number, other = receive(desk).number, receive(desk).number
    tag(desk, other, add=["old"])
    tag(desk, number, add=["vip"])
    sent(desk, number)
    older = refused(desk)
    assert older is not None
    assert [(each.ticket, each.what) for each in older.events] == [(number, "tagged")]
    assert desk.ticket(number).tags == ("vip",)  # nothing but told
    assert undo(desk, older).said == f"taken back on ticket {number}: tagged"
    assert (desk.ticket(number).tags, desk.ticket(other).tags) == ((), ("old",))


def test_an_undo_behind_that_goes_on_with_what_was_before(desk: Desk) -> None:
    number = receive(desk).number
    tag(desk, number, add=["first"])
    sent(desk, number)
    tag(desk, number, add=["second"])
    sent(desk, number)
    undo(desk, refused(desk))
    assert desk.ticket(number).tags == ("first",)
    undo(desk, refused(desk))  # the mail between cannot be taken back either, which nobody was told yet
    assert desk.ticket(number).tags == ()
    with pytest.raises(NothingToUndo):
        undo(desk)


def test_what_is_done_again_is_told_before_the_mail_is_gone_past_once_more(desk: Desk) -> None:
    number = receive(desk).number
    tag(desk, number, add=["vip"])
    sent(desk, number)
    undo(desk, refused(desk))
    redo(desk)
    assert desk.ticket(number).tags == ("vip",)
    assert refused(desk) is not None


def test_whoever_did_something_since_gets_that_taken_back(desk: Desk) -> None:
    number = receive(desk).number
    tag(desk, number, add=["vip"])
    sent(desk, number)
    older = refused(desk)
    set_status(desk, number, Status.CLOSED)
    assert undo(desk, older).said == f"taken back on ticket {number}: status changed, now open"
    assert desk.ticket(number).tags == ("vip",)


def test_an_act_that_became_too_late_too_is_refused_with_the_one_before_it(desk: Desk) -> None:
    number = receive(desk).number
    tag(desk, number, add=["vip"])
    set_status(desk, number, Status.WAITING)
    sent(desk, number)
    older = refused(desk)
    set_status(acting_as(desk, "bo"), number, Status.CLOSED)
    before = refused(desk, older)
    assert before is not None
    assert [each.what for each in before.events] == ["tagged"]
    undo(desk, before)
    assert (desk.ticket(number).tags, desk.ticket(number).status) == ((), "closed")


def test_what_cannot_be_taken_back_either_is_not_promised(desk: Desk) -> None:
    numbers = [receive(desk).number for _ in range(3)]
    act = new_act()
    for number in numbers:
        set_status(desk, number, Status.CLOSED, act=act)
    for number in numbers:
        sent(desk, number)
    older = refused(desk)
    assert older is not None
    assert [each.ticket for each in older.events] == numbers
    set_status(acting_as(desk, "bo"), numbers[1], Status.OPEN)
    assert refused(desk) is None


def test_a_mail_that_can_still_be_stopped_comes_first_all_the_same(desk: Desk) -> None:
    number, other = receive(desk).number, receive(desk).number
    tag(desk, number, add=["vip"])
    sent(desk, number)
    undo(desk, refused(desk))
    reply(desk, other, Answer(text="Wrong words"))
    assert undo(desk).draft is not None


def test_one_agents_refusal_tells_of_their_own_acts_only(desk: Desk) -> None:
    number = receive(desk).number
    tag(acting_as(desk, "bo"), number, add=["vip"])
    sent(desk, number)
    assert refused(desk) is None


def handed(desk: Desk, number: TicketNumber) -> None:
    hand_over(desk, number, Handle("bo"), "Please look at this")


def reworded(desk: Desk, number: TicketNumber) -> None:
    note = next(each for each in desk.store.conversations.of(number) if isinstance(each, Note))
    edit_note(desk, note.id, "Other words", seen=note.version)


def thrown(desk: Desk, number: TicketNumber) -> None:
    draft = save_draft(desk, number, DraftKind.REPLY, Written("Unfinished"))
    assert draft is not None
    assert throw_away(desk, draft)


def state(desk: Desk, number: TicketNumber) -> tuple[object, ...]:
    """What a hand-over, an edit and a draft change."""
    notes = [each.note for each in desk.store.conversations.of(number) if isinstance(each, Note) and not each.removed]
    return desk.ticket(number).assignee, notes, [(each.kind, each.text) for each in desk.store.drafts.of(number)]


NO_DRAFTS: list[tuple[DraftKind, str]] = []
ACTS = pytest.mark.parametrize(
    ("act", "event", "after"),
    [
        (handed, "handed_over", ("ana", ["Words"], [(DraftKind.NOTE, "Please look at this")])),
        (reworded, "note_edited", ("ana", ["Words"], NO_DRAFTS)),
        (thrown, "draft_discarded", ("ana", ["Words"], [(DraftKind.REPLY, "Unfinished")])),
    ],
    ids=["a hand-over", "an edited note", "a draft that was thrown away"],
)
Acting = Callable[[Desk, TicketNumber], None]


@pytest.fixture
def noted(desk: Desk) -> TicketNumber:
    """A ticket of the agent's own, with a tag and a note."""
    number = receive(desk).number
    assign(desk, number, desk.me.handle)
    tag(desk, number, add=["vip"])
    add_note(desk, number, "Words")
    return number


@ACTS
def test_what_was_done_to_the_ticket_before_its_mail_left_is_gone_back_to(
    desk: Desk, noted: TicketNumber, act: Acting, event: str, after: tuple[object, ...]
) -> None:
    act(desk, noted)
    sent(desk, noted)
    there, older = state(desk, noted), refused(desk)
    assert older is not None
    assert [each.what for each in older.events] == [event]
    assert state(desk, noted) == there
    undo(desk, older)
    assert state(desk, noted) == after
    redo(desk)
    assert state(desk, noted) == there


@ACTS
def test_what_was_done_while_a_mail_waited_that_has_left_since_comes_back_first(
    desk: Desk, noted: TicketNumber, act: Acting, event: str, after: tuple[object, ...]
) -> None:
    entry = reply(desk, noted, Answer(text="Hello"))
    act(desk, noted)
    desk.store.outbox.put(replace(entry, state=OutboxState.SENT))
    assert [each.what for each in undo(desk).events] == [event]
    assert state(desk, noted) == after
    older = refused(desk)
    assert older is not None
    assert [each.what for each in older.events] == ["noted"]
    undo(desk, older)
    assert undo(desk).said == f"taken back on ticket {noted}: tagged"


def test_behind_a_first_mail_that_came_back_the_refusal_is_told_again_and_nothing_comes_back_twice(desk: Desk) -> None:
    number = receive(desk).number
    tag(desk, number, add=["first"])
    tag(desk, number, add=["second"])
    kept = keep_beginning(desk, Beginning(to=(DANA,), subject="Our offer", text="Dear Dana,"))
    assert kept is not None
    assert throw_beginning_away(desk, kept)
    sent(desk, number)
    assert undo(desk, refused(desk)).beginning is not None
    older = refused(desk)  # a first mail is on no ticket, whose history could tell what was gone past
    assert older is not None
    assert [each.what for each in older.events] == ["tagged"]
    assert undo(desk, older).beginning is None
    assert desk.ticket(number).tags == ("first",)
    assert undo(desk).beginning is None
    assert desk.ticket(number).tags == ()
    with pytest.raises(NothingToUndo):
        undo(desk)
    redo(desk)
    redo(desk)
    assert desk.ticket(number).tags == ("first", "second")
    assert [each.id for each in kept_beginnings(desk)] == [kept.id]
    redo(desk)
    assert kept_beginnings(desk) == []


def test_a_first_mail_that_was_thrown_away_has_its_turn_between(desk: Desk) -> None:
    number = receive(desk).number
    tag(desk, number, add=["vip"])
    kept = keep_beginning(desk, Beginning(to=(DANA,), subject="Our offer", text="Dear Dana,"))
    assert kept is not None
    assert throw_beginning_away(desk, kept)
    sent(desk, number)
    older = refused(desk)
    assert older is not None
    assert older.events == ()
    assert undo(desk, older).beginning is not None
    assert desk.ticket(number).tags == ("vip",)


def test_a_first_mail_that_is_thrown_away_after_a_refusal_comes_back_first(desk: Desk) -> None:
    number = receive(desk).number
    tag(desk, number, add=["vip"])
    sent(desk, number)
    older = refused(desk)
    kept = keep_beginning(desk, Beginning(to=(DANA,), subject="Our offer", text="Dear Dana,"))
    assert kept is not None
    assert throw_beginning_away(desk, kept)
    assert undo(desk, older).beginning is not None
    assert desk.ticket(number).tags == ("vip",)


def test_what_would_be_taken_back_is_told_and_stays(desk: Desk) -> None:
    assert would_take_back(desk) is None
    number = receive(desk).number
    tag(desk, number, add=["vip"])
    older = would_take_back(desk)
    assert older is not None
    assert [each.what for each in older.events] == ["tagged"]
    assert desk.ticket(number).tags == ("vip",)
    sent(desk, number)
    assert would_take_back(desk) is None
