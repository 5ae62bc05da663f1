from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk.actions.assign import assign
from desk.actions.draft import save_draft
from desk.actions.note import add_note
from desk.actions.priority import set_priority
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.run_macro import run_macro
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.conversation import Event, Happened, Note
from desk.desk import Desk, new_act
from desk.draft import DraftKind
from desk.errors import NothingToRedo, NothingToUndo, RedoTooLate, RefusedError, TicketMoved, UndoTooLate
from desk.outgoing import Answer, OutboxState
from desk.people import Handle
from desk.plan import Plan
from desk.stats import measure
from desk.steps import AssignStep, MacroUse, NoteStep, PriorityStep, TagStep
from desk.ticket import Priority, Status, Ticket
from desk.written import Written
from storage.shared import SharedStore
from tests.desks import SetClock, acting_as, receive


def events(desk: Desk, ticket: Ticket) -> list[Event]:
    return [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Event)]


def fields(desk: Desk, ticket: Ticket) -> tuple[str | None, ...]:
    now = desk.ticket(ticket.number)
    return (now.status, now.assignee, now.priority, *now.tags)


class TestOrder:
    def test_what_was_undone_is_done_again_one_by_one(self, desk: Desk) -> None:
        ticket = receive(desk)
        assign(desk, ticket.number, Handle("bo"))
        set_status(desk, ticket.number, Status.CLOSED)
        undo(desk)
        undo(desk)
        assert redo(desk).said == f"done again on ticket {ticket.number}: assigned"
        assert fields(desk, ticket) == ("open", "bo", "normal")
        assert redo(desk).tickets == (ticket.number,)
        assert fields(desk, ticket) == ("closed", "bo", "normal")
        with pytest.raises(NothingToRedo):
            redo(desk)

    def test_to_and_fro_as_often_as_one_likes(self, desk: Desk) -> None:
        ticket = receive(desk)
        tag(desk, ticket.number, add=["first"])
        set_priority(desk, ticket.number, Priority.HIGH)
        for _ in range(3):
            undo(desk)
            undo(desk)
            with pytest.raises(NothingToUndo):
                undo(desk)
            assert fields(desk, ticket) == ("open", None, "normal")
            redo(desk)
            redo(desk)
            assert fields(desk, ticket) == ("open", None, "high", "first")
        kinds = [each.what for each in events(desk, ticket)]
        assert kinds.count(Happened.UNDONE) == kinds.count(Happened.REDONE) == 6

    def test_a_new_act_ends_what_can_be_done_again(self, desk: Desk) -> None:
        ticket = receive(desk)
        assign(desk, ticket.number, Handle("bo"))
        undo(desk)
        tag(desk, ticket.number, add=["vip"])
        with pytest.raises(NothingToRedo, match="you have done something else since"):
            redo(desk)
        undo(desk)
        redo(desk)
        with pytest.raises(NothingToRedo, match="you have done something else since"):
            redo(desk)
        assert fields(desk, ticket) == ("open", None, "normal", "vip")

    def test_a_colleagues_acts_and_undos_are_another_matter(self, desk: Desk) -> None:
        ticket, bo = receive(desk), acting_as(desk, "bo")
        set_status(desk, ticket.number, Status.WAITING)
        set_priority(bo, ticket.number, Priority.HIGH)
        undo(desk)
        undo(bo)
        tag(bo, ticket.number, add=["vip"])
        redo(desk)
        with pytest.raises(NothingToRedo):
            redo(bo)
        assert fields(desk, ticket) == ("waiting", None, "normal", "vip")

    def test_without_an_undo_there_is_nothing(self, desk: Desk) -> None:
        with pytest.raises(NothingToRedo, match="there is nothing of yours to redo"):
            redo(desk)
        set_status(desk, receive(desk).number, Status.CLOSED)
        with pytest.raises(NothingToRedo, match="there is nothing of yours to redo"):
            redo(desk)

    def test_undo_goes_on_with_what_was_done_again(self, desk: Desk) -> None:
        ticket = receive(desk)
        tag(desk, ticket.number, add=["a"])
        tag(desk, ticket.number, add=["b"])
        undo(desk)
        undo(desk)
        redo(desk)
        undo(desk)
        assert fields(desk, ticket) == ("open", None, "normal")
        redo(desk)
        redo(desk)
        assert fields(desk, ticket) == ("open", None, "normal", "a", "b")


