"""A customer who waits for `tandem reply`, a macro for the answer, and the mail that was queued."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from desk.desk import Desk
from desk.outgoing import OutboxEntry
from desk.people import Address
from desk.ticket import TicketNumber
from tandem.paths import Home
from tests.desks import receive

ONE = TicketNumber(1)
SIGNED = "\n\n-- \nAna Petrova\n"
ASKING = """---
name: Refund
steps:
  - Read it all
  - text: Book the refund
    required: true
ask:
  amount: {label: Amount, type: money}
do:
  - tag: [+refund]
  - status: waiting
reply: public
---
Your refund of {{ ask.amount }} is booked.
"""


def ask(desk: Desk) -> None:
    """Ticket 1, from Dana with a copy to Bob."""
    receive(desk, cc=(Address("bob@corp.example", "Bob"),), message_id="<1@corp.example>")


def keep_refund(home: Home) -> None:
    """Keep a macro that asks, requires a step and does things."""
    (home.macros / "refund.md").write_text(ASKING)


def queued(desk: Desk) -> list[OutboxEntry]:
    return desk.store.outbox.all()


def mail(desk: Desk) -> EmailMessage:
    """The only one that was queued."""
    [entry] = queued(desk)
    return read(desk, entry)


def read(desk: Desk, entry: OutboxEntry) -> EmailMessage:
    return email.message_from_bytes(desk.blobs.get(entry.raw), policy=email.policy.default)


def body(message: EmailMessage) -> str:
    part = message.get_body()
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n")
