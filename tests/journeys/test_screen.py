"""The whole job through the real screen in a real terminal, and two screens on one desk."""

from __future__ import annotations

import email
import email.policy
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.journeys.mails import answer_to, customer_mail
from tests.program import Program
from tests.servers import Dovecot, SmtpServer
from tests.terminal import PATIENCE, Terminal, need_tmux

NARROW, WIDE = (80, 24), (140, 40)


@pytest.fixture(autouse=True)
def tmux() -> None:
    need_tmux()


@pytest.fixture
def tandem(tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer) -> Program:
    """A desk with three mails in its mailbox, none of them fetched yet; replies leave after a second."""
    for number in (1, 2, 3):
        dovecot.deliver(customer_mail(number, subject=f"Refund {number}"), datetime.now(UTC))
    program = Program(tmp_path / "desk", environment={"DESK_PASSWORD": dovecot.password})
    program.init(dovecot.port, smtp_server.port)
    config = program.home / "config.toml"
    config.write_text(config.read_text("utf-8").replace("undo_seconds = 10", "undo_seconds = 1"), "utf-8")
    return program


@contextmanager
def screen(tandem: Program, size: tuple[int, int], agent: str = "ana") -> Iterator[Terminal]:
    columns, rows = size
    program = Program(tandem.home, agent=agent, environment=tandem.environment)
    with Terminal(program.command("tui"), program.full_environment, columns=columns, rows=rows) as terminal:
        yield terminal


def sent_mails(smtp: SmtpServer, count: int) -> list[bytes]:
    deadline = time.monotonic() + PATIENCE
    while len(smtp.received) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    return [each.raw for each in smtp.received]


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
def test_mail_in_four_keys_mail_out_and_the_answer_back(
    tandem: Program, dovecot: Dovecot, smtp_server: SmtpServer, size: tuple[int, int]
) -> None:
    with screen(tandem, size) as terminal:
        terminal.wait_for("Refund 1", "Refund 2", "Refund 3", "Inbox 3")
        terminal.press(",", "k", "Escape", "Y")
        shown = terminal.wait_for("Inbox 2", "queued", ">   2", gone=" 1  Dana Petrova")
        assert any(line.startswith((" >", ">")) and "Refund 2" in line for line in shown.splitlines())
        [raw] = sent_mails(smtp_server, 1)
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        assert mail["In-Reply-To"] == mail["References"] == "<1@corp.example>"
        assert mail["Subject"] == "Re: Refund 1"

        dovecot.deliver(answer_to(mail["Message-ID"], mail["References"], 9), datetime.now(UTC))
        terminal.wait_for("Inbox 3", "Refund 1")
        terminal.press("q", "q")
    assert len(smtp_server.received) == 1
    [ticket] = tandem.run("list", "subject:1", "--json").lines
    assert (ticket["status"], ticket["message_count"]) == ("open", 3)


def seen_after(ana: Terminal, bo: Terminal, mine: int) -> float:
    """Seconds until bo sees that ana has taken this many."""
    started = time.monotonic()
    ana.press("i")
    while bo.text.count(" ana ") < mine:
        assert time.monotonic() - started < PATIENCE, bo.text
        time.sleep(0.02)
    return time.monotonic() - started


def test_two_screens_see_each_other_within_a_second(tandem: Program) -> None:
    with screen(tandem, WIDE) as ana, screen(tandem, WIDE, agent="bo") as bo:
        for each in (ana, bo):
            each.wait_for("Refund 1", "Inbox 3")
        waits = [seen_after(ana, bo, 1)]
        bo.press("j", "r")
        ana.wait_for("bo is answering 2")
        bo.press("Escape", "X")
        ana.wait_for("bo", gone="bo is answering")
        for mine in (2, 3):
            ana.press("j")
            waits.append(seen_after(ana, bo, mine))
    assert min(waits) < 1.5


def test_a_reply_is_taken_back_after_the_screen_was_closed(tandem: Program, smtp_server: SmtpServer) -> None:
    config = tandem.home / "config.toml"
    config.write_text(config.read_text("utf-8").replace("undo_seconds = 1", "undo_seconds = 60"), "utf-8")
    with screen(tandem, NARROW) as terminal:
        terminal.wait_for("Inbox 3")
        terminal.press(",", "k", "Escape", "y")
        terminal.wait_for("queued")
    with screen(tandem, NARROW) as terminal:
        terminal.wait_for("Inbox 3")
        terminal.press("u")
        terminal.wait_for("Hello Dana")
    assert smtp_server.received == []
    assert [each["state"] for each in tandem.run("outbox", "--json").lines] == ["cancelled"]


def test_a_note_is_never_mailed(tandem: Program, smtp_server: SmtpServer) -> None:
    with screen(tandem, NARROW) as terminal:
        terminal.wait_for("Inbox 3")
        terminal.press("n")
        terminal.wait_for("NOTE")
        terminal.type("the bank says no")
        terminal.press("Escape", "y")
        terminal.wait_for("Inbox 3", gone="NOTE")
    assert tandem.run("outbox", "--json").lines == []
    assert smtp_server.received == []
    notes = [each for each in tandem.run("show", 1, "--json").lines[0]["messages"] if each["kind"] == "note"]
    assert [each["text"] for each in notes] == ["the bank says no"]