class TestFields:
    def test_a_field_that_a_colleague_changed_since_stays_and_it_says_who_did(self, desk: Desk) -> None:
        ticket = receive(desk)
        set_status(desk, ticket.number, Status.WAITING)
        undo(desk)
        set_status(acting_as(desk, "bo"), ticket.number, Status.CLOSED)
        with pytest.raises(RedoTooLate, match=r"the status of ticket 1 was changed again since, to “closed”, by bo"):
            redo(desk)
        assert fields(desk, ticket) == ("closed", None, "normal")
        undo(acting_as(desk, "bo"))
        redo(desk)
        assert fields(desk, ticket) == ("waiting", None, "normal")

    def test_tags_of_others_stay(self, desk: Desk) -> None:
        ticket, bo = receive(desk), acting_as(desk, "bo")
        tag(desk, ticket.number, add=["old", "older"])
        tag(desk, ticket.number, add=["refund"], remove=["old"])
        undo(desk)
        tag(bo, ticket.number, add=["vip"], remove=["older"])
        redo(desk)
        assert set(desk.ticket(ticket.number).tags) == {"refund", "vip"}

    def test_many_tickets_of_one_act_are_done_again_together_or_not_at_all(self, desk: Desk) -> None:
        first, second, act = receive(desk), receive(desk, subject="Other"), new_act()
        for ticket in (first, second):
            set_status(desk, ticket.number, Status.CLOSED, act=act)
        undo(desk)
        set_status(acting_as(desk, "bo"), second.number, Status.SPAM)
        with pytest.raises(RedoTooLate, match="ticket 2"):
            redo(desk)
        assert [desk.ticket(each.number).status for each in (first, second)] == ["open", "spam"]
        undo(acting_as(desk, "bo"))
        assert redo(desk).said == "done again on 2 tickets: status changed, now closed"
        assert [desk.ticket(each.number).status for each in (first, second)] == ["closed", "closed"]

    def test_a_macro_is_done_again_whole(self, desk: Desk) -> None:
        ticket = receive(desk)
        steps = (TagStep(("a",)), AssignStep(Handle("bo")), PriorityStep(Priority.HIGH), NoteStep("called the bank"))
        run_macro(desk, ticket.number, steps, MacroUse("m", "0"))
        undo(desk)
        assert desk.store.drafts.of(ticket.number) == []
        redo(desk)
        assert fields(desk, ticket) == ("open", "bo", "high", "a")
        [note] = [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Note)]
        assert (note.note, note.removed) == ("called the bank", False)

    def test_a_ticket_is_not_closed_again_over_mail_that_came_since(self, desk: Desk) -> None:
        ticket = receive(desk, message_id="<1@corp.example>")
        set_status(desk, ticket.number, Status.CLOSED)
        undo(desk)
        receive(desk, text="It broke again", answers=("<1@corp.example>",))
        with pytest.raises(RedoTooLate, match="Dana Petrova wrote a mail on ticket 1 since"):
            redo(desk)
        assert desk.ticket(ticket.number).waiting_since is not None

    def test_a_ticket_does_not_go_to_somebody_who_left_the_desk(self, desk: Desk) -> None:
        ticket = receive(desk)
        assign(desk, ticket.number, Handle("bo"))
        assign(desk, ticket.number, Handle("ana"))
        desk.store.agents.remove(Handle("bo"))
        with pytest.raises(UndoTooLate, match="would be bo's, who left this desk"):
            undo(desk)
        assert fields(desk, ticket) == ("open", "ana", "normal")


