from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desk.actions.assign import assign
from desk.actions.note import add_note
from desk.actions.open import mark_read
from desk.actions.priority import set_priority
from desk.actions.reply import reply
from desk.actions.run_macro import run_macro
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.conversation import Event, Happened, Note
from desk.desk import Desk
from desk.errors import NoAgent, NoSuchAgent, NoSuchTicket, RefusedError, TicketMoved
from desk.outgoing import Answer
from desk.people import Handle
from desk.steps import AssignStep, MacroUse, NoteStep, PriorityStep, StatusStep, TagStep
from desk.ticket import Priority, Status, Ticket, TicketNumber
from tests.desks import SetClock, acting_as, receive

BO = Handle("bo")


def events(desk: Desk, ticket: Ticket) -> list[Event]:
    return [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Event)]


def test_assigning_gives_the_ticket_to_a_colleague_and_says_who_did_it(desk: Desk) -> None:
    ticket = receive(desk)
    assert assign(desk, ticket.number, BO).assignee == BO
    last = events(desk, ticket)[-1]
    assert (last.what, last.author, last.changes[0].before, last.changes[0].after) == ("assigned", "ana", None, "bo")


def test_what_is_so_already_leaves_no_trace(desk: Desk) -> None:
    ticket = assign(desk, receive(desk).number, BO)
    tag(desk, ticket.number, add=["first", "second"])
    before = events(desk, ticket)
    assign(desk, ticket.number, BO)
    set_status(desk, ticket.number, Status.OPEN)
    set_priority(desk, ticket.number, Priority.NORMAL)
    tag(desk, ticket.number, remove=["never"])
    tag(desk, ticket.number, add=["first"], remove=["first"])
    assert events(desk, ticket) == before


def test_an_unknown_colleague_or_ticket_is_refused_by_name(desk: Desk) -> None:
    ticket = receive(desk)
    with pytest.raises(NoSuchAgent, match=r"“eve”.*known: ana, bo"):
        assign(desk, ticket.number, Handle("eve"))
    with pytest.raises(NoSuchTicket, match="no ticket 99"):
        assign(desk, TicketNumber(99), BO)


def test_nobody_acts_without_a_name(desk: Desk) -> None:
    ticket = receive(desk)
    with pytest.raises(NoAgent, match=r"login “mail”.*--agent"):
        set_status(replace(desk, acting=None, login="mail"), ticket.number, Status.CLOSED)


def test_tags_are_put_on_and_taken_off_without_touching_others(desk: Desk) -> None:
    ticket = receive(desk)
    tag(desk, ticket.number, add=["Billing", "#refund", "refund"])
    tag(acting_as(desk, "bo"), ticket.number, add=["vip"], remove=["billing"])
    assert desk.ticket(ticket.number).tags == ("refund", "vip")


@pytest.mark.parametrize("odd", ["", " ", "two words", "-x", "a" * 41, "a\x1b[2J", "а\u202eб"])
def test_a_tag_that_cannot_be_one_is_refused(desk: Desk, odd: str) -> None:
    ticket = receive(desk)
    with pytest.raises(RefusedError, match="cannot be a tag"):
        tag(desk, ticket.number, add=["good", odd])
    assert desk.ticket(ticket.number).tags == ()


def test_a_note_is_kept_as_a_note_and_not_as_a_message(desk: Desk) -> None:
    ticket = receive(desk)
    note = add_note(desk, ticket.number, "Bank says settled.")
    stored = desk.store.conversations.get(note.id)
    assert isinstance(stored, Note)
    assert stored.author == "ana"
    assert desk.ticket(ticket.number).message_count == 1
    assert "note" in desk.ticket(ticket.number).holds


def test_an_empty_note_is_refused(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="note is empty"):
        add_note(desk, receive(desk).number, " \n ")


def test_a_ticket_is_unread_until_somebody_opens_it(desk: Desk) -> None:
    ticket = receive(desk)
    assert ticket.unread
    mark_read(desk, ticket.number)
    assert not desk.ticket(ticket.number).unread


def test_a_macro_does_all_its_steps_in_one_act(desk: Desk) -> None:
    ticket = receive(desk)
    steps = (
        TagStep(("refund",)),
        AssignStep(BO),
        StatusStep(Status.WAITING),
        PriorityStep(Priority.HIGH),
        NoteStep("called the bank"),
    )
    after = run_macro(desk, ticket.number, steps, MacroUse("refund", "0123456789ab"))
    assert (after.tags, after.assignee, after.status, after.priority) == (("refund",), BO, "waiting", "high")
    used = [each for each in events(desk, ticket) if each.what is Happened.MACRO_RUN]
    assert used[0].detail["macro"] == "refund"
    assert len(desk.store.conversations.of_act(used[0].act)) == 6


