"""Where an unfinished text is that an undo brought back on a merged ticket, once the merge is taken back as well."""

from __future__ import annotations

import pytest

from desk.actions.merge import merge
from desk.actions.redo import redo
from desk.actions.throw_away import throw_away
from desk.actions.undo import undo
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.lost import Fate
from desk.outgoing import Answer
from desk.people import Address
from desk.ticket import TicketNumber
from desk.written import Written
from tests.desks import receive
from tests.tui.keepers import kept, lost
from tui.composer.drafting import Drafting
from tui.composer.keeping import Keeper
from tui.composer.sending import Sent, note_down, send

ONE, TWO = TicketNumber(1), TicketNumber(2)


@pytest.fixture
def there(desk: Desk, bo: Desk, keeper: Keeper) -> Keeper:
    """Goes on with a draft of ticket 1, on ticket 2 into which bo merged that."""
    return gone_on(desk, bo, keeper)


def gone_on(desk: Desk, bo: Desk, keeper: Keeper) -> Keeper:
    receive(desk, subject="Toner", sender=Address("kim@else.example"), message_id="<kim@else>")
    keeper.begin(desk)
    keeper.save(desk, Written("Dear Dana"))
    merge(bo, [ONE], TWO)
    there = Keeper(TWO, keeper.kind)
    there.begin(desk)
    return there


def brought_back(desk: Desk) -> Draft:
    """What the last undo made a draft again."""
    draft = undo(desk).draft
    assert draft is not None
    return draft


def addressees(draft: Draft) -> list[str]:
    return [each.email for each in (draft.wording.to if draft.wording else None) or ()]


class TestATextThatWasThrownAway:
    def test_it_goes_back_to_its_ticket_with_the_merge_also_from_under_who_writes_there(
        self, desk: Desk, bo: Desk, there: Keeper
    ) -> None:
        assert there.throw_away(desk, Written("Dear Dana"))
        assert addressees(brought_back(desk)) == ["dana@corp.example"]
        again = Keeper(TWO, DraftKind.REPLY)
        assert again.begin(desk).standing.stays_to is not None
        again.save(desk, Written("Dear Dana, it"))
        undo(bo)
        was = lost(again.look(desk))
        assert (was.fate, was.ticket) == (Fate.WENT_BACK, ONE)
        again.save(desk, Written("Dear Dana, it is on its way."))
        assert kept(desk, ONE) == [("ana", "Dear Dana, it is on its way.", False)]
        assert kept(desk, TWO) == []
        [draft] = desk.store.drafts.of(ONE)
        assert (draft.wording, draft.stays_to) == (None, False)

    def test_a_screen_that_had_it_open_before_does_not_take_it_for_its_own(self, desk: Desk, keeper: Keeper) -> None:
        keeper.begin(desk)
        keeper.save(desk, Written("Dear Dana"))
        [draft] = desk.store.drafts.of(ONE)
        assert throw_away(desk, draft)
        assert brought_back(desk).text == "Dear Dana"
        assert lost(keeper.look(desk)).fate is Fate.BROUGHT_BACK

    def test_one_that_is_below_another_by_now_is_that_ones(self, desk: Desk, bo: Desk, there: Keeper) -> None:
        there.throw_away(desk, Written("Dear Dana"))
        later = Keeper(TWO, DraftKind.REPLY)
        later.begin(desk)
        later.save(desk, Written("Dear Kim"))
        assert brought_back(desk).text == "Dear Dana\n\nDear Kim"
        undo(bo)
        assert [each[1] for each in kept(desk, TWO)] == ["Dear Dana\n\nDear Kim"]

    def test_throwing_it_away_again_and_back_does_not_change_that(self, desk: Desk, bo: Desk, there: Keeper) -> None:
        there.throw_away(desk, Written("Dear Dana"))
        undo(desk)
        redo(desk)
        assert kept(desk, TWO) == []
        undo(desk)
        undo(bo)
        assert kept(desk, ONE) == [("ana", "Dear Dana", False)]


class TestATextThatWasFinished:
    def test_an_answer_goes_back_to_its_ticket_with_the_merge(self, desk: Desk, bo: Desk, there: Keeper) -> None:
        written = Written("Dear Dana", wording=desk.store.drafts.of(TWO)[0].wording)
        assert isinstance(send(desk, there, Answer(text=written.text, wording=written.wording)), Sent)
        assert addressees(brought_back(desk)) == ["dana@corp.example"]
        undo(bo)
        assert kept(desk, ONE) == [("ana", "Dear Dana", False)]
        assert kept(desk, TWO) == []

    def test_a_note_goes_back_to_its_ticket_with_the_merge(self, desk: Desk, bo: Desk, number: TicketNumber) -> None:
        there = gone_on(desk, bo, Keeper(number, DraftKind.NOTE))
        note_down(desk, there, "Dear Dana", Drafting(kind=DraftKind.NOTE))
        assert kept(desk, TWO) == []
        undo(desk)
        undo(bo)
        assert kept(desk, ONE) == [("ana", "Dear Dana", False)]

    @pytest.mark.parametrize("kind", [DraftKind.REPLY, DraftKind.NOTE])
    def test_one_that_came_along_finished_goes_back_too(
        self, desk: Desk, bo: Desk, number: TicketNumber, kind: DraftKind
    ) -> None:
        keeper = Keeper(number, kind)
        receive(desk, subject="Toner", sender=Address("kim@else.example"), message_id="<kim@else>")
        keeper.begin(desk)
        keeper.save(desk, Written("Dear Dana"))
        if kind is DraftKind.NOTE:
            note_down(desk, keeper, "Dear Dana", Drafting(kind=kind))
        else:
            assert isinstance(send(desk, keeper, Answer(text="Dear Dana")), Sent)
        merge(bo, [ONE], TWO)
        undo(desk)
        assert kept(desk, TWO) == [("ana", "Dear Dana", False)]
        undo(bo)
        assert [each[:2] for each in kept(desk, ONE)] == [("ana", "Dear Dana")]
        assert kept(desk, TWO) == []
