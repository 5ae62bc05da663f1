from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from desk.actions.assign import assign
from desk.actions.cancel import cancel
from desk.actions.draft import save_draft
from desk.actions.note import add_note
from desk.actions.priority import set_priority
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.resend import resend
from desk.actions.run_macro import run_macro
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.conversation import Happened, Note
from desk.desk import Desk, new_act
from desk.draft import DraftKind
from desk.errors import NothingToUndo, RedoTooLate, UndoTooLate
from desk.outgoing import Answer, OutboxEntry, OutboxState
from desk.people import Handle
from desk.steps import AssignStep, MacroUse, NoteStep, TagStep
from desk.ticket import Priority, Status, TicketNumber
from desk.written import Written
from tests.desks import SetClock, acting_as, receive
from tests.journeys.replay import fields_of, told

Doing = Callable[[Desk, TicketNumber], object]


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
    with pytest.raises(UndoTooLate, match="status of ticket 1 was changed again since, to “closed”, by bo"):
        undo(desk)
    assert desk.ticket(ticket.number).status == "closed"


TO_AND_FRO: list[tuple[Doing, Doing, str]] = [
    (lambda it, at: set_status(it, at, Status.CLOSED), lambda it, at: set_status(it, at, Status.OPEN), "status"),
    (lambda it, at: assign(it, at, Handle("bo")), lambda it, at: assign(it, at, None), "assignee"),
    (lambda it, at: set_priority(it, at, Priority.HIGH), lambda it, at: set_priority(it, at, Priority.LOW), "prio"),
    (lambda it, at: tag(it, at, add=["vip"]), lambda it, at: tag(it, at, remove=["vip"]), "tag “vip”"),
]


@pytest.mark.parametrize(("do", "away", "words"), TO_AND_FRO)
class TestAColleagueWhoCameBackToTheSameValue:
    def test_is_not_undone(self, desk: Desk, do: Doing, away: Doing, words: str) -> None:
        number, bo = receive(desk).number, acting_as(desk, "bo")
        do(desk, number)
        away(bo, number)
        do(bo, number)
        decided = desk.ticket(number)
        with pytest.raises(UndoTooLate, match=f"the {words}.* of ticket 1 was changed again since.*by bo"):
            undo(desk)
        assert desk.ticket(number) == decided

    def test_is_not_overwritten_by_a_redo(self, desk: Desk, do: Doing, away: Doing, words: str) -> None:
        number, bo = receive(desk).number, acting_as(desk, "bo")
        do(desk, number)
        undo(desk)
        do(bo, number)
        away(bo, number)
        decided = desk.ticket(number)
        with pytest.raises(RedoTooLate, match=f"the {words}.* of ticket 1 was changed again since.*by bo"):
            redo(desk)
        assert desk.ticket(number) == decided

    def test_is_nobodys_obstacle_once_that_is_undone(self, desk: Desk, do: Doing, away: Doing, words: str) -> None:
        number, bo = receive(desk).number, acting_as(desk, "bo")
        before = desk.ticket(number)
        do(desk, number)
        away(bo, number)
        do(bo, number)
        undo(bo)
        with pytest.raises(UndoTooLate, match=f"{words}.*by bo"):
            undo(desk)
        undo(bo)
        undo(desk)
        after = desk.ticket(number)
        assert (after.status, after.assignee, after.priority, after.tags) == (
            before.status,
            before.assignee,
            before.priority,
            before.tags,
        )


def test_undos_of_one_tag_that_cross_each_other_end_where_both_began(desk: Desk) -> None:
    ticket, bo = receive(desk), acting_as(desk, "bo")
    tag(desk, ticket.number, add=["vip"])
    tag(desk, ticket.number, remove=["vip"])
    tag(bo, ticket.number, add=["vip"])
    with pytest.raises(UndoTooLate, match="the tag “vip” of ticket 1 was changed again since, by bo"):
        undo(desk)
    undo(bo)
    assert desk.ticket(ticket.number).tags == ()
    undo(desk)
    assert desk.ticket(ticket.number).tags == ("vip",)
    with pytest.raises(RedoTooLate, match="the tag “vip” of ticket 1 was changed again since, by ana"):
        redo(bo)