def test_a_macro_that_fails_half_way_does_nothing(desk: Desk) -> None:
    ticket = receive(desk)
    before = desk.store.conversations.of(ticket.number)
    with pytest.raises(NoSuchAgent):
        run_macro(desk, ticket.number, (TagStep(("x",)), AssignStep(Handle("eve"))), MacroUse("m", "0"))
    assert desk.ticket(ticket.number).tags == ()
    assert desk.store.conversations.of(ticket.number) == before


def test_a_change_moves_the_ticket_to_the_top(desk: Desk, clock: SetClock) -> None:
    first = receive(desk)
    clock.go_on(minutes=5)
    second = receive(desk, subject="Another")
    clock.go_on(minutes=5)
    tag(desk, first.number, add=["x"])
    assert desk.ticket(first.number).updated > desk.ticket(second.number).updated


BILLING = (TagStep(("billing",)),)
REFUND = MacroUse("refund", "0" * 12)


@pytest.mark.parametrize(
    ("meanwhile", "words"),
    [
        (lambda bo, number: set_status(bo, number, Status.WAITING), "bo changed the status"),
        (lambda bo, number: assign(bo, number, BO), "bo changed the assignee"),
        (lambda bo, number: tag(bo, number, add=["vip"]), "bo changed the tags"),
        (lambda bo, number: set_priority(bo, number, Priority.HIGH), "bo changed the priority"),
        (lambda bo, number: add_note(bo, number, "wait"), "bo wrote a note"),
        (lambda bo, number: reply(bo, number, Answer(text="Hello")), "bo wrote a reply and changed the assignee"),
        (lambda bo, number: run_macro(bo, number, BILLING, REFUND), "bo ran a macro and changed the tags"),
        (lambda bo, _: receive(bo, text="more", answers=("<1@corp.example>",)), "Dana Petrova wrote a mail"),
    ],
)
def test_a_macro_is_refused_over_what_somebody_did_since_it_was_chosen(
    desk: Desk, meanwhile: Callable[[Desk, TicketNumber], object], words: str
) -> None:
    number = receive(desk, message_id="<1@corp.example>").number
    seen = desk.store.conversations.of(number)[-1].id
    meanwhile(acting_as(desk, "bo"), number)
    with pytest.raises(TicketMoved, match=f"ticket 1 moved since you looked at it: {words} "):
        run_macro(desk, number, (PriorityStep(Priority.URGENT),), REFUND, seen=seen)
    assert desk.ticket(number).priority is not Priority.URGENT


def test_a_macro_is_refused_over_what_a_colleague_took_back_since(desk: Desk) -> None:
    number, bo = receive(desk).number, acting_as(desk, "bo")
    set_status(bo, number, Status.WAITING)
    seen = desk.store.conversations.of(number)[-1].id
    undo(bo)
    with pytest.raises(TicketMoved, match="bo took back something"):
        run_macro(desk, number, BILLING, REFUND, seen=seen)


def test_ones_own_doing_on_another_screen_stops_no_macro(desk: Desk) -> None:
    number = receive(desk).number
    seen = desk.store.conversations.of(number)[-1].id
    set_status(desk, number, Status.WAITING)
    add_note(desk, number, "called them")
    assert run_macro(desk, number, BILLING, REFUND, seen=seen).tags == ("billing",)


@pytest.mark.parametrize(
    "change",
    [
        lambda desk, number: assign(desk, number, BO),
        lambda desk, number: tag(desk, number, add=["vip"]),
        lambda desk, number: set_priority(desk, number, Priority.HIGH),
    ],
    ids=["assign", "tag", "priority"],
)
def test_what_a_ticket_says_of_its_conversation_is_right_after_changes_that_do_not_touch_it(
    desk: Desk, change: Callable[[Desk, TicketNumber], Ticket]
) -> None:
    number = receive(desk, message_id="<1@corp.example>", defects=("no date",)).number
    add_note(desk, number, "call her")
    reply(desk, number, Answer(text="On its way."))
    receive(desk, text="When?", answers=("<1@corp.example>",))
    set_status(desk, number, Status.CLOSED)
    before = desk.ticket(number)
    after = change(desk, number)
    assert after == desk.ticket(number) != before
    with desk.store.transaction():
        assert desk.sum_up(after) == after
