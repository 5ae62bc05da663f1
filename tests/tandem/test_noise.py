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
from tests.tandem.test_fetching import ScriptedSession, look

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
