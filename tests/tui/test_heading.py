from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from desk.actions.assign import assign
from desk.actions.attend import attend
from desk.actions.draft import save_draft
from desk.actions.merge import merge
from desk.actions.priority import set_priority
from desk.actions.tag import tag
from desk.desk import Desk
from desk.draft import DraftKind
from desk.expression import EVERYTHING
from desk.people import Address, Handle
from desk.presence import TIME_TO_LIVE, Doing
from desk.ticket import Priority
from desk.written import Written
from tests.desk.arriving import arrive, mail_from
from tests.desks import SetClock, acting_as, receive
from tui.reader.heading import heading
from tui.reader.lines import Frame
from tui.reader.opened import OpenTicket, load


def told(opened: OpenTicket, clock: SetClock, width: int = 70) -> list[str]:
    return [each.text.rstrip() for each in heading(opened, Frame(width, clock(), UTC))]


def test_the_head_says_whose_ticket_it_is_and_where_it_stands(desk: Desk, clock: SetClock) -> None:
    receive(desk, subject="Earlier matter", received=clock() - timedelta(days=3))
    number = receive(desk, subject="Refund for order 88213").number
    assign(desk, number, Handle("ana"))
    tag(desk, number, ("billing", "refund"))
    set_priority(desk, number, Priority.HIGH)
    clock.go_on(minutes=14)
    assert told(load(desk, number), clock) == [
        f"{number}  Refund for order 88213",
        "Dana Petrova · dana@corp.example · 2nd ticket",
        "open · high · ana · billing refund · waits 14m",
        "─" * 70,
    ]


def test_a_subject_of_many_lines_ends_where_it_is_cut_with_an_ellipsis(desk: Desk, clock: SetClock) -> None:
    whole, longer = "three " * 12, "more than three " * 12
    lines = told(load(desk, receive(desk, subject=whole.strip()).number), clock, 40)
    assert "…" not in "".join(lines)
    first, second, third, customer, *_ = told(load(desk, receive(desk, subject=longer).number), clock, 40)
    assert third.endswith("…")
    assert "…" not in first + second + customer
    assert max(map(len, (first, second, third))) <= 40


def test_it_says_when_the_customer_wrote_again_elsewhere(desk: Desk, clock: SetClock) -> None:
    number = receive(desk, subject="First matter").number
    receive(desk, subject="Later matter", received=clock() + timedelta(hours=1))
    assert told(load(desk, number), clock)[1].endswith("1st of 2 tickets")


def test_what_was_merged_is_no_other_ticket_of_the_customer(desk: Desk, clock: SetClock) -> None:
    earlier = receive(desk, subject="First matter").number
    number = receive(desk, subject="The same again", received=clock() + timedelta(hours=1)).number
    merge(desk, [earlier], number)
    assert told(load(desk, number), clock)[1].endswith("1st ticket")
    assert load(desk, number).other_tickets == 0


def test_strangers_without_an_address_are_not_taken_for_one_customer(desk: Desk, clock: SetClock) -> None:
    for who in ("", "Anna Example", "", "Boris Example"):
        arrive(desk, mail_from(who, "Help"))
    numbers = [each.number for each in desk.store.tickets.find(EVERYTHING, sort="created")]
    heads = [told(load(desk, each), clock)[1] for each in numbers]
    nobody = "unknown@invalid"
    assert sorted(heads) == [f"Anna Example · {nobody}", f"Boris Example · {nobody}", nobody, nobody]
    assert {load(desk, each).other_tickets for each in numbers} == {0}


def test_a_snoozed_ticket_says_until_when(desk: Desk, clock: SetClock) -> None:
    opened = load(desk, receive(desk).number)
    asleep = replace(opened, ticket=replace(opened.ticket, snoozed_until=clock() + timedelta(days=1)))
    assert told(asleep, clock)[3] == "sleeps until Sat 21 Nov 09:00; wakes on an answer"


def test_colleagues_at_the_ticket_are_named_and_oneself_is_not(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    attend(desk, number, Doing.READING)
    attend(acting_as(desk, "bo"), number, Doing.ANSWERING)
    assert told(load(desk, number), clock)[3] == "✎ bo is answering"
    attend(acting_as(desk, "bo"), number, Doing.READING)
    assert told(load(desk, number), clock)[3] == "◦ bo is reading"


def test_a_colleague_whose_screen_ended_without_a_word_is_not_there_for_ever(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    attend(acting_as(desk, "bo"), number, Doing.ANSWERING)
    opened = load(desk, number)
    clock.go_on(seconds=TIME_TO_LIVE.total_seconds())
    assert not any("bo " in each or "bo's" in each for each in told(opened, clock))


def test_an_unfinished_answer_says_whose_it_is_and_how_old(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    save_draft(acting_as(desk, "bo"), number, DraftKind.REPLY, Written("Dear Dana"))
    clock.go_on(hours=1)
    assert told(load(desk, number), clock)[3] == "bo's unfinished answer, saved 09:00"
    assert told(load(acting_as(desk, "bo"), number), clock)[3] == "your unfinished answer, saved 09:00"


def test_a_note_that_is_being_written_is_nobodys_business(desk: Desk, clock: SetClock) -> None:
    number = receive(desk).number
    save_draft(acting_as(desk, "bo"), number, DraftKind.NOTE, Written("Between us"))
    assert not any("bo " in each or "bo's" in each for each in told(load(desk, number), clock))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (DraftKind.NOTE, "your unfinished note, saved 09:00"),
        (DraftKind.FORWARD, "your unfinished forward, saved 09:00"),
    ],
)
def test_ones_own_note_or_forward_is_told_of_below_the_answer(
    desk: Desk, clock: SetClock, kind: DraftKind, words: str
) -> None:
    number = receive(desk).number
    save_draft(desk, number, kind, Written("Ask the bank"))
    assert told(load(desk, number), clock)[3] == words
    save_draft(acting_as(desk, "bo"), number, DraftKind.REPLY, Written("Dear Dana"))
    assert told(load(desk, number), clock)[3:5] == ["bo's unfinished answer, saved 09:00", words]


def test_a_long_subject_takes_three_lines_at_most_and_nothing_is_too_wide(desk: Desk, clock: SetClock) -> None:
    sender = Address("x" * 60 + "@corp.example", "Dana " * 20)
    opened = load(desk, receive(desk, subject="a long subject " * 40, sender=sender).number)
    lines = told(opened, clock, 30)
    assert len(lines) == 6
    assert max(map(len, lines)) <= 30


def test_a_hostile_subject_is_only_words(desk: Desk, clock: SetClock) -> None:
    opened = load(desk, receive(desk, subject="[@click=app.quit]x[/] \x1b]0;gone\x07 \u202etxt").number)
    assert told(opened, clock)[0].endswith("[@click=app.quit]x[/] \ufffd]0;gone\ufffd \ufffdtxt")
