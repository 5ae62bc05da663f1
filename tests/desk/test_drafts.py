"""One shared draft for each ticket: nobody's words are written over, and none are lost."""

from __future__ import annotations

import pytest

from desk.actions.draft import (
    discard_draft,
    keep_aside,
    resume_draft,
    save_draft,
    set_aside,
    settle_draft,
    take_over,
)
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.actions.undo import undo
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.drafts import bring_back
from desk.errors import DraftMoved, NoSuchTicket
from desk.lost import Fate
from desk.outgoing import Answer
from desk.plan import KeptStep, Plan, Tick
from desk.steps import MacroUse, TagStep
from desk.ticket import TicketNumber
from desk.views import parse_query
from desk.written import Written
from tests.desks import SetClock, acting_as, receive

REPLY, NOTE = DraftKind.REPLY, DraftKind.NOTE
REFUND = Plan(
    MacroUse("refund", "0" * 12), "Refund", "Hello", (Tick("Look", required=True),), (KeptStep.of(TagStep(("a",))),)
)
PARCEL = Plan(MacroUse("parcel", "1" * 12), "Parcel", "Hi", (Tick("Ask", required=False),))


def kept(desk: Desk, number: TicketNumber) -> list[tuple[str, str, bool]]:
    """Whose texts there are on a ticket, and which of them are aside."""
    return [(each.author, each.text, each.aside) for each in desk.store.drafts.of(number)]


@pytest.fixture
def number(desk: Desk) -> TicketNumber:
    return receive(desk).number


@pytest.fixture
def bo(desk: Desk) -> Desk:
    return acting_as(desk, "bo")


def begun(desk: Desk, number: TicketNumber, text: str, plan: Plan | None = None) -> Draft:
    draft = save_draft(desk, number, REPLY, Written(text, plan))
    assert draft is not None
    return draft


def refused(desk: Desk, number: TicketNumber, text: str, last: Draft | None, kind: DraftKind = REPLY) -> DraftMoved:
    with pytest.raises(DraftMoved) as moved:
        save_draft(desk, number, kind, Written(text), last=last)
    return moved.value


class TestSaving:
    def test_each_save_counts_one_up_and_is_the_same_draft(self, desk: Desk, number: TicketNumber) -> None:
        first = begun(desk, number, "Dear", REFUND)
        second = save_draft(desk, number, REPLY, Written("Dear Dana", REFUND), last=first)
        assert second is not None
        assert (second.id, second.revision, second.since) == (first.id, first.revision + 1, first.since)
        assert desk.store.drafts.of(number) == [second]
        assert desk.ticket(number).holds == ("draft",)

    def test_an_empty_text_leaves_nothing_behind(self, desk: Desk, number: TicketNumber) -> None:
        assert save_draft(desk, number, REPLY, Written(" \n"), last=begun(desk, number, "Dear")) is None
        assert kept(desk, number) == []
        assert desk.ticket(number).holds == ()

    def test_a_ticket_that_is_not_there_has_no_draft(self, desk: Desk) -> None:
        with pytest.raises(NoSuchTicket):
            save_draft(desk, TicketNumber(99), REPLY, Written("Dear Dana"))

    def test_whoever_begins_second_does_not_write_over_the_first(
        self, desk: Desk, bo: Desk, number: TicketNumber
    ) -> None:
        begun(bo, number, "Of bo")
        moved = refused(desk, number, "Of ana", None)
        assert (moved.lost.fate, moved.lost.by) == (Fate.BEGUN, "bo")
        assert kept(desk, number) == [("bo", "Of bo", False), ("ana", "Of ana", True)]
        assert str(moved) == (
            f"ticket {number}: bo is writing this answer (what you wrote is kept aside; take the draft over to go on)"
        )

    def test_a_stale_save_is_refused_and_keeps_the_text_aside(
        self, desk: Desk, bo: Desk, number: TicketNumber, clock: SetClock
    ) -> None:
        last = begun(desk, number, "Dear")
        clock.go_on(minutes=4)
        take_over(bo, number, REPLY, Written(""))
        moved = refused(desk, number, "Dear Dana", last)
        assert (moved.lost.fate, moved.lost.by, moved.lost.at) == (Fate.TAKEN_OVER, "bo", clock())
        assert moved.aside is not None
        assert (moved.aside.text, moved.aside.aside) == ("Dear Dana", True)
        assert kept(desk, number) == [("bo", "Dear", False), ("ana", "Dear Dana", True)]

    def test_an_empty_stale_save_takes_nothing_from_a_colleague(
        self, desk: Desk, bo: Desk, number: TicketNumber
    ) -> None:
        last = begun(desk, number, "Dear")
        take_over(bo, number, REPLY, Written(""))
        assert refused(desk, number, "", last).aside is None
        discard_draft(desk, last)
        assert kept(desk, number) == [("bo", "Dear", False)]

    def test_notes_are_each_agents_own(self, desk: Desk, bo: Desk, number: TicketNumber) -> None:
        save_draft(desk, number, NOTE, Written("Of ana"))
        save_draft(bo, number, NOTE, Written("Of bo"))
        begun(bo, number, "Dear Dana")
        assert kept(desk, number) == [("ana", "Of ana", False), ("bo", "Of bo", False), ("bo", "Dear Dana", False)]


