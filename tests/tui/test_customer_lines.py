"""What the panel says of a customer fits into its width, whatever they and we wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from desk.contact import Tally
from desk.dossier import Dossier
from desk.people import Address, Handle
from desk.profiles import Profile
from desk.safe import DANGEROUS
from desk.ticket import Status, Ticket, TicketNumber
from tui.customer_lines import customer_rows, tickets_of
from tui.reader.lines import Frame, Ground

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NASTY = "佐藤 健一\u202e 👩‍👩‍👧 a" + "\u0301" * 10_000 + "\x1b[2J\x9b\u200f שלום " + "x" * 300 + "\n\t[/x]"


def ticket(number: int, status: Status, subject: str = NASTY[:1000]) -> Ticket:
    at = NOW - timedelta(days=number)
    return Ticket(
        number=TicketNumber(number),
        subject=subject,
        customer=Address("dana@corp.example"),
        status=status,
        assignee=Handle("a-very-long-handle20"),
        created=at,
        updated=at,
        last_message=at,
    )


def nasty(others: int = 900) -> Dossier:
    tickets = tuple(ticket(each, Status.OPEN if each % 3 else Status.SPAM) for each in range(1, 31))
    return Dossier(
        person=Address(f"{NASTY}@corp.example", NASTY),
        about=TicketNumber(99),
        profile=Profile(
            addresses=("dana@corp.example", NASTY),
            name="Dana",
            company=NASTY,
            notes=f"{NASTY[-400:]}\n" * 40,
            tags=tuple(f"tag-{each}" for each in range(50)),
            language="zz-nowhere",
            zone="America/Argentina/ComodRivadavia",
        ),
        tally=Tally(3, 2, NOW - timedelta(days=800), NOW),
        tickets=tickets,
        others=others,
        answering={TicketNumber(1): Handle("bo")},
    )


@pytest.mark.parametrize("width", [20, 39, 76])
def test_no_row_is_wider_than_the_panel_or_holds_what_drives_a_terminal(width: int) -> None:
    rows = customer_rows(nasty(), Frame(width, NOW))
    assert max(cell_len(each.line.text) for each in rows) <= width
    assert not DANGEROUS.search("".join(each.line.text for each in rows).replace("\ufffd", ""))
    assert len(tickets_of(rows)) == 30
    assert [each.line.text for each in rows if "870 more" in each.line.text]


def test_notes_stand_on_their_own_paper_and_end_where_the_panel_would_be_theirs_alone() -> None:
    rows = customer_rows(nasty(), Frame(76, NOW))
    notes = [each.line for each in rows if each.line.ground is Ground.NOTE]
    assert notes[0].text.startswith("NOTES")
    assert len(notes) == 14
    assert notes[-1].text.endswith("more lines")


def test_one_mail_is_told_of_once() -> None:
    known = Dossier(person=Address("d@corp.example"), profile=Profile(), tally=Tally(1, 0, NOW, NOW))
    for width in (39, 76):
        words = "\n".join(each.line.text for each in customer_rows(known, Frame(width, NOW)))
        assert "1 in, 0 out" in words
        assert "first" not in words


def test_a_ticket_that_sleeps_is_told_apart_from_one_that_is_open() -> None:
    sleeping = replace(ticket(1, Status.OPEN, "Later"), snoozed_until=NOW + timedelta(days=1))
    known = replace(nasty(), tickets=(sleeping, ticket(2, Status.OPEN, "Now")), answering={})
    rows = [each.line.text.split() for each in customer_rows(known, Frame(76, NOW)) if each.ticket is not None]
    assert [row[2] for row in rows] == ["snoozed", "open"]
