from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desk.actions.reply import reply
from desk.conversation import OutboxId
from desk.desk import Desk
from desk.outgoing import Answer, OutboxState
from tests.desks import SetClock, receive
from tui.words.countdown import PATIENCE, Counted, is_over

WHOM = Counted(OutboxId(1), "Dana\x1b[2J")


@pytest.mark.parametrize(
    ("state", "words", "warns"),
    [
        (OutboxState.QUEUED, "queued for Dana\ufffd[2J, leaves in 10 s, u takes it back", False),
        (OutboxState.IN_DATA, "sending to Dana\ufffd[2J …", False),
        (OutboxState.SENT, "sent to Dana\ufffd[2J", False),
        (OutboxState.DEFERRED, "the mail to Dana\ufffd[2J waits and is tried again", True),
        (OutboxState.REFUSED, "the mail to Dana\ufffd[2J was refused", True),
        (OutboxState.UNCERTAIN, "nobody knows whether Dana\ufffd[2J got the mail", True),
        (OutboxState.BOUNCED, "the mail to Dana\ufffd[2J came back", True),
    ],
)
def test_the_line_tells_how_the_mail_stands_until_it_has_ended(
    desk: Desk, state: OutboxState, words: str, *, warns: bool
) -> None:
    mail = replace(reply(desk, receive(desk).number, Answer(text="Hello")), state=state)
    said = WHOM.words(mail, desk.clock())
    assert said is not None
    assert said.text.startswith(words)
    assert (said.tone == "warn") is warns
    assert is_over(mail, desk.clock()) is (state not in (OutboxState.QUEUED, OutboxState.IN_DATA))


def test_a_mail_whose_account_is_stopped_waits_and_is_not_said_to_leave(desk: Desk, clock: SetClock) -> None:
    mail = reply(desk, receive(desk).number, Answer(text="Hello"))
    clock.go_on(seconds=11)
    said = WHOM.words(mail, clock(), is_stopped=True)
    assert said is not None
    assert (said.tone, said.text.partition(", ")[2]) == ("warn", "waits: nothing can be sent from support now")


def test_nothing_is_told_of_a_mail_that_was_taken_back_and_no_mail_is_told_of_for_ever(desk: Desk) -> None:
    mail = reply(desk, receive(desk).number, Answer(text="Hello"))
    assert WHOM.words(replace(mail, state=OutboxState.CANCELLED), desk.clock()) is None
    late = mail.due + PATIENCE
    assert (is_over(mail, late), is_over(mail, late + timedelta(seconds=1))) == (False, True)
    now = WHOM.words(mail, late)
    assert now is not None
    assert now.text.endswith("leaves now")
