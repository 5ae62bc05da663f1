"""The screen's mail, which is loaded only where there is some: what is due happens all the same."""

from __future__ import annotations

from datetime import timedelta

from desk.actions.reply import reply
from desk.actions.snooze import snooze
from desk.desk import Desk
from desk.outgoing import Answer
from tandem.late_rounds import LateRounds
from tests.desks import receive
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
