"""Mails in the outbox that stand as a test needs them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desk.actions.reply import reply
from desk.desk import Desk
from desk.outgoing import Answer, OutboxEntry, OutboxState, Wording
from desk.people import Address
from tests.desks import receive

BOSS = Address("boss@corp.example", "The Boss")


def mailed(desk: Desk, state: OutboxState, **more: Any) -> OutboxEntry:
    """A reply of ana's to two people that stands so."""
    number = receive(desk, cc=(BOSS,)).number
    wording = Wording(subject="Your refund")
    mail = reply(desk, number, Answer(text="On its way.", wording=wording))
    mail = replace(mail, state=state, **more)
    desk.store.outbox.put(mail)
    return mail
