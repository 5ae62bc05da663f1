"""Automatic answers from end to end: over real servers, with the switch in other processes and on the status line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from desk.actions.acknowledge import go_on_acknowledging, stop_acknowledging
from desk.desk import Desk
from desk.expression import EVERYTHING
from desk.standing import WAITING, Standing
from tandem.loops import MailRounds, one_round
from tandem.paths import Home
from tests.journeys.mails import customer_mail
from tests.quirky_imap import QuirkyImap
from tests.servers import SmtpServer
from tests.tandem.commands import Commands
from tests.tandem.offices import Opening, mailbox, until

SETTING = 'acknowledge = "Thank you, we have your mail: {number}."\n[mailboxes.support.imap]'


@pytest.fixture
def quirky() -> Iterator[QuirkyImap]:
    with QuirkyImap() as server:
        yield server


def settings(imap: int, smtp: int) -> str:
    return mailbox("support", imap, smtp).replace("[mailboxes.support.imap]", SETTING)


def test_a_first_mail_is_acknowledged_over_the_wire_and_no_answer_to_that(
    opened: Opening, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    office = opened(settings(quirky.port, smtp_server.port))
    quirky.deliver(customer_mail(1), datetime.now(UTC))
    counts, wrong = one_round(office)
    assert (counts.sent, wrong) == (1, [])
    [sent] = smtp_server.received
    mail = message_from_bytes(sent.raw, policy=policy.default)
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail.get_content().strip() == "Thank you, we have your mail: 1."
    echo = sent.raw.replace(b"Message-ID: <", b"Message-ID: <other", 1)
    quirky.deliver(echo, datetime.now(UTC))
    assert one_round(office)[0].sent == 0


def test_the_switch_is_turned_by_a_command_and_told_while_mail_is_followed(
    opened: Opening, desk: Desk, quirky: QuirkyImap, smtp_server: SmtpServer
) -> None:
    office, told = opened(settings(quirky.port, smtp_server.port)), list[Standing]()
    with MailRounds(office) as rounds:
        rounds.follow(told.append)
        stop_acknowledging(desk)
        until(lambda: rounds.send().sent >= 0 and any("automatic answers are off" in each.words for each in told))
        quirky.deliver(customer_mail(1), datetime.now(UTC))
        until(lambda: len(office.desk.store.tickets.numbers(EVERYTHING)) > 0)
        rounds.send()
        assert office.desk.store.outbox.all() == []
        go_on_acknowledging(desk)
        until(lambda: rounds.send().sent >= 0 and Standing("acknowledge", WAITING) in told)
    [off] = [each for each in told if "automatic answers are off" in each.words]
    assert not off.is_trouble
    assert "(ana)" in off.notice


def test_where_nothing_is_acknowledged_nothing_is_told_of_the_switch(
    opened: Opening, desk: Desk, quirky: QuirkyImap
) -> None:
    office, told = opened(mailbox("support", quirky.port)), list[Standing]()
    stop_acknowledging(desk)
    with MailRounds(office) as rounds:
        rounds.follow(told.append)
        until(lambda: rounds.send().sent >= 0 and any(each.is_calm for each in told))
    assert all("automatic" not in each.words for each in told)


def test_the_command_says_how_it_stands_and_turns_it(tandem: Commands, home: Home) -> None:
    home.config.write_text(settings(1, 1))
    assert tandem.run("acknowledge").out == "first mails are acknowledged in support; 0 were in 24 hours\n"
    off = tandem.run("acknowledge", "off").out
    assert off.startswith("off since ")
    assert off.endswith(", by ana; `tandem acknowledge on` goes on, in support\n")
    assert "automatic answers are off" in tandem.run("doctor", "--offline").out
    [told] = tandem.run("acknowledge", "--json").objects
    assert (told["on"], told["off_by"], told["mailboxes"], told["held_back"]) == (False, "ana", ["support"], 0)
    assert tandem.run("acknowledge", "on", "--json").objects[0]["on"] is True
    home.config.write_text(mailbox("support", 1))
    assert "in no mailbox" in tandem.run("acknowledge").out
