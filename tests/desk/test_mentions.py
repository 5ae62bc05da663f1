"""Colleagues who are named in notes: whom words name, and what becomes of it when the note is edited or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from desk.actions.edit_note import edit_note
from desk.actions.hand_over import hand_over
from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.undo import undo
from desk.desk import Desk, new_act
from desk.errors import RefusedError
from desk.mentioning import mark_told, see_mentions
from desk.mentions import begun, completed, named_in
from desk.people import Handle
from desk.ticket import TicketNumber
from desk.views import VIEWS, parse_query
from tests.desks import SetClock, acting_as, receive

_AGENTS = {Handle("ana"), Handle("bo"), Handle("b-2")}


def _seen_by(desk: Desk, handle: str, query: str) -> Sequence[TicketNumber]:
    asked = parse_query(query, me=Handle(handle), now=desk.clock())
    return [*desk.store.tickets.numbers(asked)]


@pytest.mark.parametrize(
    ("text", "agents"),
    [
        ("@bo please look", ["bo"]),
        ("Please look, @Bo!", ["bo"]),
        ("(@BO) and @ana: thanks @bo.", ["bo", "ana"]),
        ("@bo-", ["bo"]),
        ("ask @b-2", ["b-2"]),
        ("write to ana@bo.example or @bo.example", []),
        ("dana+x@bo", []),
        ("@bo@mastodon.example", []),
        ("https://acme.example/@bo", []),
        ("> @bo said the customer\nno", []),
        ("@bob @boo", []),
        ("＠bo", []),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_words_name_colleagues_and_addresses_name_nobody(text: str, agents: list[str]) -> None:
    assert list(named_in(text, _AGENTS).agents) == agents


def test_a_handle_that_nobody_has_is_known_as_such() -> None:
    assert named_in("@Boris and @bo, dana@corp.example", _AGENTS).unknown == ("boris",)


@pytest.mark.parametrize(
    ("text", "beginning"),
    [("ask @", ""), ("ask @B", "b"), ("dana@", None), ("ask @bo ", None), ("", None)],
    ids=["only-at", "letter", "address", "finished", "nothing"],
)
def test_the_beginning_of_a_handle_is_told_from_an_address(text: str, beginning: str | None) -> None:
    assert begun(text) == beginning


@pytest.mark.parametrize(
    ("beginning", "goes_on", "found"),
    [("b", "bo", 3), ("bor", "boris ", 1), ("x", "", 0), ("", "", 4)],
    ids=["shared", "only", "nobody", "all"],
)
def test_a_handle_goes_on_as_far_as_it_is_clear(beginning: str, goes_on: str, found: int) -> None:
    words, may_be = completed(beginning, [Handle("bo"), Handle("boris"), Handle("bois"), Handle("eve")])
    assert (words, len(may_be)) == (goes_on, found)


def test_a_note_calls_whom_it_names_until_they_look(desk: Desk) -> None:
    number, bo = receive(desk).number, acting_as(desk, "bo")
    note = add_note(desk, number, "@bo is this settled? @ana too")
    assert note.mentions == ("bo",)
    assert _seen_by(desk, "bo", "is:unseen") == [number]
    assert _seen_by(desk, "ana", "is:mentioned") == []
    see_mentions(bo, number)
    assert _seen_by(desk, "bo", "is:unseen") == []
    assert _seen_by(desk, "bo", "is:mentioned") == [number]


def test_a_mention_is_seen_by_whoever_answers_with_a_note(desk: Desk) -> None:
    number = receive(desk).number
    add_note(desk, number, "@bo?")
    add_note(acting_as(desk, "bo"), number, "yes, @ana")
    assert _seen_by(desk, "bo", "is:unseen") == []
    assert _seen_by(desk, "ana", "is:unseen") == [number]


def test_undo_takes_the_call_back_and_redo_brings_it_again_as_it_was(desk: Desk) -> None:
    number, bo = receive(desk).number, acting_as(desk, "bo")
    add_note(desk, number, "@bo look")
    undo(desk)
    assert _seen_by(desk, "bo", "is:mentioned") == []
    redo(desk)
    assert _seen_by(desk, "bo", "is:unseen") == [number]
    see_mentions(bo, number)
    undo(desk)
    redo(desk)
    assert _seen_by(desk, "bo", "is:mentioned") == [number]
    assert _seen_by(desk, "bo", "is:unseen") == []


def test_an_edit_calls_whom_it_adds_and_nobody_a_second_time(desk: Desk) -> None:
    number, bo = receive(desk).number, acting_as(desk, "bo")
    note = add_note(desk, number, "@bo look")
    see_mentions(bo, number)
    note = edit_note(desk, note.id, "@bo look, please", seen=1)
    assert _seen_by(desk, "bo", "is:unseen") == []
    note = edit_note(desk, note.id, "look, please", seen=2)
    assert note.mentions == ()
    assert _seen_by(desk, "bo", "is:mentioned") == []
    undo(desk)
    assert _seen_by(desk, "bo", "is:mentioned") == [number]
    assert [each.seen is not None for each in desk.store.mentions.of(number)] == [True]


def test_a_mention_goes_with_its_note_to_another_ticket_and_back(desk: Desk) -> None:
    one, other = receive(desk).number, receive(desk, subject="Another").number
    add_note(desk, one, "@bo look")
    merge(desk, [one], other)
    assert _seen_by(desk, "bo", "is:unseen") == [other]
    undo(desk)
    assert _seen_by(desk, "bo", "is:unseen") == [one]


def test_being_told_is_not_having_looked(desk: Desk, clock: SetClock) -> None:
    number, bo = receive(desk).number, acting_as(desk, "bo")
    add_note(desk, number, "@bo look")
    clock.go_on(minutes=1)
    mark_told(bo)
    assert [(each.told, each.seen) for each in desk.store.mentions.waiting(Handle("bo"))] == [(clock.now, None)]
    assert _seen_by(desk, "bo", "is:unseen") == [number]


def test_what_calls_me_counts_among_mine_whoever_has_the_ticket(desk: Desk) -> None:
    mine = next(each.query for each in VIEWS if each.name == "mine")
    number = receive(desk).number
    add_note(desk, number, "@bo look")
    assert _seen_by(desk, "bo", mine) == [number]
    assert _seen_by(desk, "ana", mine) == []
    see_mentions(acting_as(desk, "bo"), number)
    assert _seen_by(desk, "bo", mine) == []


def test_a_hand_over_is_a_note_and_an_assignment_that_one_undo_takes_back(desk: Desk) -> None:
    number = receive(desk).number
    ticket = hand_over(desk, number, Handle("bo"), "The bank says tomorrow.")
    assert ticket.assignee == "bo"
    assert _seen_by(desk, "bo", "is:unseen") == [number]
    undone = undo(desk)
    assert undone.draft is not None
    assert undone.draft.text == "The bank says tomorrow."
    assert desk.ticket(number).assignee is None
    assert _seen_by(desk, "bo", "is:mentioned") == []
    redo(desk)
    assert desk.ticket(number).assignee == "bo"
    assert _seen_by(desk, "bo", "is:unseen") == [number]


def test_several_tickets_are_handed_over_taken_back_and_handed_over_again(desk: Desk) -> None:
    numbers, act = [receive(desk, subject=each).number for each in ("one", "two")], new_act()
    for number in numbers:
        hand_over(desk, number, Handle("bo"), "The bank calls.", act=act)
    assert undo(desk).tickets == tuple(numbers)
    assert _seen_by(desk, "bo", "is:mentioned or assignee:bo") == []
    redo(desk)
    assert sorted(_seen_by(desk, "bo", "is:unseen assignee:bo")) == numbers


def test_who_was_handed_a_ticket_stays_called_when_the_note_is_edited(desk: Desk) -> None:
    number = receive(desk).number
    hand_over(desk, number, Handle("bo"), "The bank says tomorrow.")
    note = next(each for each in desk.store.conversations.of(number) if hasattr(each, "mentions"))
    assert edit_note(desk, note.id, "The bank says Monday.", seen=1).mentions == ("bo",)


def test_a_ticket_is_handed_to_somebody_else_and_with_words(desk: Desk) -> None:
    number = receive(desk).number
    with pytest.raises(RefusedError, match="handed to somebody else"):
        hand_over(desk, number, Handle("ana"), "to me")
    with pytest.raises(RefusedError, match="empty"):
        hand_over(desk, number, Handle("bo"), " \n")
    assert desk.ticket(number).assignee is None


def test_a_colleague_who_left_the_desk_is_nobody(desk: Desk) -> None:
    number = receive(desk).number
    desk.store.agents.remove(Handle("bo"))
    assert add_note(replace(desk), number, "@bo?").mentions == ()
