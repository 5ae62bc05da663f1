from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk.draft import DraftKind
from desk.people import Address, Handle
from desk.presence import Doing, Presence
from desk.ticket import Ticket, TicketNumber
from tests.desks import DANA
from tui.widgets.compose_title import Heading, compose_heading
from tui.widgets.review import choices, review_lines, ticks

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TICKET = Ticket(
    number=TicketNumber(1042),
    subject="Refund for order 88213",
    customer=DANA,
    created=NOW,
    updated=NOW,
    last_message=NOW,
)
BO = Presence(agent=Handle("bo"), ticket=TICKET.number, doing=Doing.ANSWERING, until=NOW)
KEPT = ("draft saved 12:06", "saved 12:06")
BOSS = Address("boss@corp.example", "The Boss")


def told(kind: DraftKind = DraftKind.REPLY, width: int = 140) -> str:
    heading = Heading(kind=kind, ticket=TICKET, to=(DANA,), cc=(BOSS,), others=(BO,), kept=KEPT)
    return compose_heading(heading, width).plain


def test_a_reply_says_to_whom_it_goes_and_everything_around_it() -> None:
    assert told().startswith(" Reply to Dana Petrova <dana@corp.example>   cc The Boss  ")
    assert told().endswith("  bo is answering too  draft saved 12:06  1042 Refund for order 88213 ")


@pytest.mark.parametrize(
    ("width", "kept", "given_up"),
    [
        (100, "  bo is answering too  saved 12:06  1042 Refund for order 882… ", "draft"),
        (90, "  bo is answering too  saved 12:06  1042 Refund for… ", "Dana"),
        (80, "   cc 1", "Dana"),
        (80, "  bo is answering too  saved 12:06  1042 ", "Refund"),
        (50, "  1042 ", "bo is"),
    ],
)
def test_where_room_is_short_all_gives_way_but_the_recipients_and_the_ticket(
    width: int, kept: str, given_up: str
) -> None:
    shown = told(width=width)
    assert "dana@corp.example" in shown
    assert "   cc " in shown
    assert kept in shown
    assert given_up not in shown
    assert len(shown) == width


def test_the_customer_is_named_where_there_is_room_for_it_beside_the_rest() -> None:
    heading = Heading(kind=DraftKind.REPLY, ticket=TICKET, to=(DANA,), kept=KEPT)
    assert compose_heading(heading, 80).plain.startswith(" Reply to Dana Petrova <dana@corp.example> ")
    assert compose_heading(heading, 92).plain.endswith("  draft saved 12:06  1042 Refund for order 88213 ")
    assert compose_heading(heading, 66).plain.startswith(" Reply to <dana@corp.example> ")


def test_how_the_draft_is_kept_is_said_in_fewer_words_before_the_subject_is_cut_short() -> None:
    heading = Heading(kind=DraftKind.REPLY, ticket=TICKET, to=(DANA,), kept=KEPT)
    assert compose_heading(heading, 85).plain.endswith("  saved 12:06  1042 Refund for order 88213 ")
    assert compose_heading(heading, 80).plain.endswith("  saved 12:06  1042 Refund for order… ")
    assert compose_heading(heading, 60).plain.endswith("  saved 12:06  1042 Refund fo… ")
    assert compose_heading(heading, 50).plain.endswith("  saved 12:06  1042 ")


@pytest.mark.parametrize("width", [50, 80, 100, 160])
def test_of_many_copies_as_many_names_are_told_as_fit_and_how_many_there_are(width: int) -> None:
    copies = tuple(Address(f"reader{each}@corp.example", f"Reader Number {each}") for each in range(12))
    heading = Heading(kind=DraftKind.REPLY, ticket=TICKET, to=(DANA,), cc=copies, kept=KEPT)
    shown = compose_heading(heading, width).plain
    assert len(shown) == width
    assert "12" in shown.partition("   cc ")[2]
    assert "  1042 " in shown
    assert "dana@corp.example" in shown


def test_a_note_says_so_and_names_no_recipient() -> None:
    for width in (80, 140):
        assert told(DraftKind.NOTE, width).startswith(" NOTE  on 1042, only agents see it")
        assert "dana@corp.example" not in told(DraftKind.NOTE, width)


def test_a_note_on_several_tickets_names_the_subject_of_none() -> None:
    heading = Heading(kind=DraftKind.NOTE, ticket=TICKET, several=48)
    assert compose_heading(heading, 140).plain.strip() == "NOTE  on 48 tickets, only agents see it"


def test_a_note_has_no_key_that_sends() -> None:
    assert choices(DraftKind.NOTE)[0] == ("y", "add note")
    assert not any("send" in label for _, label in choices(DraftKind.NOTE))
    assert [key for key, _ in choices(DraftKind.REPLY)] == ["y", "Y", "w", "b", "c", "a", "e", "E", "h", "p", "X"]
    assert ("d", "detach") in choices(DraftKind.REPLY, has_files=True)


def test_steps_are_ticked_by_digits_as_long_as_these_last() -> None:
    assert [ticks(steps) for steps in (0, 1, 9, 10)] == [[], [("1", "tick")], [("1-9", "tick")], [("Space", "tick")]]


@pytest.mark.parametrize("width", [40, 60, 80, 100, 130, 160])
@pytest.mark.parametrize("kind", list(DraftKind)[:3])
def test_every_key_of_the_review_is_told_whole_at_every_width(kind: DraftKind, width: int) -> None:
    keys = [*ticks(12), *choices(kind, has_files=True), ("PgDn", "read what came")]
    lines = [each.plain for each in review_lines(keys, width)]
    assert all(len(each) == width for each in lines)
    assert all(f"{key} {label}" in "\n".join(lines) for key, label in keys)
    assert lines[-1].endswith(" ? help ")
    assert not any("…" in each for each in lines)
    assert len(lines) <= (2 if width >= 130 else 3 if width >= 80 else 6)


@pytest.mark.parametrize(("width", "most"), [(80, 2), (100, 2), (142, 1)])
def test_the_review_of_an_answer_takes_two_lines_at_most(width: int, most: int) -> None:
    assert len(review_lines(choices(DraftKind.REPLY), width)) <= most


@pytest.mark.parametrize("width", range(60, 161, 5))
def test_a_calm_gap_parts_the_keys_of_the_review_from_the_help(width: int) -> None:
    lines = [each.plain for each in review_lines(choices(DraftKind.REPLY), width)]
    assert "   ? help " in lines[-1]


def test_the_lines_of_the_review_are_about_as_long_as_each_other() -> None:
    first, second = (
        each.plain.rstrip().removesuffix("? help").rstrip() for each in review_lines(choices(DraftKind.REPLY), 140)
    )
    assert abs(len(first) - len(second)) < 12