def test_a_ticket_is_found_by_an_unfinished_text_whoever_has_it(desk: Desk, bo: Desk) -> None:
    shared, aside, done = (receive(desk, subject=f"Matter {each}").number for each in range(3))
    begun(bo, shared, "Of bo")
    keep_aside(bo, aside, REPLY, Written("Or so"))
    save_draft(bo, done, REPLY, Written(""), last=begun(bo, done, "Never mind"))
    asked = parse_query("has:draft", me=desk.me.handle, now=desk.clock())
    assert sorted(desk.store.tickets.numbers(asked)) == [shared, aside]
    assert [desk.ticket(each).holds for each in (shared, aside, done)] == [("draft",), ("draft",), ()]


class TestFates:
    """What a screen is told whose draft is not what it was."""

    def test_another_screen_of_ones_own(self, desk: Desk, number: TicketNumber) -> None:
        last = begun(desk, number, "Dear")
        resume_draft(desk, number, REPLY)
        moved = refused(desk, number, "Dear D", last)
        assert (moved.lost.fate, moved.lost.by) == (Fate.ELSEWHERE, None)
        assert moved.lost.words == "this answer is being written in your other screen"
        assert kept(desk, number) == [("ana", "Dear", False), ("ana", "Dear D", True)]

    def test_an_undo(self, desk: Desk, number: TicketNumber) -> None:
        reply(desk, number, Answer(text="First"))
        last = begun(desk, number, "Second")
        undo(desk)
        moved = refused(desk, number, "Second, more", last)
        assert moved.lost.fate is Fate.BROUGHT_BACK
        assert moved.lost.words == "the answer that you took back became the draft"
        assert [text for _, text, _ in kept(desk, number)] == ["First\n\nSecond", "Second, more"]

    @pytest.mark.parametrize(("who", "by"), [("ana", None), ("bo", "bo")])
    def test_an_answer(self, desk: Desk, number: TicketNumber, clock: SetClock, who: str, by: str | None) -> None:
        reply(acting_as(desk, "bo"), number, Answer(text="Long ago"))
        clock.go_on(minutes=1)
        last = begun(desk, number, "Dear Dana")
        clock.go_on(minutes=1)
        take_over(acting_as(desk, who), number, REPLY, Written(""))
        reply(acting_as(desk, who), number, Answer(text="Done"))
        settle_draft(acting_as(desk, who), number, "Dear Dana")
        moved = refused(desk, number, "Dear Dana, I", last)
        assert (moved.lost.fate, moved.lost.by, moved.lost.at) == (Fate.SENT, by, clock())

    def test_a_note(self, desk: Desk, number: TicketNumber, clock: SetClock) -> None:
        last = save_draft(desk, number, NOTE, Written("Call them"))
        clock.go_on(minutes=1)
        discard_draft(desk, last)
        add_note(desk, number, "Call them")
        assert refused(desk, number, "Call", last, NOTE).lost.words == "you finished this note elsewhere"

    def test_it_was_thrown_away(self, desk: Desk, bo: Desk, number: TicketNumber, clock: SetClock) -> None:
        reply(bo, number, Answer(text="Long ago"))
        clock.go_on(minutes=1)
        last = begun(desk, number, "Dear Dana")
        discard_draft(desk, last)
        assert refused(desk, number, "Dear Dana, I", last).lost.fate is Fate.DISCARDED

    def test_a_new_draft_after_ones_own_is_not_taken_for_it(self, desk: Desk, number: TicketNumber) -> None:
        last = begun(desk, number, "First")
        discard_draft(desk, last)
        begun(desk, number, "Second")
        assert refused(desk, number, "First, more", last).lost.fate is Fate.ELSEWHERE
        assert kept(desk, number) == [("ana", "Second", False), ("ana", "First, more", True)]


