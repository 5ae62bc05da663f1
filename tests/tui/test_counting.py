"""What stands on the status line of the mail that was sent last, as that mail fares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from desk.actions.cancel import cancel
from desk.actions.reply import reply
from desk.actions.settle import settle
from desk.desk import Desk
from desk.outgoing import Answer, OutboxState
from tests.desks import receive
from tui.counting import Counting
from tui.messages import Said

T = TypeVar("T")


class Line:
    """A status line that answers at once."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.said = desk, Said()

    def says_only(self, said: Said) -> bool:
        return not self.said.text or self.said == said

    def show_said(self, said: Said) -> None:
        self.said = said

    def read(self, kind: str, work: Callable[[Desk], T], done: Callable[[T], None]) -> None:
        del kind
        done(work(self.desk))


@pytest.mark.parametrize("see_to_it", [settle, cancel])
def test_what_was_wrong_with_a_mail_goes_once_somebody_saw_to_it(desk: Desk, see_to_it: Callable[..., object]) -> None:
    mail = reply(desk, receive(desk).number, Answer(text="Hello"))
    line = Line(desk)
    counting = Counting(line)
    counting.begin(mail.id, "Dana")
    assert "queued for Dana" in line.said.text
    with desk.store.transaction():
        desk.store.outbox.put(replace(mail, state=OutboxState.UNCERTAIN))
    for _ in range(3):
        counting.go_on()
        assert "nobody knows whether Dana got the mail" in line.said.text
    see_to_it(desk, mail.id)
    counting.go_on()
    assert line.said == Said()


def test_another_sentence_than_that_of_the_mail_stays(desk: Desk) -> None:
    mail = reply(desk, receive(desk).number, Answer(text="Hello"))
    line = Line(desk)
    counting = Counting(line)
    counting.begin(mail.id, "Dana")
    with desk.store.transaction():
        desk.store.outbox.put(replace(mail, state=OutboxState.UNCERTAIN))
    counting.go_on()
    line.said = Said("it counts as sent")
    settle(desk, mail.id)
    counting.go_on()
    assert line.said.text == "it counts as sent"
