"""Every mail of a desk, in and out, in one mbox file: mails as they came and as they left, and nothing else.

A reply counts once the mail server has taken it. One that was taken back or refused never was mail; of one that waits,
or of which nobody knows whether it left, the file would say too much. Notes are no mail and have no bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from desk.conversation import Message
from desk.desk import Desk
from desk.errors import StoreDamaged
from desk.expression import EVERYTHING
from desk.outgoing import OutboxEntry, OutboxState
from mail.mbox import entry

LEFT = frozenset({OutboxState.SENT, OutboxState.BOUNCED})
"""States of a mail that the mail server took."""


@dataclass(slots=True)
class MailsWritten:
    """How many mails were written; how many replies were not, by their state; the sha256 of mails that are lost."""

    mails: int = 0
    left_out: Counter[str] = field(default_factory=Counter[str])
    missing: list[str] = field(default_factory=list[str])


def write_mbox(desk: Desk, write: Callable[[bytes], object], tell: Callable[[float], object]) -> MailsWritten:
    """Write all mails as they are at one moment, ticket by ticket, the oldest first; `tell` is told the share done."""
    done = MailsWritten()
    with desk.store.snapshot():
        numbers = desk.store.tickets.numbers(EVERYTHING, sort="id", reverse=True)
        for at, number in enumerate(numbers, 1):
            outbox = {each.id: each for each in desk.store.outbox.of(number)}
            for message in desk.store.conversations.of(number):
                if isinstance(message, Message):
                    _write(desk, message, outbox.get(message.outbox) if message.outbox else None, write, done)
            tell(at / len(numbers))
    return done


def _write(
    desk: Desk, message: Message, sent: OutboxEntry | None, write: Callable[[bytes], object], done: MailsWritten
) -> None:
    if message.outbox and (sent is None or sent.state not in LEFT):
        done.left_out[sent.state.shown if sent else "unknown"] += 1
        return
    if message.redacted:
        done.left_out["erased"] += 1
        return
    try:
        raw = desk.blobs.get(message.raw)
    except StoreDamaged:
        done.missing.append(message.raw)
        return
    write(entry(raw, sent.envelope_from if sent else message.sender.email, _moment(message, sent)))
    done.mails += 1


def _moment(message: Message, sent: OutboxEntry | None) -> datetime:
    return sent.sent_at if sent and sent.sent_at else message.at
