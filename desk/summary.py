"""What a ticket says of its conversation, always worked out from the conversation itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from desk.conversation import Entry, Message, Note
from desk.mentions import Mention, held
from desk.outgoing import OutboxState
from desk.people import Address
from desk.sides import ANSWERED_ASIDE, ANSWERED_FROM_BCC, ASIDE, unanswered
from desk.sleep import CAME_BACK, came_back
from desk.ticket import Ticket
from desk.waiting import (
    States,
    counts,
    first_of,
    waiting_since,
)

UNDELIVERED = frozenset({OutboxState.REFUSED, OutboxState.UNCERTAIN, OutboxState.BOUNCED})


def summed_up(
    ticket: Ticket, entries: Sequence[Entry], states: States, *, drafts: bool, mentions: Iterable[Mention] = ()
) -> Ticket:
    """The ticket with everything that follows from its conversation brought up to date."""
    messages = [each for each in entries if isinstance(each, Message) and counts(each, states)]
    return replace(
        ticket,
        waiting_since=waiting_since(entries, states),
        message_count=len(messages),
        last_message=max((each.at for each in messages), default=ticket.last_message),
        holds=(*_holds(entries, messages, states, drafts=drafts), *held(mentions)),
        senders=_each_once(each.sender for each in messages),
        recipients=_each_once(address for each in messages for address in (*each.to, *each.cc)),
        defects=tuple(dict.fromkeys(defect for each in messages for defect in each.defects)),
    )


def with_message(ticket: Ticket, message: Message) -> Ticket | None:
    """The ticket after one more mail from outside, as `summed_up` would have it but without the conversation.

    None where the mail is older than one that is there already, so that the others must be asked.
    """
    if ticket.message_count and message.at < ticket.last_message:
        return None
    waits = message.at if message.automatic is None else None
    held = (each for each in ticket.holds if each != CAME_BACK)
    holds = dict.fromkeys((*(["attachment"] if message.has_files else []), *held))
    return replace(
        ticket,
        waiting_since=first_of(ticket.waiting_since, waits),
        message_count=ticket.message_count + 1,
        last_message=message.at,
        holds=tuple(holds),
        senders=_each_once((*ticket.senders, message.sender)),
        recipients=_each_once((*ticket.recipients, *message.to, *message.cc)),
        defects=tuple(dict.fromkeys((*ticket.defects, *message.defects))),
    )


def _each_once(people: Iterable[Address]) -> tuple[Address, ...]:
    """Every address under every name it came with, in the order in which they first came."""
    return tuple({(each.key, each.name): each for each in people}.values())


def _holds(entries: Sequence[Entry], messages: Sequence[Message], states: States, *, drafts: bool) -> tuple[str, ...]:
    aside = unanswered(sorted(messages, key=lambda each: each.id))
    present = {
        "attachment": any(each.has_files for each in messages),
        "note": any(isinstance(each, Note) and not each.removed for each in entries),
        "draft": drafts,
        "bounced": OutboxState.BOUNCED in states.values(),
        "undelivered": any(state in UNDELIVERED for state in states.values()),
        ASIDE: any(each.side is not None or each.bcc for each in messages),
        ANSWERED_ASIDE: aside is not None,
        ANSWERED_FROM_BCC: aside is not None and aside.was_in_bcc,
        CAME_BACK: came_back(entries),
    }
    return tuple(name for name, there in present.items() if there)
