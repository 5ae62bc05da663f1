"""The whole job over real servers: mail in, a ticket, an answer with a macro, mail out, the customer's answer back."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from tests.journeys.mails import answer_to, customer_mail
from tests.program import Program
from tests.servers import PASSWORD, Dovecot, ImapServer, SmtpServer

NOW = datetime(2026, 11, 20, 7, 15, tzinfo=UTC)


class MailServer(Protocol):
    """Either IMAP server."""

    @property
    def port(self) -> int: ...
    def deliver(self, raw: bytes, received: datetime, folder: str = "INBOX") -> object: ...


def journey(home: Path, imap: MailServer, smtp: SmtpServer, password: str) -> Program:
    tandem = Program(home, environment={"DESK_PASSWORD": password})
    for number in (1, 2, 3):
        imap.deliver(customer_mail(number, subject=f"Refund for order {number}"), NOW)
    tandem.init(imap.port, smtp.port)

    first = tandem.run("sync", "--json").lines[-1]
    assert (first["fetched"], first["tickets_created"]) == (3, 3)
    again = tandem.run("sync", "--json").lines[-1]
    assert (again["fetched"], again["tickets_created"], again["duplicates"]) == (0, 0, 0)

    tickets = tandem.run("list", "--json", "--sort", "id").lines
    assert [each["subject"] for each in tickets] == ["Refund for order 3", "Refund for order 2", "Refund for order 1"]
    number = tickets[-1]["id"]
    assert tickets[-1]["waiting_since"] == "2026-11-20T07:15:00Z"

    tandem.run("reply", number, "--macro", "acknowledge", "--status", "closed", "--send-in", "0s")
    assert tandem.run("deliver", "--json").lines[-1]["sent"] == 1
    assert tandem.run("deliver", "--json").lines[-1]["sent"] == 0
    [sent] = smtp.received
    assert sent.recipients == ("dana@corp.example",)
    mail = email.message_from_bytes(sent.raw, policy=email.policy.default)
    assert mail["In-Reply-To"] == "<1@corp.example>"
    assert mail["References"] == "<1@corp.example>"
    assert mail["Subject"] == "Re: Refund for order 1"
    assert mail["To"] == "Dana Petrova <dana@corp.example>"
    assert "support@acme.example" in mail["From"]

    shown = tandem.run("show", number, "--json").lines[0]
    assert shown["status"] == "closed"
    assert [each["state"] for each in shown["messages"] if each["kind"] == "out"] == ["sent"]

    imap.deliver(answer_to(mail["Message-ID"], mail["References"], 4), datetime.now(UTC))
    back = tandem.run("sync", "--json").lines[-1]
    assert (back["fetched"], back["tickets_created"], back["messages_added"]) == (1, 0, 1)
    shown = tandem.run("show", number, "--json").lines[0]
    assert shown["status"] == "open"
    assert [each["kind"] for each in shown["messages"] if each["kind"] != "event"] == ["in", "out", "in"]
    assert len(smtp.received) == 1
    return tandem


def test_the_whole_job_over_dovecot(tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer) -> None:
    journey(tmp_path / "desk", dovecot, smtp_server, dovecot.password)
    assert all("\\Seen" not in flags for flags in dovecot.flags().values())


def test_the_whole_job_over_pymap(tmp_path: Path, imap_server: ImapServer, smtp_server: SmtpServer) -> None:
    journey(tmp_path / "desk", imap_server, smtp_server, PASSWORD)


def test_a_new_uidvalidity_doubles_nothing(tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer) -> None:
    tandem = journey(tmp_path / "desk", dovecot, smtp_server, dovecot.password)
    before = tandem.run("list", "is:open or is:closed", "--json").lines
    dovecot.renew_uidvalidity()
    counts = tandem.run("sync", "--json").lines[-1]
    assert (counts["duplicates"], counts["tickets_created"], counts["messages_added"]) == (4, 0, 0)
    assert tandem.run("list", "is:open or is:closed", "--json").lines == before


def test_a_mail_that_cannot_be_read_is_a_ticket_with_a_warning(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer
) -> None:
    tandem = Program(tmp_path / "desk", environment={"DESK_PASSWORD": dovecot.password})
    nested = b"Content-Type: message/rfc822\r\n\r\n" * 3000
    dovecot.deliver(b"From: bomb@corp.example\r\nSubject: Bomb\r\nMessage-ID: <b@x>\r\n" + nested + b"x\r\n", NOW)
    dovecot.deliver(customer_mail(2), NOW)
    tandem.init(dovecot.port, smtp_server.port)
    assert tandem.run("sync", "--json").lines[-1]["tickets_created"] == 2
    [bomb] = tandem.run("list", "subject:bomb", "--json").lines
    assert bomb["defects"]


def test_a_wrong_password_is_said_before_anything_is_written(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer
) -> None:
    tandem = Program(tmp_path / "desk", environment={"DESK_PASSWORD": "wrong"})
    with pytest.raises(AssertionError, match="exit 4"):
        tandem.init(dovecot.port, smtp_server.port)
    assert not tandem.home.exists()


def test_a_mail_server_that_is_away_is_exit_code_four(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer
) -> None:
    tandem = Program(tmp_path / "desk", environment={"DESK_PASSWORD": dovecot.password})
    tandem.init(dovecot.port, smtp_server.port)
    dovecot.stop()
    told = tandem.run("sync", "--json", expect=4)
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert "127.0.0.1" in told.err
