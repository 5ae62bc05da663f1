"""A customer is erased on a desk with a real mail server: what still lies there never comes back, new mail does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.journeys.mails import customer_mail
from tests.program import Program
from tests.servers import PASSWORD, Dovecot, SmtpServer
from tests.tandem.erasing import files_with

NOW = datetime(2026, 11, 20, 7, 15, tzinfo=UTC)
WORDS = ("quixotryword", "dana@corp.example", "Dana Petrova")


def fetched(tandem: Program) -> int:
    """How many tickets and messages a round brought."""
    last = tandem.run("sync", "--json").lines[-1]
    return int(last["tickets_created"]) + int(last["messages_added"]) + int(last["duplicates"])


def test_erased_mail_stays_away_whatever_the_server_does_and_new_mail_comes_in(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer
) -> None:
    tandem = Program(tmp_path / "desk", environment={"DESK_PASSWORD": PASSWORD})
    for number in (1, 2):
        dovecot.deliver(customer_mail(number, subject=f"Matter {number}", text=f"My quixotryword {number}"), NOW)
    other = customer_mail(3, subject="Other").replace(b"Dana Petrova <dana@corp", b"Leo <leo@corp")
    dovecot.deliver(other.replace(b"<3@", b"<other@"), NOW)
    tandem.init(dovecot.port, smtp_server.port)
    assert fetched(tandem) == 3
    tandem.run("reply", 1, "--body-file", "-", "--send-in", "0s", stdin="About your quixotryword")
    assert tandem.run("deliver", "--json").lines[-1]["sent"] == 1
    [sent] = smtp_server.received
    dovecot.deliver(b"X-Copy: yes\r\n" + sent.raw, NOW, "Sent")

    [receipt] = tandem.run("customers", "erase", "Dana@Corp.Example", "--yes", "--json").lines
    assert (receipt["tickets"], receipt["messages"]) == (2, 3)
    assert sorted(each["uid"] for each in receipt["on_server"]) == [1, 2]
    assert files_with(tandem.home, *WORDS) == []

    assert fetched(tandem) == 0
    for folder in ("INBOX", "Sent"):
        dovecot.renew_uidvalidity(folder)
    dovecot.deliver(customer_mail(1, subject="Matter 1", text="My quixotryword 1"), NOW + timedelta(hours=1))
    assert fetched(tandem) == 1  # the other customer's, known at its new place
    assert files_with(tandem.home, *WORDS) == []
    assert len(tandem.run("list", "is:open", "--json").lines) == 1

    again = customer_mail(9, subject="Re: Matter 1", text="I write again", headers=f"In-Reply-To: {_id(sent.raw)}\r\n")
    dovecot.deliver(again, NOW + timedelta(hours=2))
    assert fetched(tandem) == 1
    [new] = [each for each in tandem.run("list", "--json").lines if each["customer"]["email"] == "dana@corp.example"]
    assert new["id"] == 4
    [shown] = tandem.run("show", 4, "--json").lines
    assert [each["text"].strip() for each in shown["messages"] if each["kind"] == "in"] == ["I write again"]
    tandem.run("doctor", "--offline")


def _id(raw: bytes) -> str:
    [line] = [each for each in raw.split(b"\r\n") if each.lower().startswith(b"message-id:")]
    return line.partition(b":")[2].strip().decode()