class TestTakingOver:
    def test_both_texts_are_there_theirs_below_and_it_cannot_be_sent_unread(
        self, desk: Desk, bo: Desk, number: TicketNumber
    ) -> None:
        begun(bo, number, "Of bo", REFUND)
        moved = refused(desk, number, "Of ana", None)
        taken = take_over(desk, number, REPLY, Written("Of ana", PARCEL), last=moved.aside)
        assert taken is not None
        assert taken.text == "Of ana\n\n⟦from bo:⟧\n\nOf bo"
        assert taken.plan is not None
        assert [each.text for each in taken.plan.checklist] == ["Ask", "Look"]
        assert taken.plan.actions == REFUND.actions
        assert kept(desk, number) == [("ana", taken.text, False)]

    def test_nothing_is_doubled_where_one_text_goes_on_from_the_other(
        self, desk: Desk, bo: Desk, number: TicketNumber
    ) -> None:
        last = begun(desk, number, "Dear Dana", REFUND)
        taken = take_over(bo, number, REPLY, Written(""))
        assert taken is not None
        assert (taken.text, taken.plan) == ("Dear Dana", REFUND)
        save_draft(bo, number, REPLY, Written("Dear Dana, we looked.", REFUND), last=taken)
        refused(desk, number, "Dear Dan", last)
        back = take_over(desk, number, REPLY, Written("Dear Dan", REFUND))
        assert back is not None
        assert (back.text, back.plan) == ("Dear Dana, we looked.", REFUND)

    def test_it_goes_back_and_forth_without_a_word_lost(self, desk: Desk, bo: Desk, number: TicketNumber) -> None:
        begun(desk, number, "Of ana")
        taken = take_over(bo, number, REPLY, Written("Of bo"))
        assert taken is not None
        save_draft(bo, number, REPLY, Written(f"{taken.text}\n\nMore of bo"), last=taken)
        back = take_over(desk, number, REPLY, Written("Of ana, later"))
        assert back is not None
        for words in ("Of ana, later", "Of bo", "Of ana", "More of bo"):
            assert words in back.text
        assert back.author == "ana"

    def test_where_the_draft_is_gone_the_text_becomes_it(self, desk: Desk, bo: Desk, number: TicketNumber) -> None:
        theirs = begun(bo, number, "Of bo")
        aside = refused(desk, number, "Of ana", None).aside
        discard_draft(bo, theirs)
        take_over(desk, number, REPLY, Written("Of ana"), last=aside)
        assert kept(desk, number) == [("ana", "Of ana", False)]

    def test_there_may_be_nothing_to_take(self, desk: Desk, number: TicketNumber) -> None:
        assert take_over(desk, number, REPLY, Written("")) is None
        assert kept(desk, number) == []


