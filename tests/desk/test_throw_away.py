from __future__ import annotations

import pytest

from desk.actions.attach import attach
from desk.actions.draft import save_draft
from desk.actions.erase import erase
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.throw_away import throw_away
from desk.actions.undo import undo
from desk.conversation import Note
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.errors import RedoTooLate, UndoTooLate
from desk.people import Address
from desk.plan import Plan, Tick
from desk.steps import MacroUse
from desk.ticket import TicketNumber
from desk.wording import Wording
from desk.written import Written
from tests.desks import DANA, acting_as, receive

ONE = TicketNumber(1)
PLAN = Plan(MacroUse("refund", "1"), "Refund", "Dear Dana,", checklist=(Tick("Call the bank", required=True),))


def begun(desk: Desk, kind: DraftKind = DraftKind.REPLY, text: str = "Dear Dana,") -> Draft:
    wording = Wording(subject="Another") if kind is not DraftKind.NOTE else None
    wording = attach(desk, wording, "scan.txt", b"her scan") if wording else None
    plan = None if kind is DraftKind.NOTE else PLAN
    draft = save_draft(desk, ONE, kind, Written(text, plan, wording=wording))
    assert draft is not None
    return draft


def written(desk: Desk) -> list[tuple[str, str, bool]]:
    return [(each.author, each.text, each.aside) for each in desk.store.drafts.of(ONE)]


@pytest.mark.parametrize("kind", [DraftKind.REPLY, DraftKind.FORWARD, DraftKind.NOTE])
def test_a_text_that_was_thrown_away_comes_back_with_all_that_went_with_it(desk: Desk, kind: DraftKind) -> None:
    receive(desk)
    draft = begun(desk, kind)
    assert throw_away(desk, draft)
    assert written(desk) == []
    assert "draft" not in desk.ticket(ONE).holds
    undone = undo(desk)
    assert undone.said == "taken back on ticket 1: draft discarded"
    assert undone.draft is not None
    back = undone.draft
    assert (back.kind, back.text, back.plan, back.wording) == (kind, draft.text, draft.plan, draft.wording)
    assert desk.store.drafts.of(ONE) == [back]
    assert "draft" in desk.ticket(ONE).holds


def test_it_is_thrown_away_and_brought_back_as_often_as_one_likes(desk: Desk) -> None:
    receive(desk)
    throw_away(desk, begun(desk))
    for _ in range(2):
        undo(desk)
        assert written(desk) == [("ana", "Dear Dana,", False)]
        redo(desk)
        assert written(desk) == []


def test_further_undos_go_on_with_what_was_done_before(desk: Desk) -> None:
    receive(desk)
    note = add_note(desk, ONE, "She is angry")
    throw_away(desk, begun(desk))
    undo(desk)
    kept = desk.store.conversations.get(note.id)
    assert isinstance(kept, Note)
    assert not kept.removed
    undo(desk)
    assert sorted(written(desk)) == [("ana", "Dear Dana,", False), ("ana", "She is angry", False)]


def test_it_comes_back_aside_while_a_colleague_answers(desk: Desk) -> None:
    receive(desk)
    throw_away(desk, begun(desk))
    save_draft(acting_as(desk, "bo"), ONE, DraftKind.REPLY, Written("Of bo"))
    undo(desk)
    assert written(desk) == [("bo", "Of bo", False), ("ana", "Dear Dana,", True)]
    redo(desk)
    assert written(desk) == [("bo", "Of bo", False)]


def test_it_comes_back_above_what_was_begun_since(desk: Desk) -> None:
    receive(desk)
    throw_away(desk, begun(desk))
    save_draft(desk, ONE, DraftKind.REPLY, Written("Once more"))
    undo(desk)
    assert written(desk) == [("ana", "Dear Dana,\n\nOnce more", False)]
    redo(desk)
    assert written(desk) == [("ana", "Once more", False)]


def test_what_was_written_on_since_is_not_thrown_away_again(desk: Desk) -> None:
    receive(desk)
    throw_away(desk, begun(desk))
    back = undo(desk).draft
    save_draft(desk, ONE, DraftKind.REPLY, Written("Dear Dana, hello"), last=back)
    with pytest.raises(RedoTooLate, match="was changed since"):
        redo(desk)
    assert written(desk) == [("ana", "Dear Dana, hello", False)]


def test_only_what_was_last_read_and_is_ones_own_is_thrown_away(desk: Desk) -> None:
    receive(desk)
    first = begun(desk)
    assert not throw_away(acting_as(desk, "bo"), first)
    save_draft(desk, ONE, DraftKind.REPLY, Written("Other words"), last=first)
    assert not throw_away(desk, first)
    assert written(desk) == [("ana", "Other words", False)]


def test_throwing_a_draft_away_does_not_make_its_ticket_the_last_one_changed(desk: Desk) -> None:
    before = receive(desk)
    throw_away(desk, begun(desk))
    assert desk.ticket(ONE).updated == before.updated


def test_nothing_of_it_is_left_once_its_customer_is_erased(desk: Desk) -> None:
    receive(desk)
    draft = begun(desk)
    throw_away(desk, draft)
    assert draft.wording is not None
    [paper] = draft.wording.enclosures
    assert paper.sha256 in desk.store.digests()
    receipt = erase(acting_as(desk, "bo"), [DANA.email])
    assert receipt.amounts.drafts == 1
    assert desk.store.thrown.of(ONE) == []
    assert paper.sha256 not in desk.store.digests()
    with pytest.raises(UndoTooLate, match="nothing of the draft on ticket 1 is kept"):
        undo(desk)


def test_a_text_that_only_names_the_erased_person_names_them_no_more(desk: Desk) -> None:
    receive(desk, sender=Address("leo@else.example", "Leo"))
    receive(desk)
    throw_away(desk, begun(desk, DraftKind.NOTE, f"{DANA.email} called about this"))
    erase(desk, [DANA.email])
    assert DANA.email not in repr(desk.store.thrown.of(ONE))
