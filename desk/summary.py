"""What a ticket says of its conversation, always worked out from the conversation itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from desk.conversation import Direction, Entry, Message, Note, OutboxId
from desk.outgoing import OutboxState
from desk.ticket import Ticket

UNDELIVERED = frozenset({OutboxState.REFUSED, OutboxState.UNCERTAIN, OutboxState.BOUNCED})
NOT_AN_ANSWER = frozenset({OutboxState.CANCELLED, OutboxState.REFUSED})

States = Mapping[OutboxId, OutboxState]


def counts(message: Message, states: States) -> bool:
    """Whether a message stands in the conversation: all but replies that were taken back or refused."""
    return message.outbox is None or states.get(message.outbox) not in NOT_AN_ANSWER


def waiting_since(entries: Iterable[Entry], states: States) -> datetime | None:
    """When the oldest customer message without an answer reached us; automatic mail waits for nothing.

    An answer answers what was on the desk before it: the order of ids, whatever the mail server's clock says.
    """
    oldest: datetime | None = None
    messages = (each for each in entries if isinstance(each, Message) and counts(each, states))
    for message in sorted(messages, key=lambda each: each.id):
        if message.direction is Direction.OUT:
            oldest = None
        elif oldest is None and message.automatic is None:
            oldest = message.at
    return oldest


def summed_up(ticket: Ticket, entries: Sequence[Entry], states: States, *, drafts: bool) -> Ticket:
    """The ticket with everything that follows from its conversation brought up to date."""
    messages = [each for each in entries if isinstance(each, Message) and counts(each, states)]
    return replace(
        ticket,
        waiting_since=waiting_since(messages, states),
        message_count=len(messages),
        last_message=max((each.at for each in messages), default=ticket.last_message),
        holds=_holds(entries, messages, states, drafts=drafts),
        correspondents=tuple(sorted({a.key for m in messages for a in (m.sender, *m.to, *m.cc)})),
        defects=tuple(dict.fromkeys(defect for each in messages for defect in each.defects)),
    )


def _holds(entries: Sequence[Entry], messages: Sequence[Message], states: States, *, drafts: bool) -> tuple[str, ...]:
    present = {
        "attachment": any(each.attachments for each in messages),
        "note": any(isinstance(each, Note) and not each.removed for each in entries),
        "draft": drafts,
        "bounced": OutboxState.BOUNCED in states.values(),
        "undelivered": any(state in UNDELIVERED for state in states.values()),
    }
    return tuple(name for name, there in present.items() if there)