class TestAside:
    def test_what_is_aside_is_saved_in_its_own_place(self, desk: Desk, bo: Desk, number: TicketNumber) -> None:
        begun(bo, number, "Of bo")
        aside = keep_aside(desk, number, REPLY, Written("Of"))
        aside = keep_aside(desk, number, REPLY, Written("Of ana"), last=aside)
        assert kept(desk, number) == [("bo", "Of bo", False), ("ana", "Of ana", True)]
        assert keep_aside(desk, number, REPLY, Written(""), last=aside) is None
        assert kept(desk, number) == [("bo", "Of bo", False)]

    def test_two_screens_that_keep_texts_aside_do_not_write_over_each_other(
        self, desk: Desk, number: TicketNumber
    ) -> None:
        seen = keep_aside(desk, number, REPLY, Written("Dear"))
        keep_aside(desk, number, REPLY, Written("Dear one"), last=seen)
        keep_aside(desk, number, REPLY, Written("Dear two"), last=seen)
        assert [text for _, text, _ in kept(desk, number)] == ["Dear one", "Dear two"]

    def test_the_same_text_is_not_kept_twice(self, desk: Desk, number: TicketNumber) -> None:
        assert keep_aside(desk, number, REPLY, Written("Dear")) == keep_aside(desk, number, REPLY, Written("Dear"))
        assert len(kept(desk, number)) == 1

    def test_it_is_the_draft_again_where_there_is_none(self, desk: Desk, bo: Desk, number: TicketNumber) -> None:
        keep_aside(bo, number, REPLY, Written("Of bo"))
        keep_aside(desk, number, REPLY, Written("Older"))
        keep_aside(desk, number, REPLY, Written("Newer"))
        assert resume_draft(desk, number, REPLY, "Neither") is None
        resumed = resume_draft(desk, number, REPLY)
        assert resumed is not None
        assert resumed.text == "Newer"
        assert kept(desk, number) == [("bo", "Of bo", True), ("ana", "Older", True), ("ana", "Newer", False)]

    def test_it_stays_aside_while_a_colleague_holds_the_draft(self, desk: Desk, bo: Desk, number: TicketNumber) -> None:
        begun(bo, number, "Of bo")
        keep_aside(desk, number, REPLY, Written("Of ana"))
        assert resume_draft(desk, number, REPLY) is None
        assert kept(desk, number) == [("bo", "Of bo", False), ("ana", "Of ana", True)]

    def test_a_draft_makes_room_for_another_text(self, desk: Desk, bo: Desk, number: TicketNumber) -> None:
        draft = begun(desk, number, "First")
        set_aside(bo, draft)
        assert kept(desk, number) == [("ana", "First", False)]
        set_aside(desk, draft)
        begun(desk, number, "Second")
        assert kept(desk, number) == [("ana", "First", True), ("ana", "Second", False)]


class TestSettling:
    def test_the_words_that_were_sent_go(self, desk: Desk, number: TicketNumber) -> None:
        begun(desk, number, "Dear Dana\n")
        settle_draft(desk, number, "Dear Dana")
        assert kept(desk, number) == []
        assert desk.ticket(number).holds == ()

    def test_other_words_are_kept_aside(self, desk: Desk, number: TicketNumber) -> None:
        begun(desk, number, "Half a tho")
        settle_draft(desk, number, "Dear Dana")
        assert kept(desk, number) == [("ana", "Half a tho", True)]

    def test_a_colleagues_draft_stays(self, desk: Desk, bo: Desk, number: TicketNumber) -> None:
        begun(bo, number, "Dear Dana")
        settle_draft(desk, number, "Dear Dana")
        assert kept(desk, number) == [("bo", "Dear Dana", False)]


class TestBringingBack:
    def test_a_text_is_the_draft_again(self, desk: Desk) -> None:
        number = receive(desk).number
        draft = bring_back(desk, number, REPLY, Written("First", REFUND))
        assert desk.store.drafts.of(number) == [draft]
        assert (draft.author, draft.text, draft.plan, draft.aside) == ("ana", "First", REFUND, False)
        assert desk.ticket(number).holds == ("draft",)

    def test_what_was_begun_since_is_kept_below_with_what_goes_with_it(self, desk: Desk) -> None:
        number = receive(desk).number
        save_draft(desk, number, REPLY, Written("Second", PARCEL))
        draft = bring_back(desk, number, REPLY, Written("First", REFUND))
        assert kept(desk, number) == [("ana", "First\n\nSecond", False)]
        assert draft.plan is not None
        assert [each.text for each in draft.plan.checklist] == ["Look", "Ask"]
        assert draft.plan.actions == REFUND.actions

    def test_the_same_text_and_macro_are_not_doubled(self, desk: Desk) -> None:
        number = receive(desk).number
        save_draft(desk, number, REPLY, Written("First", REFUND))
        assert bring_back(desk, number, REPLY, Written("First", REFUND)).plan == REFUND
        assert kept(desk, number) == [("ana", "First", False)]

    def test_a_reply_stands_aside_while_a_colleague_holds_the_shared_draft(self, desk: Desk) -> None:
        number = receive(desk).number
        save_draft(acting_as(desk, "bo"), number, REPLY, Written("Of bo"))
        assert bring_back(desk, number, REPLY, Written("Of ana")).aside
        assert kept(desk, number) == [("bo", "Of bo", False), ("ana", "Of ana", True)]

    def test_a_note_is_no_colleagues_matter(self, desk: Desk) -> None:
        number = receive(desk).number
        save_draft(acting_as(desk, "bo"), number, NOTE, Written("Of bo"))
        save_draft(acting_as(desk, "bo"), number, REPLY, Written("Dear Dana"))
        assert not bring_back(desk, number, NOTE, Written("Of ana")).aside
