"""The screen's mail, which is loaded only where there is some: what is due happens all the same."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from desk.actions.attend import attend
from desk.actions.reply import reply
from desk.actions.snooze import snooze
from desk.desk import Desk, new_screen
from desk.outgoing import Answer
from desk.presence import Doing
from tandem.late_rounds import LateRounds
from tandem.loops import MailRounds
from tandem.processes import owner
from tests.desks import acting_as, receive
from tests.processes import next_line
from tests.servers import SmtpServer
from tests.tandem.offices import Opening, mailbox, until


def test_a_mail_that_becomes_due_after_idle_rounds_goes_out(
    opened: Opening, desk: Desk, smtp_server: SmtpServer
) -> None:
    with LateRounds(opened(mailbox("support", 1, smtp_server.port))) as rounds:
        rounds.deliver()
        reply(desk, receive(desk).number, Answer(text="Yes.", send_in=0))

        def is_sent() -> bool:
            rounds.deliver()
            return len(smtp_server.received) == 1

        until(is_sent)


def test_a_desk_without_mailboxes_wakes_what_sleeps(opened: Opening, desk: Desk) -> None:
    number = receive(desk).number
    snooze(desk, number, desk.clock() + timedelta(hours=1))
    with LateRounds(opened("")) as rounds:
        rounds.follow(lambda _: None)
        rounds.deliver()
    assert desk.ticket(number).snoozed_until is None


_SAYS_ITS_NAME = "import sys; from tandem.processes import owner; print(owner(), flush=True); sys.stdin.read()"


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("rounds_of", [LateRounds, MailRounds], ids=["idle", "with mail"])
def test_a_colleague_whose_screen_was_killed_is_gone_at_the_next_round(
    opened: Opening, rounds_of: type[LateRounds | MailRounds]
) -> None:
    office, command = opened(""), [sys.executable, "-c", _SAYS_ITS_NAME]
    with (
        rounds_of(office) as rounds,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
    ):
        show(office.desk, next_line(process))
        rounds.deliver()
        assert shown(office.desk) == ["bo"]
        process.kill()
        process.wait()
        rounds.deliver()
        assert shown(office.desk) == []


@pytest.mark.usefixtures("desk")
def test_a_colleague_on_another_machine_is_there_until_their_time_is_over(opened: Opening) -> None:
    office = opened("")
    show(office.desk, owner().replace("|", ".elsewhere|", 1))
    with LateRounds(office) as rounds:
        rounds.deliver()
    assert shown(office.desk) == ["bo"]


def show(desk: Desk, process: str) -> None:
    """Let a process show a ticket to a colleague."""
    bo = replace(acting_as(desk, "bo"), screen=new_screen(process))
    attend(bo, receive(desk).number, Doing.ANSWERING)


def shown(desk: Desk) -> list[str]:
    """Who looks at a ticket."""
    return [each.agent for each in desk.store.presences.all(desk.clock())]


def test_a_screen_is_named_after_its_process(opened: Opening) -> None:
    office = opened("")
    one, two = office.on_screen.screen, office.on_screen.screen
    assert one != two
    assert {each.partition("#")[0] for each in (one, two)} == {owner()}