class TestReply:
    def test_the_very_same_mail_is_queued_again_with_a_new_undo_window(self, desk: Desk, clock: SetClock) -> None:
        ticket = receive(desk)
        first = reply(desk, ticket.number, Answer(text="Hello", status=Status.CLOSED, steps=(TagStep(("x",)),)))
        done = desk.ticket(ticket.number)
        clock.go_on(seconds=5)
        undo(desk)
        clock.go_on(minutes=5)
        redo(desk)
        again = desk.store.outbox.get(first.id)
        assert again == replace(first, due=clock.now + timedelta(seconds=10))
        assert desk.store.outbox.all() == [again]
        assert desk.store.drafts.of(ticket.number) == []
        assert desk.ticket(ticket.number) == replace(done, updated=clock.now)
        undo(desk)
        assert [each.text for each in desk.store.drafts.of(ticket.number)] == ["Hello"]

    def test_not_when_the_draft_was_written_on(self, desk: Desk) -> None:
        ticket = receive(desk)
        reply(desk, ticket.number, Answer(text="Hello"))
        undone = undo(desk)
        assert undone.draft is not None
        desk.store.drafts.put(replace(undone.draft, text="Hello Dana", revision=undone.draft.revision + 1))
        self.refused(desk, "the draft of that reply on ticket 1 was changed since.*from the composer")
        assert [each.text for each in desk.store.drafts.of(ticket.number)] == ["Hello Dana"]

    def test_a_draft_that_was_only_looked_at_is_no_obstacle(self, desk: Desk) -> None:
        ticket = receive(desk)
        reply(desk, ticket.number, Answer(text="Hello"))
        undone = undo(desk)
        assert undone.draft is not None
        desk.store.drafts.put(replace(undone.draft, revision=undone.draft.revision + 1, brought_back=False))
        redo(desk)
        assert [each.state for each in desk.store.outbox.all()] == [OutboxState.QUEUED]

    def test_what_was_begun_below_it_stays_a_draft(self, desk: Desk) -> None:
        ticket = receive(desk)
        reply(desk, ticket.number, Answer(text="First"))
        save_draft(desk, ticket.number, DraftKind.REPLY, Written("Second, half"))
        undone = undo(desk)
        assert undone.draft is not None
        assert undone.draft.text == "First\n\nSecond, half"
        redo(desk)
        assert [each.text for each in desk.store.drafts.of(ticket.number)] == ["Second, half"]
        assert [each.draft for each in desk.store.outbox.all()] == ["First"]

    def test_not_when_what_goes_with_the_text_below_it_cannot_be_told_from_its_own(self, desk: Desk) -> None:
        ticket = receive(desk)
        reply(desk, ticket.number, Answer(text="First", macro=MacroUse("m", "0")))
        save_draft(
            desk, ticket.number, DraftKind.REPLY, Written("Second, half", Plan(MacroUse("n", "1"), "N", "Second"))
        )
        undo(desk)
        self.refused(desk, "was changed since")

    def test_two_replies_in_a_row_come_back_and_go_one_by_one(self, desk: Desk) -> None:
        ticket = receive(desk)
        for text in ("First", "Second"):
            reply(desk, ticket.number, Answer(text=text))
        undo(desk)
        undo(desk)
        redo(desk)
        assert [each.text for each in desk.store.drafts.of(ticket.number)] == ["Second"]
        redo(desk)
        assert desk.store.drafts.of(ticket.number) == []
        assert [each.state for each in desk.store.outbox.all()] == [OutboxState.QUEUED] * 2

    def test_not_when_the_draft_was_thrown_away(self, desk: Desk) -> None:
        ticket = receive(desk)
        reply(desk, ticket.number, Answer(text="Hello"))
        undone = undo(desk)
        assert undone.draft is not None
        desk.store.drafts.remove(undone.draft.id)
        self.refused(desk, "the draft of that reply on ticket 1 is gone")

    def test_not_when_a_colleague_has_the_draft(self, desk: Desk) -> None:
        ticket = receive(desk)
        reply(desk, ticket.number, Answer(text="Hello"))
        undone = undo(desk)
        assert undone.draft is not None
        desk.store.drafts.put(replace(undone.draft, author=Handle("bo")))
        self.refused(desk, "the draft of that reply on ticket 1 is bo's now")

    @pytest.mark.parametrize(
        ("meanwhile", "words"),
        [
            (lambda desk, number: add_note(desk, number, "Legal has it."), "bo wrote a note"),
            (lambda desk, number: reply(desk, number, Answer(text="I have it.")), "bo wrote a reply"),
            (lambda desk, _: receive(desk, text="wait", answers=("<1@corp.example>",)), "Dana Petrova wrote a mail"),
        ],
    )
    @pytest.mark.parametrize("when", ["before the undo", "after it"])
    def test_not_when_somebody_wrote_since(
        self, desk: Desk, meanwhile: Callable[[Desk, int], object], words: str, when: str
    ) -> None:
        ticket = receive(desk, message_id="<1@corp.example>")
        reply(desk, ticket.number, Answer(text="Hello"))
        if when == "after it":
            undo(desk)
        meanwhile(acting_as(desk, "bo"), ticket.number)
        if when == "before the undo":
            undo(desk)
        self.refused(desk, f"the reply on ticket 1 is not sent again: since then {words}")
        assert [each.text for each in desk.store.drafts.of(ticket.number)] == ["Hello"]

    def test_not_when_it_was_found_to_have_left(self, desk: Desk) -> None:
        ticket = receive(desk)
        mail = reply(desk, ticket.number, Answer(text="Hello"))
        undo(desk)
        desk.store.outbox.put(replace(mail, state=OutboxState.SENT))
        self.refused(desk, "cannot be sent again: it is sent")

    def refused(self, desk: Desk, words: str) -> None:
        before = [each.state for each in desk.store.outbox.all()]
        with pytest.raises(RedoTooLate, match=words):
            redo(desk)
        assert [each.state for each in desk.store.outbox.all()] == before