def test_a_colleagues_redo_of_what_was_done_before_is_not_undone_either(desk: Desk) -> None:
    ticket, bo = receive(desk), acting_as(desk, "bo")
    tag(bo, ticket.number, add=["vip"])
    tag(desk, ticket.number, add=["other"])
    undo(bo)
    tag(desk, ticket.number, add=["vip"])
    with pytest.raises(RedoTooLate, match="the tag “vip” of ticket 1 was changed again since, by ana"):
        redo(bo)
    undo(desk)
    redo(bo)
    with pytest.raises(RedoTooLate, match="the tag “vip” of ticket 1 was changed again since, by bo"):
        redo(desk)
    assert set(desk.ticket(ticket.number).tags) == {"vip", "other"}


def test_what_stays_though_all_that_changed_it_is_taken_back_is_told_as_a_change(desk: Desk) -> None:
    number = receive(desk).number
    bo = acting_as(desk, "bo")
    reply(desk, number, Answer(text="Wrong words", status=Status.WAITING))
    reply(bo, number, Answer(text="Wrong words", status=Status.CLOSED))
    undo(desk)
    assert "the status was changed again since" in undo(bo).said
    assert desk.ticket(number).status is Status.CLOSED
    assert told(desk.store.conversations.of(number)).fields == fields_of(desk.ticket(number))


def test_of_a_reply_that_is_stopped_a_colleagues_decision_stays_though_it_is_the_same_value(desk: Desk) -> None:
    ticket, bo = receive(desk), acting_as(desk, "bo")
    reply(desk, ticket.number, Answer(text="Wrong words", status=Status.CLOSED))
    set_status(bo, ticket.number, Status.OPEN)
    set_status(bo, ticket.number, Status.CLOSED)
    assert undo(desk).said.endswith("the status was changed again since, by bo; it stays")
    assert (desk.ticket(ticket.number).status, desk.ticket(ticket.number).assignee) == (Status.CLOSED, None)
    with pytest.raises(RedoTooLate, match="the status of ticket 1 was changed again since, to “closed”, by bo"):
        redo(desk)


def test_several_tickets_of_one_act_come_back_together_or_not_at_all(desk: Desk) -> None:
    first, second, act = receive(desk), receive(desk, subject="Other"), new_act()
    for ticket in (first, second):
        set_status(desk, ticket.number, Status.CLOSED, act=act)
    set_status(acting_as(desk, "bo"), second.number, Status.SPAM)
    with pytest.raises(UndoTooLate):
        undo(desk)
    assert desk.ticket(first.number).status == "closed"
    undo(acting_as(desk, "bo"))
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
    assert undo(elsewhere).said == f"taken back on ticket {ticket.number}: status changed, now open"


