"""Two daemons and two screens on one outbox: of every reply exactly one copy leaves, and the desk knows it.

TANDEM_REPLIES says how many replies there are: hundreds in every test run, thousands where there is time.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from desk.actions.reply import reply
from desk.conversation import Event, Happened, Message
from desk.desk import Desk
from desk.outgoing import Answer, OutboxState
from desk.ticket import TicketNumber
from tests.desks import make_desk, receive
from tests.program import Program
from tests.servers import ImapServer, SmtpServer
from tests.terminal import Terminal, need_tmux

REPLIES = int(os.environ.get("TANDEM_REPLIES", "200"))
ON_ONE_TICKET = 10
AT_ONCE = 50

pytestmark = pytest.mark.timeout(180 + REPLIES)

_MESSAGE_ID = re.compile(rb"^Message-ID: (<[^>]+>)\r$", re.MULTILINE | re.IGNORECASE)
_ON_ITS_WAY = (Happened.SENDING, Happened.IN_DATA, Happened.SENT)


@pytest.fixture
def program(tmp_path: Path, imap_server: ImapServer, smtp_server: SmtpServer) -> Program:
    need_tmux()
    program = Program(tmp_path / "desk", environment={"DESK_PASSWORD": imap_server.password})
    program.init(imap_server.port, smtp_server.port)
    return program


@pytest.fixture
def desk(program: Program) -> Iterator[Desk]:
    made = make_desk(program.home)
    yield replace(made, settings=replace(made.settings, flood=0))
    made.store.close()


def open_tickets(desk: Desk) -> list[TicketNumber]:
    with desk.store.transaction():
        return [receive(desk, subject=f"Question {at}").number for at in range(-(-REPLIES // ON_ONE_TICKET))]


def answer_all(desk: Desk, tickets: list[TicketNumber]) -> None:
    """Queue every reply, due at once, some at a time."""
    for start in range(0, REPLIES, AT_ONCE):
        with desk.store.transaction():
            for at in range(start, min(start + AT_ONCE, REPLIES)):
                reply(desk, tickets[at // ON_ONE_TICKET], Answer(text=f"Answer {at}.", send_in=0))


def wait_until_all_are_sent(desk: Desk) -> None:
    deadline = time.monotonic() + 120 + REPLIES / 2
    while desk.store.outbox.waiting() or desk.store.outbox.in_flight():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def ids(server: SmtpServer) -> Counter[str]:
    found = (_MESSAGE_ID.search(each.raw) for each in server.received)
    return Counter(each[1].decode() for each in found if each)


def test_two_daemons_and_two_screens_send_exactly_one_copy_of_every_reply(
    program: Program, desk: Desk, smtp_server: SmtpServer
) -> None:
    tickets = open_tickets(desk)
    with ExitStack() as stack:
        screens = [Program(program.home, agent=each, environment=program.environment) for each in ("ana", "bo")]
        terminals = [
            stack.enter_context(Terminal(each.command("tui"), each.full_environment, columns=80, rows=24))
            for each in screens
        ]
        for each in terminals:
            each.wait_for("Question")
        for _ in range(2):
            daemon = stack.enter_context(program.start("daemon"))
            stack.callback(daemon.kill)
        answer_all(desk, tickets)
        wait_until_all_are_sent(desk)
    mails = desk.store.outbox.all()
    assert len(mails) == len(smtp_server.received) == REPLIES
    assert {each.state for each in mails} == {OutboxState.SENT}
    assert ids(smtp_server) == Counter(each.message_id for each in mails)
    told = [entry for number in tickets for entry in desk.store.conversations.of(number)]
    steps = [each for each in told if isinstance(each, Event) and each.what in _ON_ITS_WAY]
    taken = {each.id: list[Happened]() for each in told if isinstance(each, Message) and each.outbox is not None}
    for step in steps:
        assert step.entry is not None
        taken[step.entry].append(step.what)
    assert list(taken.values()) == [list(_ON_ITS_WAY)] * REPLIES
    assert len({step.detail["by"] for step in steps if step.what is Happened.SENDING}) > 1