class TestNote:
    def test_it_stands_again_and_its_draft_goes(self, desk: Desk) -> None:
        ticket = receive(desk)
        note = add_note(desk, ticket.number, "call the bank")
        undo(desk)
        redo(desk)
        assert desk.store.conversations.get(note.id) == note
        assert desk.store.drafts.of(ticket.number) == []
        assert desk.ticket(ticket.number).holds == ("note",)

    def test_not_when_its_draft_was_written_on(self, desk: Desk) -> None:
        ticket = receive(desk)
        add_note(desk, ticket.number, "call the bank")
        undone = undo(desk)
        assert undone.draft is not None
        desk.store.drafts.put(replace(undone.draft, text="call the bank today"))
        with pytest.raises(RedoTooLate, match="the draft of that note on ticket 1 was changed since"):
            redo(desk)
        assert [each.text for each in desk.store.drafts.of(ticket.number)] == ["call the bank today"]


class TestHistory:
    def test_the_marks_tell_what_stands(self, desk: Desk) -> None:
        ticket = receive(desk)
        set_status(desk, ticket.number, Status.CLOSED)

        def marked() -> dict[str, bool]:
            return {each.what: each.undone for each in events(desk, ticket) if each.author == "ana"}

        undo(desk)
        assert marked() == {"status_changed": True, "undone": False}
        redo(desk)
        assert marked() == {"status_changed": False, "undone": True, "redone": False}

    def test_figures_and_waiting_times_follow(self, desk: Desk, clock: SetClock) -> None:
        ticket = receive(desk)
        clock.go_on(hours=1)
        set_status(desk, ticket.number, Status.CLOSED)

        def told() -> tuple[int, int, int, int]:
            stats = measure(desk.store, since=clock.now - timedelta(days=7), until=clock.now)
            return stats.team.closed, stats.team.resolution.n, stats.team.open, len(stats.unanswered)

        for _ in range(3):
            assert told() == (1, 1, 0, 0)
            clock.go_on(minutes=1)
            undo(desk)
            assert told() == (0, 0, 1, 1)
            clock.go_on(minutes=1)
            redo(desk)
        assert told() == (1, 1, 0, 0)

    def test_what_stays_when_the_act_that_made_it_is_taken_back_leaves_a_true_history(
        self, desk: Desk, clock: SetClock
    ) -> None:
        ticket = receive(desk, message_id="<1@corp.example>")
        set_status(desk, ticket.number, Status.CLOSED)
        reply(desk, ticket.number, Answer(text="Wrong words", status=Status.OPEN))
        receive(desk, text="wait", answers=("<1@corp.example>",))
        undo(desk)
        assert fields(desk, ticket) == ("open", None, "normal")
        last = events(desk, ticket)[-1]
        assert [(each.before, each.after) for each in last.changes] == [("closed", "open")]
        stats = measure(desk.store, since=clock.now - timedelta(days=7), until=clock.now)
        assert (stats.team.open, stats.team.resolution.n, len(stats.unanswered)) == (1, 0, 1)

    def test_what_only_a_newer_tandem_knows_is_neither_skipped_nor_half_undone(self, desk: Desk) -> None:
        ticket = receive(desk)
        tag(desk, ticket.number, add=["before"])
        set_status(desk, ticket.number, Status.WAITING)
        known = events(desk, ticket)[-1]
        desk.store.conversations.add(replace(known, what=Happened("pinned"), changes=()))
        with pytest.raises(UndoTooLate, match="“pinned” on ticket 1 is the doing of a newer Tandem"):
            undo(desk)
        assert fields(desk, ticket) == ("waiting", None, "normal", "before")
        assert events(desk, ticket)[-1].what == "pinned"

    def test_after_a_backup_came_back_what_it_tells_counts(self, desk: Desk, tmp_path: Path) -> None:
        ticket, store = receive(desk), desk.store
        assert isinstance(store, SharedStore)
        tag(desk, ticket.number, add=["a"])
        store.copy_to(tmp_path / "backup.db")
        undo(desk)
        add_note(desk, ticket.number, "since the backup")
        seen = events(desk, ticket)[-1].id
        store.become(tmp_path / "backup.db")
        with pytest.raises(NothingToRedo):
            redo(desk)
        with pytest.raises(TicketMoved, match="what you saw last is not there any more"):
            reply(desk, ticket.number, Answer(text="Hello", seen=seen))
        undo(desk)
        redo(desk)
        assert fields(desk, ticket) == ("open", None, "normal", "a")

    def test_refusals_are_one_sentence(self, desk: Desk) -> None:
        ticket = receive(desk)
        assign(desk, ticket.number, Handle("ana"))
        undo(desk)
        assign(acting_as(desk, "bo"), ticket.number, Handle("bo"))
        with pytest.raises(RefusedError) as refused:
            redo(desk)
        assert refused.value.message == (
            "not done again: the assignee of ticket 1 was changed again since, to “bo”, by bo"
        )
