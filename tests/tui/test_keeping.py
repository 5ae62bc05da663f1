"""What a composer's text is kept in, step by step as its screen asks for it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from desk.actions.draft import discard_draft, keep_aside, save_draft, take_over
from desk.actions.merge import merge
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.split import split
from desk.actions.undo import undo
from desk.conversation import Message
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.errors import DraftMoved, StoreBusy
from desk.lost import Fate, Lost
from desk.outgoing import Answer
from desk.people import Address, Handle
from desk.presence import Doing
from desk.ticket import TicketNumber
from desk.written import Written
from storage.database import open_store
from storage.shared import SharedStore
from tests.desks import acting_as, receive
from tui.composer.keeping import Keeper, Standing, Taken, told_lost
from tui.composer.sending import Sent, send
from tui.widgets.held import held_title, held_words

ONE, TWO, THREE = (TicketNumber(each) for each in (1, 2, 3))
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def number(desk: Desk) -> TicketNumber:
    return receive(desk).number


@pytest.fixture
def bo(desk: Desk) -> Desk:
    return acting_as(desk, "bo")


@pytest.fixture
def keeper(number: TicketNumber) -> Keeper:
    return Keeper(number, DraftKind.REPLY)


def kept(desk: Desk, number: TicketNumber) -> list[tuple[str, str, bool]]:
    return [(each.author, each.text, each.aside) for each in desk.store.drafts.of(number)]


def lost(standing: Standing) -> Lost:
    assert standing.lost is not None
    return standing.lost


@contextmanager
def impatient(desk: Desk, path: Path) -> Generator[Desk]:
    """The same desk with little patience, while somebody else keeps writing."""
    store = SharedStore(open_store(path, patience=0.05))
    writing, done = Event(), Event()

    def write() -> None:
        with desk.store.transaction():
            writing.set()
            done.wait()

    other = Thread(target=write)
    other.start()
    writing.wait()
    try:
        yield replace(desk, store=store)
    finally:
        done.set()
        other.join()
        store.close()


class TestBeginning:
    def test_a_draft_of_ones_own_is_there_again(self, desk: Desk, number: TicketNumber, keeper: Keeper) -> None:
        save_draft(desk, number, DraftKind.REPLY, Written("Dear"))
        beginning = keeper.begin(desk)
        assert beginning.draft is not None
        assert (beginning.draft.text, beginning.standing) == ("Dear", Standing())
        assert keeper.save(desk, Written("Dear Dana")) == Standing()
        assert kept(desk, number) == [("ana", "Dear Dana", False)]

    def test_words_that_were_typed_before_the_draft_was_read_do_not_replace_it(
        self, desk: Desk, number: TicketNumber, keeper: Keeper
    ) -> None:
        save_draft(desk, number, DraftKind.REPLY, Written("Kept before"))
        keeper.begin(desk)
        keeper.save(desk, Written(""), is_read=False)
        assert kept(desk, number) == [("ana", "Kept before", False)]
        standing = keeper.save(desk, Written("Typed fast"), is_read=False)
        assert [each.text for each in standing.aside] == ["Kept before"]
        keeper.save(desk, Written("Typed faster"), is_read=False)
        assert kept(desk, number) == [("ana", "Kept before", True), ("ana", "Typed faster", False)]

    def test_who_only_reads_along_is_not_said_to_answer(self, desk: Desk, bo: Desk, number: TicketNumber) -> None:
        save_draft(bo, number, DraftKind.REPLY, Written("Of bo"))
        beginning = Keeper(number, DraftKind.REPLY).begin(desk)
        assert beginning.draft is None
        assert lost(beginning.standing).fate is Fate.BEGUN
        assert [each.doing for each in desk.store.presences.all(desk.clock())] == [Doing.READING]

    def test_words_of_ones_own_come_back_beside_a_colleagues_draft(
        self, desk: Desk, bo: Desk, number: TicketNumber, keeper: Keeper
    ) -> None:
        save_draft(bo, number, DraftKind.REPLY, Written("Of bo"))
        keep_aside(desk, number, DraftKind.REPLY, Written("Of ana"))
        beginning = keeper.begin(desk)
        assert beginning.draft is not None
        assert beginning.draft.text == "Of ana"
        keeper.save(desk, Written("Of ana, more"))
        assert kept(desk, number) == [("bo", "Of bo", False), ("ana", "Of ana, more", True)]

    def test_a_store_that_was_busy_is_asked_again_with_the_first_words(
        self, desk: Desk, number: TicketNumber, keeper: Keeper, tmp_path: Path
    ) -> None:
        save_draft(desk, number, DraftKind.REPLY, Written("Dear"))
        with impatient(desk, tmp_path / "desk" / "desk.db") as busy, pytest.raises(StoreBusy):
            keeper.begin(busy)
        assert keeper.look(desk) == Standing()
        standing = keeper.save(desk, Written("Typed since"), is_read=False)
        assert (standing.lost, [each.text for each in standing.aside]) == (None, ["Dear"])
        assert kept(desk, number) == [("ana", "Dear", True), ("ana", "Typed since", False)]


class TestLooking:
    def test_nothing_is_lost_where_nothing_happened(self, desk: Desk, keeper: Keeper) -> None:
        keeper.begin(desk)
        assert keeper.look(desk) == Standing()
        keeper.save(desk, Written("Dear"))
        assert keeper.look(desk) == Standing()
        keeper.save(desk, Written(""))
        assert keeper.look(desk) == Standing()

    def test_a_colleague_who_begins_first_is_seen_before_the_first_save(
        self, desk: Desk, bo: Desk, number: TicketNumber, keeper: Keeper
    ) -> None:
        keeper.begin(desk)
        save_draft(bo, number, DraftKind.REPLY, Written("Of bo"))
        assert lost(keeper.look(desk)).fate is Fate.BEGUN

    def test_what_becomes_of_it_afterwards_is_told_too(
        self, desk: Desk, bo: Desk, number: TicketNumber, keeper: Keeper
    ) -> None:
        keeper.begin(desk)
        keeper.save(desk, Written("Dear"))
        theirs = take_over(bo, number, DraftKind.REPLY, Written(""))
        first = lost(keeper.look(desk))
        theirs = save_draft(bo, number, DraftKind.REPLY, Written("Dear Dana"), last=theirs)
        second = lost(keeper.look(desk))
        assert (first.fate, second.fate, second.at) == (Fate.TAKEN_OVER, Fate.TAKEN_OVER, first.at)
        assert second.now == theirs
        discard_draft(bo, theirs)
        gone = lost(keeper.look(desk))
        assert (gone.fate, gone.now) == (Fate.DISCARDED, None)
        save_draft(bo, number, DraftKind.REPLY, Written("Anew"))
        assert lost(keeper.look(desk)).fate is Fate.BEGUN

    def test_a_draft_that_comes_back_to_its_author_elsewhere_is_theirs_elsewhere(
        self, desk: Desk, bo: Desk, number: TicketNumber, keeper: Keeper
    ) -> None:
        keeper.begin(desk)
        keeper.save(desk, Written("Dear"))
        take_over(bo, number, DraftKind.REPLY, Written(""))
        assert lost(keeper.look(desk)).fate is Fate.TAKEN_OVER
        take_over(desk, number, DraftKind.REPLY, Written(""))
        assert lost(keeper.look(desk)).fate is Fate.ELSEWHERE


def words(desk: Desk) -> list[tuple[TicketNumber, str, bool]]:
    """Every unfinished text: where it is, and whether it is aside."""
    there = (each for number in (ONE, TWO, THREE) for each in desk.store.drafts.of(number))
    return [(each.ticket, each.text, each.aside) for each in there]


@pytest.mark.usefixtures("number", "other")
class TestAMergeMeanwhile:
    @pytest.fixture
    def other(self, desk: Desk) -> TicketNumber:
        return receive(desk, subject="Toner", sender=Address("kim@else.example"), message_id="<kim@else>").number

    @pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "not seen yet"])
    def test_the_text_goes_on_in_the_draft_that_went_along(
        self, desk: Desk, bo: Desk, keeper: Keeper, *, is_seen: bool
    ) -> None:
        keeper.begin(desk)
        keeper.save(desk, Written("Dear"))
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
        keeper.begin(desk)
        keeper.save(desk, Written("Dear"))
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
        keeper.begin(desk)
        keeper.save(desk, Written("Dear"))
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
        keeper.begin(desk)
        keeper.save(desk, Written("Dear"))
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
        keeper.begin(desk)
        keeper.save(desk, Written("Dear"))
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
        keeper.begin(desk)
        keeper.save(desk, Written("Dear"))
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
        keeper.begin(desk)
        keeper.save(desk, Written("Dear"))
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
        keeper.begin(desk)
        keeper.save(desk, Written("Dear"))
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
        keeper.begin(desk)
        keeper.save(desk, Written("Dear"))
        second = Keeper(ONE, DraftKind.REPLY)
        second.begin(desk)
        merge(bo, [ONE], TWO)
        second.look(desk)
        keeper.save(desk, Written("Of the first"))
        second.save(desk, Written("Of the second"))
        keeper.save(desk, Written("Of the first, more"))
        assert sorted(words(desk)) == [(TWO, "Of the first, more", True), (TWO, "Of the second", True)]


class TestTakingOver:
    def test_the_text_that_was_aside_is_the_draft_then(
        self, desk: Desk, bo: Desk, number: TicketNumber, keeper: Keeper
    ) -> None:
        save_draft(bo, number, DraftKind.REPLY, Written("Of bo"))
        keeper.begin(desk)
        keeper.save(desk, Written("Of ana"))
        taken = keeper.take_over(desk, Written("Of ana"))
        assert isinstance(taken, Taken)
        assert taken.standing == Standing()
        assert kept(desk, number) == [("ana", "Of ana\n\n⟦from bo:⟧\n\nOf bo", False)]
        keeper.save(desk, Written("Both"))
        assert kept(desk, number) == [("ana", "Both", False)]

    def test_what_the_desk_refuses_comes_back_as_a_value(
        self, desk: Desk, bo: Desk, number: TicketNumber, keeper: Keeper, tmp_path: Path
    ) -> None:
        save_draft(bo, number, DraftKind.REPLY, Written("Of bo"))
        keeper.begin(desk)
        with impatient(desk, tmp_path / "desk" / "desk.db") as busy:
            assert isinstance(keeper.take_over(busy, Written("")), StoreBusy)
        assert lost(keeper.look(desk)).fate is Fate.BEGUN
        assert kept(desk, number) == [("bo", "Of bo", False)]

    def test_texts_that_were_aside_go_only_once_they_are_saved_in_another(
        self, desk: Desk, number: TicketNumber, keeper: Keeper
    ) -> None:
        keeper.begin(desk)
        keeper.save(desk, Written("Dear"))
        aside = keep_aside(desk, number, DraftKind.REPLY, Written("Other words"))
        assert aside is not None
        assert keeper.absorb(desk, Written("Dear\n\nOther words"), (aside,)) == Standing()
        assert kept(desk, number) == [("ana", "Dear\n\nOther words", False)]


class TestSending:
    def test_it_takes_the_draft_along(self, desk: Desk, number: TicketNumber, keeper: Keeper) -> None:
        keeper.begin(desk)
        keeper.save(desk, Written("Dear Dana"))
        keep_aside(desk, number, DraftKind.REPLY, Written("Other words"))
        assert isinstance(send(desk, keeper, Answer(text="Dear Dana")), Sent)
        assert kept(desk, number) == [("ana", "Other words", True)]

    @pytest.mark.parametrize("looked", [True, False])
    def test_it_is_refused_from_a_screen_that_does_not_hold_the_draft(
        self, desk: Desk, bo: Desk, number: TicketNumber, keeper: Keeper, *, looked: bool
    ) -> None:
        keeper.begin(desk)
        keeper.save(desk, Written("Dear Dana"))
        take_over(bo, number, DraftKind.REPLY, Written(""))
        if looked:
            keeper.look(desk)
        refused = send(desk, keeper, Answer(text="Dear Dana"))
        assert isinstance(refused, DraftMoved)
        assert refused.lost.by == "bo"
        assert desk.store.outbox.all() == []
        assert kept(desk, number) == [("bo", "Dear Dana", False)]

    def test_a_colleague_who_answers_takes_no_words_away(
        self, desk: Desk, bo: Desk, number: TicketNumber, keeper: Keeper
    ) -> None:
        keeper.begin(desk)
        keeper.save(desk, Written("Dear Dana"))
        reply(bo, number, Answer(text="Done"))
        assert keeper.look(desk) == Standing()
        assert kept(desk, number) == [("ana", "Dear Dana", False)]


def draft(author: str = "bo") -> Draft:
    return Draft(
        ticket=TicketNumber(1),
        author=Handle(author),
        kind=DraftKind.REPLY,
        text="Of \x1b[2Jbo",
        saved=NOW - timedelta(days=400),
    )


def become(fate: Fate, by: str | None, now: Draft | None) -> Lost:
    return Lost(kind=DraftKind.REPLY, fate=fate, by=Handle(by) if by else None, at=NOW - timedelta(days=400), now=now)


@pytest.mark.parametrize(
    ("fate", "by", "words"),
    [
        (Fate.TAKEN_OVER, "bo", "bo took this draft over at 16 Oct 2025"),
        (Fate.BEGUN, "bo", "bo is writing this answer since 16 Oct 2025"),
        (Fate.ELSEWHERE, None, "this answer is being written in your other screen"),
        (Fate.BROUGHT_BACK, None, "the answer that you took back became the draft at 16 Oct 2025"),
        (Fate.SENT, "bo", "bo answered at 16 Oct 2025"),
        (Fate.SENT, None, "you finished this answer elsewhere at 16 Oct 2025"),
        (Fate.DISCARDED, None, "this draft was thrown away"),
    ],
)
def test_what_became_of_a_draft_is_told_in_words(fate: Fate, by: str | None, words: str) -> None:
    assert told_lost(become(fate, by, None), NOW) == words


def test_the_line_above_a_text_says_who_has_the_draft_and_what_to_do() -> None:
    taken = become(Fate.TAKEN_OVER, "bo", draft())
    assert held_words(taken, NOW, typing=True, watching=False) == (
        "bo took this draft over at 16 Oct 2025, and is typing now.",
        "What you write is kept aside. ^r takes the draft over, theirs below yours.",
    )
    assert held_words(taken, NOW, typing=False, watching=True) == (
        "bo took this draft over at 16 Oct 2025, saved 16 Oct 2025.",
        "Nothing is locked: t takes the draft over, Esc leaves it.",
    )
    gone = become(Fate.DISCARDED, None, None)
    assert held_words(gone, NOW, typing=False, watching=False)[1].endswith("^r makes it the draft.")
    assert held_title(draft(), "ana", NOW) == "bo's draft, saved 16 Oct 2025"
    assert held_title(draft("ana"), "ana", NOW) == "the draft, saved 16 Oct 2025"
