from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desk.actions.attend import attend
from desk.actions.draft import keep_aside, save_draft
from desk.actions.status import set_status
from desk.desk import Desk
from desk.draft import DraftKind
from desk.errors import BadQuery
from desk.people import Handle
from desk.presence import Doing, Presence
from desk.ticket import Status, TicketNumber
from desk.written import Written
from tests.desks import acting_as, receive
from tui.lists.listing import read_listing, understood, unfinished, whereabouts

pytestmark = pytest.mark.real_time

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def numbers(desk: Desk, words: str) -> set[int]:
    return set(read_listing(desk, understood(desk, "is:open", words), "waiting").numbers)


def test_words_narrow_the_view(desk: Desk) -> None:
    printer, parcel = receive(desk, subject="Printer"), receive(desk, subject="Parcel", text="nothing")
    assert numbers(desk, "") == {printer.number, parcel.number}
    assert numbers(desk, "parcel") == {parcel.number}


def test_words_that_name_a_state_search_everything(desk: Desk) -> None:
    ticket = receive(desk, subject="Printer")
    set_status(desk, ticket.number, Status.CLOSED)
    assert numbers(desk, "printer") == set()
    assert numbers(desk, "printer is:closed") == {ticket.number}


def test_words_that_cannot_be_read_are_refused(desk: Desk) -> None:
    with pytest.raises(BadQuery):
        understood(desk, "is:open", "nonsense:x")


def test_the_views_are_counted_and_colleagues_are_named_but_not_oneself(desk: Desk) -> None:
    ticket = receive(desk)
    attend(desk, ticket.number, Doing.READING)
    attend(acting_as(desk, "bo"), ticket.number, Doing.ANSWERING)
    listing = read_listing(desk, understood(desk, "is:open", ""), "waiting")
    assert listing.counts == {"inbox": 1, "mine": 0, "new": 1, "waiting": 0, "snoozed": 0, "parked": 0}
    assert [each.agent for each in listing.presences] == ["bo"]


def test_shared_drafts_are_named_and_nothing_that_is_private(desk: Desk) -> None:
    one, two, three = (receive(desk, subject=f"Matter {each}").number for each in range(3))
    bo = acting_as(desk, "bo")
    save_draft(bo, one, DraftKind.REPLY, Written("Dear Dana"))
    save_draft(desk, two, DraftKind.REPLY, Written("Dear Dana"))
    save_draft(bo, three, DraftKind.NOTE, Written("Between us"))
    keep_aside(bo, three, DraftKind.REPLY, Written("Or so"))
    save_draft(desk, one, DraftKind.NOTE, Written("Behind bo's"))
    four, five = (receive(desk, subject=f"Matter {each}").number for each in range(4, 6))
    save_draft(desk, four, DraftKind.NOTE, Written("Ask the bank"))
    save_draft(desk, five, DraftKind.FORWARD, Written("Can you help?"))
    drafts = read_listing(desk, understood(desk, "is:open", ""), "waiting").drafts
    told = unfinished([replace(each, saved=NOW - timedelta(days=400)) for each in drafts], Handle("ana"), NOW)
    at = "16 Oct 2025"
    assert told == {
        one: ("bo's draft", at),
        two: ("your draft", at),
        four: ("your note", at),
        five: ("your forward", at),
    }


def test_a_list_can_be_read_when_nobody_is_acting(desk: Desk) -> None:
    receive(desk)
    nobody = replace(desk, acting=None)
    assert read_listing(nobody, understood(nobody, "is:open", ""), "waiting").counts["mine"] == 0


def test_one_who_answers_goes_before_one_who_reads_and_who_left_is_not_there() -> None:
    def at(agent: str, ticket: int, doing: Doing, seconds: int = 45) -> Presence:
        until = NOW + timedelta(seconds=seconds)
        return Presence(agent=Handle(agent), ticket=TicketNumber(ticket), doing=doing, until=until)

    there = whereabouts(
        [at("bo", 1, Doing.ANSWERING), at("eve", 1, Doing.READING), at("joe", 2, Doing.READING, seconds=-1)], NOW
    )
    assert there == {1: ("bo", Doing.ANSWERING)}
