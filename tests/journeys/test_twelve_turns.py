"""Twelve turns with customers of several mail programs, by the very bytes over SMTP and IMAP: one ticket for each."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.correspondents import Correspondent
from tests.program import Program
from tests.servers import PASSWORD, ImapServer, SmtpServer
from tests.tandem.commands import Commands

TURNS = 12
SUPPLIER = Correspondent("gmail", "Printer Works", "help@printers.example", "unused")


class Conversation:
    """One customer and our side; every turn is what the other side really got."""

    def __init__(self, customer: Correspondent) -> None:
        self.customer = customer
        self.number = 0
        self.ours: list[EmailMessage] = []

    def newest(self, smtp: SmtpServer, to: str = "") -> bytes:
        return [each.raw for each in smtp.received if (to or self.customer.address) in each.recipients][-1]


@pytest.fixture
def tandem(
    tmp_path: Path, imap_server: ImapServer, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> Commands:
    """A desk on real servers; its replies leave at once."""
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    program = Program(tmp_path / "desk", environment={"DESK_PASSWORD": PASSWORD})
    program.init(imap_server.port, smtp_server.port)
    return Commands(tmp_path / "desk")


def test_twelve_turns_stay_one_ticket_whatever_the_customers_program(
    tandem: Commands, imap_server: ImapServer, smtp_server: SmtpServer
) -> None:
    begun = [
        Conversation(Correspondent("gmail", "Dana Petrova", "dana@gmail.example", "Возврат за заказ 88213")),
        Conversation(Correspondent("outlook", "Jörg Müller", "joerg@firma.example", "Rechnung über 129,00 €")),
        Conversation(Correspondent("plain", "Eve Ng", "eve@laptop.example", "printer smokes")),
    ]
    first = Conversation(Correspondent("outlook", "Leo Brandt", "leo@partner.example", "Your contract ends"))
    for each in begun:
        imap_server.deliver(each.customer.begin("Hello, where is it? – Grüße"), datetime.now(UTC))
    said = tandem.run(
        "new",
        "--to",
        first.customer.sender,
        "--subject",
        first.customer.subject,
        "--text",
        "Shall we go on?",
        "--send-in",
        "0s",
        "--json",
    )
    first.number = said.objects[0]["ticket"]
    tandem.run("sync")
    for each in begun:
        [found] = tandem.run("list", f"from:{each.customer.address}", "--json").objects
        each.number = found["id"]
    everybody = [*begun, first]
    for turn in range(2, TURNS + 1, 2):
        for each in begun:
            answer(tandem, each, turn)
        tandem.run("deliver")
        for each in everybody:
            each.ours.append(email.message_from_bytes(each.newest(smtp_server), policy=email.policy.default))
        if turn == 6:
            pass_on(tandem, imap_server, smtp_server, begun[2])
        if turn < TURNS:
            hear(imap_server, smtp_server, everybody, turn)
            assert tandem.run("sync", "--json").objects[-1]["tickets_created"] == 0
            answer(tandem, first, turn)
    hear(imap_server, smtp_server, [first], TURNS)
    assert tandem.run("sync", "--json").objects[-1]["messages_added"] == 1
    assert len(tandem.run("list", "is:open or is:waiting or is:closed", "--json").objects) == len(everybody)
    for each in everybody:
        assert_one_ticket(tandem, each)


def answer(tandem: Commands, talk: Conversation, turn: int) -> None:
    """Our turn; now and then below what the customer said."""
    quoted = ["--quote"] if turn % 4 == 0 else []
    tandem.run("reply", talk.number, "--text", f"Our turn {turn}: ¡naturalmente!", *quoted, "--send-in", "0s")


def hear(imap: ImapServer, smtp: SmtpServer, talks: Sequence[Conversation], turn: int) -> None:
    """Every customer answers what reached them."""
    for each in talks:
        imap.deliver(each.customer.answer(each.newest(smtp), f"Their turn {turn + 1}, ещё раз"), datetime.now(UTC))


def pass_on(tandem: Commands, imap: ImapServer, smtp: SmtpServer, talk: Conversation) -> None:
    """The customer's last mail goes to somebody else, who answers, is answered, and answers again."""
    tandem.run("forward", talk.number, "--to", SUPPLIER.sender, "--text", "Can you help?", "--send-in", "0s")
    for words in ("Which model?", "Send it in."):
        tandem.run("deliver")
        imap.deliver(SUPPLIER.answer(talk.newest(smtp, SUPPLIER.address), words), datetime.now(UTC))
        tandem.run("sync")
        asked = [each for each in messages(tandem, talk) if each["side"] and each["kind"] == "in"][-1]
        assert words in asked["text"]
        tandem.run("forward", talk.number, "--entry", asked["id"], "--text", "The X1.", "--send-in", "0s")


def messages(tandem: Commands, talk: Conversation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tandem.run("show", talk.number, "--json").objects[0]["messages"]
    return [each for each in found if each["kind"] in ("in", "out")]


def assert_one_ticket(tandem: Commands, talk: Conversation) -> None:
    """All turns, in their order, on one ticket; and each of our mails names all that it goes on from."""
    said = sorted((each for each in messages(tandem, talk) if not each["side"]), key=lambda each: each["id"])
    kinds = [each["kind"] for each in said]
    first, second = ("out", "in") if talk.customer.subject == "Your contract ends" else ("in", "out")
    assert kinds == [first, second] * (TURNS // 2)
    assert [each["message_id"] for each in said if each["kind"] == "in"] == talk.customer.sent
    assert {each["email"] for mail in said if mail["kind"] == "out" for each in (*mail["to"], *mail["cc"])} == {
        talk.customer.address
    }
    for at, each in enumerate(said):
        if each["kind"] == "out" and at:
            [mail] = [ours for ours in talk.ours if ours["Message-ID"] == each["message_id"]]
            assert mail["In-Reply-To"] == said[at - 1]["message_id"]
            assert mail["In-Reply-To"] in mail["References"].split()
            if talk.customer.kind != "plain":  # that one leaves out References, and what it left out cannot be named
                assert said[0]["message_id"] in mail["References"].split()
