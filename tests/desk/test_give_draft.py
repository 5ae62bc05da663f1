from __future__ import annotations

import pytest

from desk.actions.draft import resume_draft, save_draft, take_over
from desk.actions.give_draft import give_draft
from desk.actions.redo import redo
from desk.actions.undo import undo
from desk.conversation import Event, Happened
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.errors import DraftMoved, NoSuchAgent, RefusedError, UndoTooLate
from desk.people import Handle
from desk.remarked import in_words
from desk.ticket import TicketNumber
from desk.written import Written
from tests.desks import acting_as, receive

ONE, BO = TicketNumber(1), Handle("bo")


@pytest.fixture
def begun(desk: Desk) -> Draft:
    receive(desk)
    draft = save_draft(desk, ONE, DraftKind.REPLY, Written("Dear Dana,"))
    assert draft is not None
    return draft


def holders(desk: Desk) -> list[tuple[str, str, bool]]:
    return [(each.author, each.text, each.aside) for each in desk.store.drafts.of(ONE)]


def test_a_draft_goes_to_a_colleague_who_goes_on_with_it(desk: Desk, begun: Draft) -> None:
    give_draft(desk, ONE, DraftKind.REPLY, BO, last=begun)
    resumed = resume_draft(acting_as(desk, "bo"), ONE, DraftKind.REPLY)
    assert resumed is not None
    assert resumed.text == "Dear Dana,"
    told = [each for each in desk.store.conversations.of(ONE) if isinstance(each, Event)]
    assert told[-1].what is Happened.DRAFT_GIVEN
    assert in_words(told[-1]) == "handed the unfinished reply to bo"


def test_it_is_taken_back_given_again_and_taken_back_once_more(desk: Desk, begun: Draft) -> None:
    give_draft(desk, ONE, DraftKind.REPLY, BO, last=begun)
    for _ in range(2):
        undo(desk)
        assert holders(desk) == [("ana", "Dear Dana,", False)]
        redo(desk)
        assert holders(desk) == [("bo", "Dear Dana,", False)]


@pytest.mark.parametrize(
    "passed_on", ["", "\n\n---------- Forwarded message ----------\nFrom: Dana"], ids=["reply", "forward"]
)
def test_it_bears_the_signature_of_whom_it_was_handed_to(desk: Desk, passed_on: str) -> None:
    receive(desk)
    kind = DraftKind.FORWARD if passed_on else DraftKind.REPLY
    draft = save_draft(desk, ONE, kind, Written(f"Hello,\nAna Petrova wrote\n\n-- \nAna Petrova{passed_on}"))
    give_draft(desk, ONE, kind, BO, last=draft)
    assert holders(desk) == [("bo", f"Hello,\nAna Petrova wrote\n\n-- \nBo Lind{passed_on}", False)]
    undo(desk)
    assert holders(desk) == [("ana", f"Hello,\nAna Petrova wrote\n\n-- \nAna Petrova{passed_on}", False)]


def test_what_is_taken_over_bears_the_signature_of_who_took_it(desk: Desk) -> None:
    receive(desk)
    save_draft(desk, ONE, DraftKind.REPLY, Written("Hello,\n\n-- \nAna Petrova"))
    take_over(acting_as(desk, "bo"), ONE, DraftKind.REPLY, Written(""))
    assert holders(desk) == [("bo", "Hello,\n\n-- \nBo Lind", False)]


@pytest.mark.parametrize(
    ("theirs", "mine", "whole"),
    [
        ("Hello,\n\n--\nAna Petrova\n", "", "Hello,\n\n-- \nBo Lind\n"),
        ("Hello,\n\n-- \nAna Petrova  ", "", "Hello,\n\n-- \nBo Lind"),
        ("Hello,\n\n-- \nAna Petrova", "Dear\n\n-- \nBo Lind", "Dear\n\n⟦from ana:⟧\n\nHello,\n\n-- \nBo Lind"),
        ("Hello,", "Dear\n\n-- \nBo Lind", "Dear\n\n⟦from ana:⟧\n\nHello,\n\n-- \nBo Lind"),
        ("Hello,", "Dear\n\n-- \nBo Lind\n\nPS", "Dear\n\nPS\n\n⟦from ana:⟧\n\nHello,\n\n-- \nBo Lind"),
        ("Hello,\n\n-- \nAna Petrova", "Dear", "Dear\n\n⟦from ana:⟧\n\nHello,\n\n-- \nBo Lind"),
        ("Hello,", "Dear", "Dear\n\n⟦from ana:⟧\n\nHello,"),
    ],
)
def test_two_texts_that_become_one_have_one_signature_below_both(
    desk: Desk, theirs: str, mine: str, whole: str
) -> None:
    receive(desk)
    save_draft(desk, ONE, DraftKind.REPLY, Written(theirs))
    take_over(acting_as(desk, "bo"), ONE, DraftKind.REPLY, Written(mine))
    assert holders(desk) == [("bo", whole, False)]


def test_what_the_colleague_took_up_stays_theirs(desk: Desk, begun: Draft) -> None:
    give_draft(desk, ONE, DraftKind.REPLY, BO, last=begun)
    resume_draft(acting_as(desk, "bo"), ONE, DraftKind.REPLY)
    with pytest.raises(UndoTooLate, match="bo went on with the draft"):
        undo(desk)


def test_a_note_is_set_aside_for_somebody_who_writes_one_already(desk: Desk) -> None:
    receive(desk)
    save_draft(acting_as(desk, "bo"), ONE, DraftKind.NOTE, Written("Mine."))
    mine = save_draft(desk, ONE, DraftKind.NOTE, Written("Ask the bank."))
    give_draft(desk, ONE, DraftKind.NOTE, BO, last=mine)
    assert sorted(holders(desk)) == [("bo", "Ask the bank.", True), ("bo", "Mine.", False)]


def test_only_what_is_held_can_be_handed_over(desk: Desk, begun: Draft) -> None:
    with pytest.raises(NoSuchAgent):
        give_draft(desk, ONE, DraftKind.REPLY, Handle("cem"), last=begun)
    with pytest.raises(RefusedError, match="to somebody else"):
        give_draft(desk, ONE, DraftKind.REPLY, Handle("ana"), last=begun)
    with pytest.raises(RefusedError, match="no unfinished note"):
        give_draft(desk, ONE, DraftKind.NOTE, BO, last=None)
    save_draft(desk, ONE, DraftKind.REPLY, Written("Dear Dana, again"), last=begun)
    with pytest.raises(DraftMoved):
        give_draft(desk, ONE, DraftKind.REPLY, BO, last=begun)
