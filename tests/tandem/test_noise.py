"""Noise on its way in from a mail server: counted by a round, parked once, and let in once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk.actions.accept import accept
from desk.actions.reply import reply
from desk.desk import Desk
from desk.expression import EVERYTHING
from desk.incoming import Outcome
from desk.outgoing import Answer
from desk.people import Address
from desk.settings import Mailbox
from desk.ticket import Status, TicketNumber
from mail.parse import parse
from tandem.counts import Counts
from tests.desk.arriving import arrive, mail_from
from tests.desks import SUPPORT, make_desk, receive
from tests.tandem.fetched import ScriptedSession, look, tickets

SALES = Address("sales@acme.example", "Acme Sales")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with two mailboxes on which two mails an hour of one sender pass."""
    desk = make_desk(tmp_path / "desk")
    mailboxes = (Mailbox(name="support", address=SUPPORT), Mailbox(name="sales", address=SALES))
    yield replace(desk, settings=replace(desk.settings, flood=2, mailboxes=mailboxes))
    desk.store.close()


def test_a_round_counts_what_it_parked_and_comes_back_to_none_of_it(desk: Desk) -> None:
    session = ScriptedSession()
    session.mails = {uid: mail_from("loud@x.example") for uid in range(1, 6)}
    counts = look(desk, session)
    assert (counts.fetched, counts.tickets_created, counts.parked) == (5, 2, 3)
    assert counts.as_json()["parked"] == 3
    assert look(desk, session, everything=True) == Counts()
    accept(desk, desk.store.parked.all()[0].id)
    assert look(desk, session, everything=True) == Counts()
    assert (desk.store.tickets.count(EVERYTHING), desk.store.parked.count()) == (3, 2)


def test_under_a_new_uidvalidity_parked_mail_stays_parked_once(desk: Desk) -> None:
    session = ScriptedSession()
    session.mails = {uid: mail_from("loud@x.example") for uid in range(1, 6)}
    look(desk, session)
    session.uidvalidity = 2
    assert look(desk, session).duplicates == 2
    assert (desk.store.tickets.count(EVERYTHING), desk.store.parked.count()) == (2, 3)


def test_old_mail_of_a_server_that_lost_its_times_is_no_flood_and_comes_in_as_old_as_it_is(desk: Desk) -> None:
    session = ScriptedSession()
    session.mails = {day: arrived(f"{day} Nov 2026 09:00:00 +0000") for day in range(1, 9)}
    counts = look(desk, session)
    assert (counts.tickets_created, counts.parked) == (8, 0)
    assert sorted((each.created.day, each.created.hour) for each in tickets(desk)) == [(day, 9) for day in range(1, 9)]


def test_no_flood_passes_by_dates_that_its_sender_wrote(desk: Desk) -> None:
    session = ScriptedSession()
    for day, now in enumerate(
        ("20 Nov 2026 07:14:00 +0000", "20 Nov 2026 06:50:00 +0000", "nonsense", "", "1 May 2038"), 1
    ):
        old = f"Received: by old.example; {day} Nov 2026 09:00:00 +0000"
        session.mails[day] = arrived(now, old).replace(b"Date: Fri, 20 Nov", b"Date: Sun, 0%d Nov" % day)
    counts = look(desk, session)
    assert (counts.tickets_created, counts.parked) == (2, 3)


def arrived(at: str, *lines: str) -> bytes:
    """A mail of one sender with what our own server wrote above everything else."""
    return f"Received: from x.example\r\n\tby mx.acme.example; {at}\r\n".encode() + mail_from(
        "loud@x.example", "Hi", "", *lines
    )


def test_our_own_answer_that_comes_back_as_mail_is_the_same_message(desk: Desk) -> None:
    receive(desk)
    sent = reply(desk, TicketNumber(1), Answer(text="Hello", status=Status.WAITING))
    raw = desk.blobs.get(sent.raw)
    for copy in (raw, b"X-Forwarded: yes\r\n" + raw):
        assert arrive(desk, copy).outcome is Outcome.DUPLICATE
        assert arrive(desk, copy, is_sent=True).outcome is Outcome.DUPLICATE
    assert desk.store.tickets.count(EVERYTHING) == 1
    assert desk.ticket(TicketNumber(1)).status is Status.WAITING


def test_a_mail_that_one_mailbox_of_ours_writes_to_another_arrives(desk: Desk) -> None:
    raw = mail_from("Acme Sales <sales@acme.example>", "Please take over")
    taken = arrive(desk, raw)
    assert taken.outcome is Outcome.TICKET
    assert arrive(desk, raw, is_sent=True).outcome is Outcome.DUPLICATE


def test_a_mail_of_our_own_to_somebody_else_opens_no_ticket(desk: Desk) -> None:
    raw = mail_from("support@acme.example", "Newsletter", "", "Cc: x@y.example").replace(
        b"To: support@acme.example", b"To: someone@y.example"
    )
    assert parse(raw).to == (Address("someone@y.example"),)
    assert arrive(desk, raw, is_sent=True).outcome is Outcome.ELSEWHERE
    assert arrive(desk, raw.replace(b"<m", b"<n")).outcome is Outcome.ELSEWHERE
    assert desk.store.tickets.count(EVERYTHING) == 0
