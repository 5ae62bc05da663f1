"""`kill -9` at random moments of fetching and sending: nothing is lost, nothing doubled, nothing sent twice."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.journeys.mails import customer_mail
from tests.program import Program
from tests.servers import Dovecot, SmtpServer

ROUNDS = int(os.environ.get("TANDEM_KILLS", "12"))
"""How often the program is killed: a quick look in every test run, a hundred and more when asked for."""

MAILS = 6
"""New mails before each kill."""

SECONDS_A_ROUND = 10
"""How long a round may take on a slow machine before the test counts as stuck."""


def killed(tandem: Program, chance: random.Random, *words: str) -> None:
    """Start a command and kill it without warning after a moment; it may also have ended by then."""
    process = tandem.start(*words)
    time.sleep(chance.uniform(0.15, 0.75))
    process.kill()
    process.wait()


@pytest.mark.timeout(60 + SECONDS_A_ROUND * ROUNDS)
def test_killed_at_any_moment_no_mail_is_lost_doubled_or_sent_twice(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer
) -> None:
    chance = random.Random(20261120)
    tandem = Program(tmp_path / "desk", environment={"DESK_PASSWORD": dovecot.password})
    tandem.init(dovecot.port, smtp_server.port)
    config = tandem.home / "config.toml"
    config.write_text(f"flood = 0\n{config.read_text()}")  # all of them are from one sender
    delivered = 0
    for round_number in range(ROUNDS):
        for _ in range(MAILS):
            delivered += 1
            text = f"Question {delivered}"
            dovecot.deliver(customer_mail(delivered, subject=text, text=text), datetime.now(UTC))
        killed(tandem, chance, "sync")
        for ticket in tandem.run("list", "is:unread", "--limit", "2", "--json").lines:
            tandem.run("reply", ticket["id"], "--macro", "acknowledge", "--send-in", "0s")
        killed(tandem, chance, "deliver" if round_number % 2 else "sync")
    tandem.run("sync")
    tandem.run("deliver")

    tickets = tandem.run("list", "--limit", "0", "--json").lines
    assert Counter(each["subject"] for each in tickets) == Counter(f"Question {n}" for n in range(1, delivered + 1))
    assert tandem.run("sync", "--json").lines[-1]["fetched"] == 0

    outbox = tandem.run("outbox", "--json").lines
    at_the_server = Counter(_message_id(each.raw) for each in smtp_server.received)
    assert max(at_the_server.values(), default=0) <= 1
    for mail in outbox:
        there = at_the_server[mail["message_id"]]
        assert mail["state"] in ("sent", "uncertain"), mail
        assert there == 1 or mail["state"] == "uncertain", mail
    assert sum(mail["state"] == "sent" for mail in outbox) >= len(outbox) // 2
    assert tandem.run("doctor", "--offline", "--json").lines[0]["ok"]


def _message_id(raw: bytes) -> str:
    head = raw.split(b"\r\n\r\n", 1)[0].decode()
    return next(line.partition(": ")[2] for line in head.split("\r\n") if line.lower().startswith("message-id:"))
