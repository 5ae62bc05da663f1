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
from desk.actions.reply import reply
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.errors import DraftMoved, StoreBusy
from desk.lost import Fate, Lost
from desk.outgoing import Answer
from desk.people import Handle
from desk.presence import Doing
from desk.ticket import TicketNumber
from desk.written import Written
from storage.database import open_store
from storage.shared import SharedStore
from tests.tui.keepers import kept, lost
from tui.composer.keeping import Keeper
from tui.composer.sending import Sent, send
from tui.composer.standing import Standing, Taken, told_lost
from tui.widgets.held import held_title, held_words

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


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
