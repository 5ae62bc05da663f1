"""Mail out, each mailbox in a thread of its own, against servers that really talk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from threading import Thread

import pytest

from desk.actions.cancel import cancel
from desk.actions.reply import reply
from desk.delivery.accounts import ask_now, stopped
from desk.desk import Desk
from desk.outgoing import Answer, OutboxEntry, OutboxState
from desk.people import Address
from desk.settings import Mailbox
from desk.standing import Standing
from tandem.loops import MailRounds, deliver_due, unsent
from tests.desks import receive
from tests.scripted_smtp import ScriptedSmtp
from tests.servers import ImapServer, SmtpServer
from tests.tandem.offices import PATIENCE, Opening, mailbox, until

SALES = Address("sales@acme.example", "Acme Sales")


@pytest.fixture
def slow() -> Iterator[ScriptedSmtp]:
    with ScriptedSmtp() as server:
        yield server


def answer(desk: Desk, mailbox: str, text: str = "Yes.") -> OutboxEntry:
    """A mail of this mailbox that is due at once."""
    ticket = receive(desk, subject=text)
    desk.store.tickets.put(replace(desk.ticket(ticket.number), mailbox=mailbox))
    return reply(desk, ticket.number, Answer(text=text, send_in=0))


def state(desk: Desk, entry: OutboxEntry) -> OutboxState:
    found = desk.store.outbox.get(entry.id)
    assert found is not None
    return found.state


def sends(rounds: MailRounds, server: SmtpServer, count: int) -> bool:
    """One more round; whether the server has so many mails by now."""
    rounds.deliver()
    return len(server.received) == count


@pytest.fixture
def selling(desk: Desk) -> Desk:
    """The desk with a second mailbox."""
    boxes = (*desk.settings.mailboxes, Mailbox(name="sales", address=SALES))
    return replace(desk, settings=replace(desk.settings, mailboxes=boxes))


def test_a_server_that_stalls_holds_only_the_mail_of_its_own_mailbox(
    opened: Opening, selling: Desk, slow: ScriptedSmtp, smtp_server: SmtpServer
) -> None:
    slow.stall("dot", 4 * PATIENCE)
    office = opened(mailbox("support", 1, slow.port) + mailbox("sales", 1, smtp_server.port))
    held = answer(selling, "support")
    with MailRounds(office) as rounds:
        rounds.deliver()
        until(lambda: state(selling, held) is OutboxState.IN_DATA)
        for number in range(3):
            answer(selling, "sales", f"Answer {number}")
            until(partial(sends, rounds, smtp_server, number + 1))
        assert state(selling, held) is OutboxState.IN_DATA
        slow.stop()
        until(lambda: state(selling, held) is not OutboxState.IN_DATA)
    assert len(smtp_server.received) == 3


def test_one_round_waits_for_every_mailbox_and_counts_them_together(
    opened: Opening, selling: Desk, smtp_server: SmtpServer
) -> None:
    office = opened(mailbox("support", 1, smtp_server.port) + mailbox("sales", 1, smtp_server.port))
    for each in ("support", "sales", "one that is no longer there"):
        answer(selling, each, f"From {each}")
    assert deliver_due(office).sent == 3
    assert len(smtp_server.received) == 3


def test_what_was_queued_in_a_mailbox_that_is_taken_out_of_the_settings_waits_until_it_is_back(
    opened: Opening, selling: Desk, smtp_server: SmtpServer, imap_server: ImapServer
) -> None:
    support = mailbox("support", imap_server.port, smtp_server.port)
    mail, told = answer(selling, "sales"), list[Standing]()
    without = opened(support)
    with MailRounds(without) as rounds:
        rounds.follow_counting(lambda standing, _: told.append(standing))
        until(lambda: rounds.send().held == 1)
        rounds.send()
    assert (state(selling, mail), smtp_server.received) == (OutboxState.QUEUED, [])
    assert [each.words for each in told if each.mailbox == "sales (out)"] == [
        "no mail leaves: the mailbox “sales” is not in config.toml any more: put it back, or cancel its mails"
    ]
    ask_now(selling, "sales")
    with_sales = opened(support + mailbox("sales", imap_server.port, smtp_server.port))
    assert deliver_due(with_sales).sent == 1
    assert stopped(with_sales.desk) == []


def test_once_its_mails_are_cancelled_a_mailbox_that_is_not_in_the_settings_is_told_of_no_more(
    opened: Opening, selling: Desk, smtp_server: SmtpServer
) -> None:
    office, mail = opened(mailbox("support", 1, smtp_server.port)), answer(selling, "sales")
    assert deliver_due(office).held == 1
    assert [each.mailbox for each in stopped(office.desk)] == ["sales"]
    cancel(selling, mail.id)
    assert stopped(office.desk) == []


def test_an_answer_on_a_ticket_of_such_a_mailbox_is_written_and_sent_from_the_first(
    opened: Opening, selling: Desk, smtp_server: SmtpServer
) -> None:
    office = opened(mailbox("support", 1, smtp_server.port))
    entry = answer(replace(office.desk, acting=selling.acting), "sales")
    assert (entry.mailbox, entry.envelope_from) == ("support", "support@acme.example")
    assert deliver_due(office).sent == 1


def test_an_account_that_is_not_let_in_is_told_of_until_it_is(
    opened: Opening, desk: Desk, slow: ScriptedSmtp, imap_server: ImapServer
) -> None:
    slow.refuse("mail", "530 5.7.0 log in first", times=2)
    office, told = opened(mailbox("support", imap_server.port, slow.port)), list[Standing]()
    mails = [answer(desk, "support", f"Answer {number}") for number in range(3)]
    with MailRounds(office) as rounds:
        rounds.follow_counting(lambda standing, _: told.append(standing))
        until(lambda: rounds.send().held == 3)
        rounds.send()
        out = [each for each in told if each.mailbox == "support (out)"]
        assert [(each.is_trouble, each.again is not None) for each in out] == [(True, True)]
        assert out[0].words == "no mail leaves: 530 5.7.0 log in first"
        assert slow.reached.count("mail") == 1
        ask_now(desk, "support")
        until(lambda: rounds.send().held == 3 and slow.reached.count("mail") == 2)
        ask_now(desk, "support")
        until(lambda: rounds.send().sent == 3 or {state(desk, each) for each in mails} == {OutboxState.SENT})
        rounds.send()
        assert [each for each in told if each.mailbox == "support (out)"][-1].is_calm
    assert len(slow.accepted) == 3


def test_what_was_not_sent_because_of_the_account_is_said(opened: Opening, desk: Desk, slow: ScriptedSmtp) -> None:
    slow.refuse("mail", "530 5.7.0 log in first")
    office = opened(mailbox("support", 1, slow.port))
    for number in range(2):
        answer(desk, "support", f"Answer {number}")
    [wrong] = unsent(deliver_due(office))
    assert "2 held back" in str(wrong)


def test_at_the_end_the_mail_that_a_server_is_just_taking_is_waited_for_and_no_other_begun(
    opened: Opening, desk: Desk, slow: ScriptedSmtp
) -> None:
    slow.stall("dot", 1.0)
    first, second = answer(desk, "support", "First"), answer(desk, "support", "Second")
    with MailRounds(opened(mailbox("support", 1, slow.port))) as rounds:
        sending = Thread(target=rounds.deliver)
        sending.start()
        until(lambda: state(desk, first) is OutboxState.IN_DATA)
        rounds.finish(PATIENCE)
        assert state(desk, first) is OutboxState.SENT
        sending.join()
    assert state(desk, second) is OutboxState.QUEUED
