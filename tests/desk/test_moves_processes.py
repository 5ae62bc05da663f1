"""Merging and splitting in several processes at once: all of it or nothing, and never in a circle."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.conversation import Message
from desk.desk import Desk
from desk.merged import goes_on_as
from desk.ticket import TicketNumber
from tests.desk.hands import asked, hands, heard, tell
from tests.desks import make_desk, receive

ONE, TWO = TicketNumber(1), TicketNumber(2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shared"


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    made = make_desk(folder)
    with made.store.transaction():
        for subject in ("Printer", "Toner"):
            first = receive(made, subject=subject, text=f"About {subject}").number
            for at in range(5):
                receive(
                    made, subject=f"Re: {subject}", text=f"{subject} {at}", answers=(mails(made, first)[0].message_id,)
                )
    yield made
    made.store.close()


def mails(desk: Desk, number: TicketNumber) -> list[Message]:
    return [each for each in desk.store.conversations.of(number) if isinstance(each, Message)]


def test_two_who_merge_the_same_tickets_crosswise_make_one_of_them(desk: Desk, folder: Path) -> None:
    with hands(folder, "ana") as ana, hands(folder, "bo") as bo:
        for _ in range(5):
            tell(ana, "merge", ONE, TWO)
            tell(bo, "merge", TWO, ONE)
            said = [heard(ana), heard(bo)]
            assert sorted(each.startswith("refused: ") for each in said) == [False, True], said
            ticket = goes_on_as(desk, desk.ticket(ONE))
            assert goes_on_as(desk, desk.ticket(TWO)).number == ticket.number
            assert (len(mails(desk, ticket.number)), ticket.message_count) == (12, 12)
            assert "taken back" in asked(ana if said[1].startswith("refused: ") else bo, "undo")
            assert (len(mails(desk, ONE)), len(mails(desk, TWO))) == (6, 6)


def test_one_mail_that_two_split_off_at_once_becomes_one_ticket(desk: Desk, folder: Path) -> None:
    mail = mails(desk, ONE)[2].id
    with hands(folder, "ana") as ana, hands(folder, "bo") as bo:
        tell(ana, "split", ONE, mail)
        tell(bo, "split", ONE, mail)
        said = sorted([heard(ana), heard(bo)])
    assert said == [
        "1 mail of ticket 1 became ticket 3",
        "refused: that mail is on ticket 3 by now, not on 1 any more (look at it there)",
    ]
    assert desk.store.tickets.get(TicketNumber(4)) is None


def test_nobody_ever_sees_half_of_a_merge_and_kill_9_leaves_none(desk: Desk, folder: Path) -> None:
    seen = set[tuple[int, int]]()
    with hands(folder, "ana") as ana:
        assert asked(ana, "swing-merge") == "swinging"
        until = time.monotonic() + 1.0
        while not seen or time.monotonic() < until:
            with desk.store.snapshot():
                seen.add((len(mails(desk, ONE)), len(mails(desk, TWO))))
        ana.kill()
    assert seen <= {(6, 6), (12, 0)}
    assert seen
    is_merged = desk.ticket(TWO).merged_into == ONE
    assert (len(mails(desk, ONE)), len(mails(desk, TWO))) == ((12, 0) if is_merged else (6, 6))
    assert desk.ticket(ONE).message_count == len(mails(desk, ONE))