def test_a_reply_is_stopped_though_the_customer_wrote_since(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    entry = reply(desk, ticket.number, Answer(text="Wrong words", status=Status.CLOSED))
    receive(desk, text="wait", answers=("<1@corp.example>",))
    undone = undo(desk)
    queued = desk.store.outbox.get(entry.id)
    assert queued is not None
    assert queued.state is OutboxState.CANCELLED
    assert "the status was changed again since, by a new mail; it stays" in undone.said
    assert desk.ticket(ticket.number).status == "open"


def test_a_reply_is_stopped_though_a_colleague_took_the_ticket(desk: Desk) -> None:
    ticket = receive(desk)
    reply(desk, ticket.number, Answer(text="Wrong words"))
    assign(acting_as(desk, "bo"), ticket.number, Handle("bo"))
    undo(desk)
    assert [each.state for each in desk.store.outbox.all()] == [OutboxState.CANCELLED]
    assert desk.ticket(ticket.number).assignee == "bo"


def test_a_text_begun_since_is_kept_below_the_one_taken_back(desk: Desk) -> None:
    ticket = receive(desk)
    reply(desk, ticket.number, Answer(text="First"))
    save_draft(desk, ticket.number, DraftKind.REPLY, Written("Second, half"))
    undone = undo(desk)
    assert undone.draft is not None
    assert undone.draft.text == "First\n\nSecond, half"


def test_a_macros_note_does_not_become_a_draft_with_its_reply(desk: Desk) -> None:
    ticket = receive(desk)
    reply(desk, ticket.number, Answer(text="Hello", steps=(NoteStep("called the bank"),), macro=MacroUse("m", "0")))
    undone = undo(desk)
    assert undone.draft is not None
    assert (undone.draft.kind, undone.draft.text) == (DraftKind.REPLY, "Hello")
    assert len(desk.store.drafts.of(ticket.number)) == 1


def test_undo_goes_by_what_was_done_last_whatever_the_clock_says(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    tag(desk, ticket.number, add=["old"])
    clock.go_on(hours=-1)
    reply(desk, ticket.number, Answer(text="Wrong words"))
    assert undo(desk).draft is not None


def test_more_tickets_than_a_page_come_back_and_then_what_was_before(desk: Desk) -> None:
    ticket, act = receive(desk), new_act()
    tag(desk, ticket.number, add=["before"])
    with desk.store.transaction():
        for number in range(220):
            tag(desk, ticket.number, add=[f"t{number}"], act=act)
    undo(desk)
    assert desk.ticket(ticket.number).tags == ("before",)
    undo(desk)
    assert desk.ticket(ticket.number).tags == ()


def test_a_reply_that_a_colleague_cancelled_is_not_taken_back_twice(desk: Desk) -> None:
    ticket = receive(desk)
    entry = reply(desk, ticket.number, Answer(text="Hello"))
    cancel(acting_as(desk, "bo"), entry.id)
    with pytest.raises(UndoTooLate, match="it is cancelled by bo"):
        undo(desk)


def test_a_reply_is_not_taken_back_when_an_earlier_attempt_may_have_reached_the_customer(desk: Desk) -> None:
    ticket = receive(desk)
    entry = failed(desk, reply(desk, ticket.number, Answer(text="Hello")), OutboxState.UNCERTAIN)
    resend(acting_as(desk, "bo"), entry.id)
    with pytest.raises(UndoTooLate, match="an earlier attempt to send it may have succeeded"):
        undo(desk)
    assert [each.state for each in desk.store.outbox.all()] == [OutboxState.QUEUED]
    assert desk.store.drafts.of(ticket.number) == []


def test_a_change_is_named_with_the_mail_that_made_it(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    set_status(desk, ticket.number, Status.CLOSED)
    receive(desk, text="again", answers=("<1@corp.example>",))
    with pytest.raises(UndoTooLate, match="changed again since, to “open”, by a new mail"):
        undo(desk)


@pytest.mark.parametrize("mistaken", [Status.OPEN, Status.SPAM])
def test_a_ticket_is_not_closed_again_over_mail_that_came_since(desk: Desk, mistaken: Status) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    set_status(desk, ticket.number, Status.CLOSED)
    set_status(desk, ticket.number, mistaken)
    receive(desk, text="It broke again", answers=("<1@corp.example>",))
    with pytest.raises(UndoTooLate, match="Dana Petrova wrote a mail on ticket 1 since"):
        undo(desk)
    assert desk.ticket(ticket.number).status is mistaken


def test_a_reply_is_stopped_though_its_ticket_cannot_be_closed_again(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    set_status(desk, ticket.number, Status.CLOSED)
    reply(desk, ticket.number, Answer(text="Wrong words", status=Status.OPEN))
    receive(desk, text="wait", answers=("<1@corp.example>",))
    assert "the status stays, since Dana Petrova wrote a mail" in undo(desk).said
    assert [each.state for each in desk.store.outbox.all()] == [OutboxState.CANCELLED]
    assert desk.ticket(ticket.number).status is Status.OPEN
    assert desk.ticket(ticket.number).waiting_since is not None


def failed(desk: Desk, entry: OutboxEntry, state: OutboxState) -> OutboxEntry:
    """A mail after an attempt that did not succeed, as delivery leaves it."""
    after = replace(entry, state=state, attempts=3, last_error="no such user")
    with desk.store.transaction():
        desk.store.outbox.put(after)
        ticket = desk.ticket(entry.ticket)
        desk.record(Happened(state.value), ticket, replace(ticket, status=Status.OPEN), entry=entry.entry)
    return after


class TestOutbox:
    @pytest.mark.parametrize("state", [OutboxState.REFUSED, OutboxState.UNCERTAIN, OutboxState.DEFERRED])
    def test_a_resend_is_taken_back_and_done_again(self, desk: Desk, clock: SetClock, state: OutboxState) -> None:
        before = failed(desk, reply(desk, receive(desk).number, Answer(text="Hello")), state)
        clock.go_on(hours=1)
        queued = resend(desk, before.id)
        clock.go_on(seconds=1)
        assert undo(desk).said == "taken back on ticket 1: resent"
        due = clock.now if state is OutboxState.DEFERRED else before.due
        assert desk.store.outbox.get(before.id) == replace(before, due=due)
        clock.go_on(seconds=1)
        redo(desk)
        assert desk.store.outbox.get(before.id) == replace(queued, due=clock.now)

    @pytest.mark.parametrize("state", [OutboxState.CLAIMED, OutboxState.IN_DATA, OutboxState.SENT])
    def test_a_resent_mail_that_is_leaving_is_left_alone(self, desk: Desk, state: OutboxState) -> None:
        before = failed(desk, reply(desk, receive(desk).number, Answer(text="Hello")), OutboxState.REFUSED)
        desk.store.outbox.put(replace(resend(desk, before.id), state=state))
        with pytest.raises(UndoTooLate, match=f"the mail on ticket 1 is sent again: it is {state.shown}"):
            undo(desk)

    def test_a_mail_that_a_colleague_had_sent_again_since_is_not_stopped(self, desk: Desk) -> None:
        entry = failed(desk, reply(desk, receive(desk).number, Answer(text="Hello")), OutboxState.REFUSED)
        failed(desk, resend(desk, entry.id), OutboxState.REFUSED)
        again = resend(acting_as(desk, "bo"), entry.id)
        with pytest.raises(UndoTooLate, match="bo had it sent again since"):
            undo(desk)
        assert desk.store.outbox.get(entry.id) == again

    def test_a_resend_is_not_done_again_once_a_colleague_cancelled_the_mail(self, desk: Desk) -> None:
        before = failed(desk, reply(desk, receive(desk).number, Answer(text="Hello")), OutboxState.REFUSED)
        resend(desk, before.id)
        undo(desk)
        cancel(acting_as(desk, "bo"), before.id)
        with pytest.raises(RedoTooLate, match="is not sent again: it is cancelled by bo"):
            redo(desk)

    def test_a_cancelled_mail_waits_again_with_a_new_undo_window(self, desk: Desk, clock: SetClock) -> None:
        ticket = receive(desk)
        queued = reply(desk, ticket.number, Answer(text="Hello", status=Status.CLOSED))
        clock.go_on(seconds=8)
        cancel(acting_as(desk, "bo"), queued.id)
        assert desk.ticket(ticket.number).status == "open"
        clock.go_on(hours=1)
        undo(acting_as(desk, "bo"))
        assert desk.store.outbox.get(queued.id) == replace(queued, due=clock.now + timedelta(seconds=10))
        assert (desk.ticket(ticket.number).status, desk.ticket(ticket.number).waiting_since) == ("closed", None)
        redo(acting_as(desk, "bo"))
        assert [each.state for each in desk.store.outbox.all()] == [OutboxState.CANCELLED]
        assert desk.ticket(ticket.number).status == "open"

    @pytest.mark.parametrize("state", [OutboxState.REFUSED, OutboxState.UNCERTAIN])
    def test_a_failed_mail_that_was_cancelled_is_as_it_was(
        self, desk: Desk, clock: SetClock, state: OutboxState
    ) -> None:
        before = failed(desk, reply(desk, receive(desk).number, Answer(text="Hello")), state)
        cancel(desk, before.id)
        clock.go_on(hours=1)
        undo(desk)
        assert desk.store.outbox.get(before.id) == before

    def test_a_cancelled_mail_stays_cancelled_when_somebody_answered_since(self, desk: Desk) -> None:
        ticket = receive(desk)
        queued = reply(desk, ticket.number, Answer(text="Hello"))
        cancel(desk, queued.id)
        reply(acting_as(desk, "bo"), ticket.number, Answer(text="I have it."))
        with pytest.raises(UndoTooLate, match="back into the outbox: since then bo wrote a reply"):
            undo(desk)
        assert [each.state for each in desk.store.outbox.all()] == [OutboxState.QUEUED, OutboxState.CANCELLED]

    def test_a_cancelled_mail_that_had_left_after_all_is_told(self, desk: Desk) -> None:
        queued = reply(desk, receive(desk).number, Answer(text="Hello"))
        cancel(desk, queued.id)
        desk.store.outbox.put(replace(queued, state=OutboxState.SENT))
        with pytest.raises(UndoTooLate, match="back into the outbox: it is sent"):
            undo(desk)

    def test_reply_and_cancel_are_undone_and_redone_in_order(self, desk: Desk) -> None:
        ticket = receive(desk)
        queued = reply(desk, ticket.number, Answer(text="Hello"))
        cancel(desk, queued.id)
        undo(desk)
        assert undo(desk).draft is not None
        redo(desk)
        assert [each.state for each in desk.store.outbox.all()] == [OutboxState.QUEUED]
        assert desk.store.drafts.of(ticket.number) == []
        redo(desk)
        assert [each.state for each in desk.store.outbox.all()] == [OutboxState.CANCELLED]
