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


def killed(tandem: Program, chance: random.Random, usual: float, *words: str) -> None:
    """Start a command that takes `usual` seconds and kill it without warning at some moment, or just after its end."""
    process = tandem.start(*words)
    time.sleep(chance.uniform(0.3, 1.3) * usual)
    process.kill()
    process.wait()


def answer_two(tandem: Program) -> None:
    """Answer two tickets that nobody has read, where there are so many."""
    for ticket in tandem.run("list", "is:unread", "--limit", "2", "--json").lines:
        tandem.run("reply", ticket["id"], "--macro", "acknowledge", "--send-in", "0s")


@pytest.mark.timeout(120 + SECONDS_A_ROUND * ROUNDS)
def test_killed_at_any_moment_no_mail_is_lost_doubled_or_sent_twice(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer
) -> None:
    chance = random.Random(20261120)
    tandem = Program(tmp_path / "desk", environment={"DESK_PASSWORD": dovecot.password})
    tandem.init(dovecot.port, smtp_server.port)
    config = tandem.home / "config.toml"
    text = config.read_text().replace("[mailboxes.support.imap]", '[mailboxes.support.imap]\nsent_copy = "always"')
    config.write_text(f"flood = 0\n{text}")  # all of them are from one sender
    begun = time.monotonic()
    tandem.run("sync")
    usual = time.monotonic() - begun
    delivered = 0
    for round_number in range(ROUNDS):
        for _ in range(MAILS):
            delivered += 1
            text = f"Question {delivered}"
            dovecot.deliver(customer_mail(delivered, subject=text, text=text), datetime.now(UTC))
        killed(tandem, chance, usual, "sync")
        answer_two(tandem)
        killed(tandem, chance, usual, "deliver" if round_number % 2 else "sync")
    tandem.run("sync")
    answer_two(tandem)  # however early the others were killed
    tandem.run("deliver")
    tandem.run("sync")

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
    sent = {mail["message_id"] for mail in outbox if mail["state"] == "sent"}
    deadline = time.monotonic() + 60
    while set(copies := _copies(dovecot)) != sent and time.monotonic() < deadline:
        tandem.run("sync")
    assert set(copies) == sent
    assert set(copies.values()) == {1}
    assert tandem.run("doctor", "--offline", "--json").lines[0]["ok"]


def _copies(dovecot: Dovecot) -> Counter[str]:
    """How many copies of each mail lie in the folder of sent mail."""
    with dovecot.connection() as imap:
        _, [count] = imap.select("Sent", readonly=True)
        found = imap.fetch("1:*", "(BODY.PEEK[])")[1] if count and int(count) else []
    return Counter(_message_id(each[1]) for each in found if isinstance(each, tuple))


def _message_id(raw: bytes) -> str:
    head = raw.split(b"\r\n\r\n", 1)[0].decode()
    return next(line.partition(": ")[2] for line in head.split("\r\n") if line.lower().startswith("message-id:"))
