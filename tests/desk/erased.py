"""A customer to be erased: what was answered to them, and what is left of their mails."""

from __future__ import annotations

from desk.actions.reply import reply
from desk.conversation import Message
from desk.delivery import deliver
from desk.desk import Desk
from desk.outgoing import Answer, Attempt, OutboxEntry, Verdict
from desk.ticket import TicketNumber
from tests.desks import SetClock

DANA = "dana.p@corp.example"
ONE = TicketNumber(1)


class Sending:
    """A server that takes everything."""

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: object) -> Attempt:
        del entry, raw
        assert callable(entering_data)
        entering_data()
        return Attempt(Verdict.SENT)


def answer(desk: Desk, clock: SetClock, text: str = "We are sorry.") -> OutboxEntry:
    """Answer ticket 1, and let the answer leave."""
    queued = reply(desk, ONE, Answer(text=text))
    clock.go_on(minutes=1)
    deliver(desk, Sending(), owner="test", is_gone=lambda _: True)
    return queued


def messages(desk: Desk, number: int = 1) -> list[Message]:
    return [each for each in desk.store.conversations.of(TicketNumber(number)) if isinstance(each, Message)]
