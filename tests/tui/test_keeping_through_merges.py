"""What becomes of a text under a merge or a split, and when that is taken back, while somebody writes it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk.actions.draft import save_draft, take_over
from desk.actions.merge import merge
from desk.actions.redo import redo
from desk.actions.split import split
from desk.actions.undo import undo
from desk.conversation import Message
from desk.desk import Desk
from desk.draft import DraftKind
from desk.errors import DraftMoved
from desk.lost import Fate
from desk.outgoing import Answer
from desk.people import Address
from desk.ticket import TicketNumber
from desk.written import Written
from tests.desks import receive
from tests.tui.keepers import lost
from tui.composer.keeping import Keeper
from tui.composer.sending import Sent, send
from tui.composer.standing import Standing
from tui.widgets.held import held_words

ONE, TWO, THREE = (TicketNumber(each) for each in (1, 2, 3))
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def words(desk: Desk) -> list[tuple[TicketNumber, str, bool]]:
    """Every unfinished text: where it is, and whether it is aside."""
    there = (each for number in (ONE, TWO, THREE) for each in desk.store.drafts.of(number))
    return [(each.ticket, each.text, each.aside) for each in there]


def begin(desk: Desk, keeper: Keeper) -> None:
    """Begin a text and keep its first word."""
    keeper.begin(desk)
    keeper.save(desk, Written("Dear"))


@pytest.mark.usefixtures("number", "other")
class TestAMergeMeanwhile:
    @pytest.fixture
    def other(self, desk: Desk) -> TicketNumber:
        return receive(desk, subject="Toner", sender=Address("kim@else.example"), message_id="<kim@else>").number

    @pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "not seen yet"])
    def test_the_text_goes_on_in_the_draft_that_went_along(
        self, desk: Desk, bo: Desk, keeper: Keeper, *, is_seen: bool
    ) -> None:
        begin(desk, keeper)
        merge(bo, [ONE], TWO)
        if is_seen:
            assert lost(keeper.look(desk)).fate is Fate.MERGED
        for text in ("Dear Dana", "Dear Dana, it is on its way."):
            assert lost(keeper.save(desk, Written(text))).fate is Fate.MERGED
            assert words(desk) == [(TWO, text, True)]
        [draft] = desk.store.drafts.of(TWO)
        assert draft.stays_to
        assert keeper.throw_away(desk, Written("Dear Dana, it is on its way."))
        assert words(desk) == []

    @pytest.mark.parametrize("is_kept", [True, False], ids=["kept before", "never kept"])
    def test_two_merges_that_are_seen_at_once_leave_one_draft_on_the_last_ticket_for_whom_it_was_written_to(
        self, desk: Desk, bo: Desk, keeper: Keeper, *, is_kept: bool
    ) -> None:
        receive(desk, subject="Drum", sender=Address("lee@third.example"), message_id="<lee@third>")
        keeper.begin(desk)
        if is_kept:
            keeper.save(desk, Written("Dear"))
        merge(bo, [ONE], TWO)
        merge(bo, [TWO], THREE)
        for text in ("Dear Dana", "Dear Dana, it is on its way."):
            assert lost(keeper.save(desk, Written(text))).fate is Fate.MERGED
            assert words(desk) == [(THREE, text, True)]
        [draft] = desk.store.drafts.of(THREE)
        assert draft.wording is not None
        assert [each.email for each in draft.wording.to or ()] == ["dana@corp.example"]
        undo(bo)
        undo(bo)
        assert keeper.look(desk).lost is None
        assert keeper.save(desk, Written("Dear Dana, more")) == Standing()
        assert words(desk) == [(ONE, "Dear Dana, more", False)]

    @pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "not seen"])
    def test_words_that_were_first_kept_after_the_merge_come_along_when_that_is_taken_back(
        self, desk: Desk, bo: Desk, keeper: Keeper, *, is_seen: bool
    ) -> None:
        keeper.begin(desk)
        merge(bo, [ONE], TWO)
        keeper.save(desk, Written("Dear"))
        assert words(desk) == [(TWO, "Dear", True)]
        undo(bo)
        if is_seen:
            assert keeper.look(desk).lost is None
            assert keeper.look(desk).lost is None
        keeper.save(desk, Written("Dear Dana"))
        keeper.look(desk)
        assert keeper.save(desk, Written("Dear Dana, more")) == Standing()
        assert words(desk) == [(ONE, "Dear Dana, more", False)]

    def test_a_merge_that_is_taken_back_before_the_screen_looks_changes_nothing(
        self, desk: Desk, bo: Desk, keeper: Keeper
    ) -> None:
        begin(desk, keeper)
        merge(bo, [ONE], TWO)
        undo(bo)
        assert keeper.save(desk, Written("Dear Dana")) == Standing()
        assert words(desk) == [(ONE, "Dear Dana", False)]

    def test_what_is_written_on_a_ticket_whose_split_is_taken_back_goes_along_and_says_so(
        self, desk: Desk, bo: Desk
    ) -> None:
        kim = Address("kim@else.example")
        receive(desk, sender=kim, message_id="<drum@else>", answers=("<kim@else>",), references=("<kim@else>",))
        drum = max(each.id for each in desk.store.conversations.of(TWO) if isinstance(each, Message))
        new = split(bo, TWO, drum).ticket.number
        keeper = Keeper(new, DraftKind.REPLY)
        begin(desk, keeper)
        undo(bo)
        was = lost(keeper.look(desk))
        assert (was.fate, was.by, was.words) == (
            Fate.REJOINED,
            "bo",
            "bo took back the split that had made this ticket",
        )
        assert "kept aside there" in held_words(was, NOW, typing=False, watching=False)[1]
        keeper.save(desk, Written("Dear Dana"))
        assert words(desk) == [(TWO, "Dear Dana", True)]
        redo(bo)
        assert keeper.look(desk).lost is None
        keeper.save(desk, Written("Dear Dana, more"))
        assert words(desk) == [(new, "Dear Dana, more", False)]

    @pytest.fixture
    def there(self, desk: Desk, bo: Desk, keeper: Keeper) -> Keeper:
        """Goes on, on the ticket that goes on, with a draft that a merge took along."""
        begin(desk, keeper)
        merge(bo, [ONE], TWO)
        there = Keeper(TWO, DraftKind.REPLY)
        there.begin(desk)
        there.save(desk, Written("Dear Dana"))
        assert words(desk) == [(TWO, "Dear Dana", False)]
        return there

    @pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "not seen yet"])
    def test_a_draft_that_is_gone_on_with_there_goes_back_and_says_so_when_the_merge_is_taken_back(
        self, desk: Desk, bo: Desk, there: Keeper, *, is_seen: bool
    ) -> None:
        undo(bo)
        told = "this draft went back to its own ticket when bo took back the merge"
        if is_seen:
            assert lost(there.look(desk)).words == told
        for text in ("Dear Dana, it", "Dear Dana, it is on its way."):
            was = lost(there.save(desk, Written(text)))
            assert (was.words, was.has_moved) == (told, True)
            assert [each.email for each in there.head(desk).heads.to] == ["dana@corp.example"]
            assert held_words(was, NOW, typing=False, watching=False)[1] == "What you write is kept on ticket 1."
            assert words(desk) == [(ONE, text, False)]
        refused = send(desk, there, Answer(text="Dear Dana, it is on its way."))
        assert isinstance(refused, DraftMoved)
        assert desk.store.outbox.all() == []
        begun = Keeper(ONE, DraftKind.REPLY)
        begun.begin(desk)
        assert isinstance(send(desk, begun, Answer(text="Dear Dana, it is on its way.")), Sent)
        [sent] = desk.store.outbox.all()
        assert (sent.ticket, sent.recipients) == (ONE, ("dana@corp.example",))
        assert words(desk) == []

    def test_what_its_own_agent_took_back_is_told_so_and_its_throwing_away_is_the_drafts(
        self, desk: Desk, keeper: Keeper
    ) -> None:
        begin(desk, keeper)
        merge(desk, [ONE], TWO)
        there = Keeper(TWO, DraftKind.REPLY)
        there.begin(desk)
        undo(desk)
        assert lost(there.look(desk)).words == "this draft went back to its own ticket when you took back the merge"
        assert there.throw_away(desk, Written("Dear Dana"))
        assert words(desk) == []

    @pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "not seen"])
    def test_a_draft_that_went_back_is_this_screens_again_when_the_merge_is_done_again(
        self, desk: Desk, bo: Desk, there: Keeper, *, is_seen: bool
    ) -> None:
        undo(bo)
        if is_seen:
            there.look(desk)
            there.save(desk, Written("Dear Dana, it"))
        redo(bo)
        assert there.look(desk).lost is None
        assert there.save(desk, Written("Dear Dana, more")).lost is None
        assert words(desk) == [(TWO, "Dear Dana, more", False)]
        [draft] = desk.store.drafts.of(TWO)
        assert draft.wording is not None
        assert [each.email for each in draft.wording.to or ()] == ["dana@corp.example"]

    @pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "not seen yet"])
    def test_a_colleague_who_begins_where_a_draft_went_away_does_not_double_that(
        self, desk: Desk, bo: Desk, there: Keeper, *, is_seen: bool
    ) -> None:
        undo(bo)
        if is_seen:
            there.look(desk)
        save_draft(bo, TWO, DraftKind.REPLY, Written("Of bo"))
        there.save(desk, Written("Dear Dana, more"))
        assert lost(there.look(desk)).fate is Fate.WENT_BACK
        assert words(desk) == [(ONE, "Dear Dana, more", False), (TWO, "Of bo", False)]
        redo(bo)
        was = lost(there.look(desk))
        assert (was.fate, was.by) == (Fate.BEGUN, "bo")
        there.save(desk, Written("Dear Dana, most"))
        assert words(desk) == [(TWO, "Dear Dana, most", True), (TWO, "Of bo", False)]

    def test_over_two_merges_it_goes_back_step_by_step(self, desk: Desk, bo: Desk, keeper: Keeper) -> None:
        receive(desk, subject="Drum", sender=Address("lee@third.example"), message_id="<lee@third>")
        begin(desk, keeper)
        merge(bo, [ONE], TWO)
        merge(bo, [TWO], THREE)
        there = Keeper(THREE, DraftKind.REPLY)
        there.begin(desk)
        for number, text in ((TWO, "Dear Dana"), (ONE, "Dear Dana, more")):
            undo(bo)
            assert lost(there.look(desk)).ticket == number
            there.save(desk, Written(text))
            assert [each[:2] for each in words(desk)] == [(number, text)]

    def test_who_opens_it_where_it_went_back_to_is_not_written_over(self, desk: Desk, bo: Desk, there: Keeper) -> None:
        undo(bo)
        there.look(desk)
        take_over(bo, ONE, DraftKind.REPLY, Written(""))
        for text in ("Dear Dana, I", "Dear Dana, I think"):
            there.save(desk, Written(text))
            assert words(desk) == [(ONE, "Dear Dana", False), (ONE, text, True)]

    def test_what_was_written_beside_a_colleagues_draft_stays_where_it_is_when_that_goes_back(
        self, desk: Desk, bo: Desk
    ) -> None:
        save_draft(bo, ONE, DraftKind.REPLY, Written("Of bo"))
        merge(bo, [ONE], TWO)
        Keeper(TWO, DraftKind.REPLY).begin(bo)
        beside = Keeper(TWO, DraftKind.REPLY)
        beside.begin(desk)
        beside.save(desk, Written("Dear Kim"))
        undo(bo)
        was = lost(beside.look(desk))
        assert (was.fate, was.has_moved) == (Fate.WENT_BACK, False)
        beside.save(desk, Written("Dear Kim, yes"))
        assert words(desk) == [(ONE, "Of bo", False), (TWO, "Dear Kim, yes", True)]

    def test_it_comes_back_to_its_screen_when_the_merge_is_taken_back(
        self, desk: Desk, bo: Desk, keeper: Keeper
    ) -> None:
        begin(desk, keeper)
        merge(bo, [ONE], TWO)
        keeper.look(desk)
        keeper.save(desk, Written("Dear Dana"))
        undo(bo)
        assert keeper.look(desk) == Standing()
        assert words(desk) == [(ONE, "Dear Dana", False)]
        assert keeper.save(desk, Written("Dear Dana, more")) == Standing()
        assert words(desk) == [(ONE, "Dear Dana, more", False)]

    def test_where_another_screen_took_it_up_since_neither_writes_over_the_other(
        self, desk: Desk, bo: Desk, keeper: Keeper
    ) -> None:
        begin(desk, keeper)
        merge(bo, [ONE], TWO)
        keeper.look(desk)
        second = Keeper(TWO, DraftKind.REPLY)
        assert second.begin(desk).draft
        keeper.save(desk, Written("Dear Dana"))
        second.save(desk, Written("Dear Kim"))
        keeper.save(desk, Written("Dear Dana, more"))
        assert words(desk) == [(TWO, "Dear Kim", False), (TWO, "Dear Dana, more", True)]

    def test_of_two_screens_with_one_draft_neither_writes_over_the_other(
        self, desk: Desk, bo: Desk, keeper: Keeper
    ) -> None:
        begin(desk, keeper)
        second = Keeper(ONE, DraftKind.REPLY)
        second.begin(desk)
        merge(bo, [ONE], TWO)
        second.look(desk)
        keeper.save(desk, Written("Of the first"))
        second.save(desk, Written("Of the second"))
        keeper.save(desk, Written("Of the first, more"))
        assert sorted(words(desk)) == [(TWO, "Of the first, more", True), (TWO, "Of the second", True)]
