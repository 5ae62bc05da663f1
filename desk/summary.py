"""What a ticket says of its conversation, always worked out from the conversation itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from desk.conversation import Direction, Entry, EntryId, Event, Happened, Message, Note, OutboxId
from desk.mentions import Mention, held
from desk.moves import MOVED, SETTLED, WAITS, has_come, named_in
from desk.outgoing import OutboxState
from desk.people import Address
from desk.sides import ANSWERED_ASIDE, ANSWERED_FROM_BCC, ASIDE, unanswered
from desk.sleep import CAME_BACK, came_back
from desk.ticket import Status, Ticket

UNDELIVERED = frozenset({OutboxState.REFUSED, OutboxState.UNCERTAIN, OutboxState.BOUNCED})
_MAIL_OPENS = frozenset({Happened.REOPENED, Happened.MERGED, Happened.ANSWERED_ASIDE, Happened.WOKEN})
NOT_AN_ANSWER = frozenset({OutboxState.CANCELLED, OutboxState.REFUSED})

States = Mapping[OutboxId, OutboxState]


def counts(message: Message, states: States) -> bool:
    """Whether a message stands in the conversation: all but replies that were taken back or refused."""
    return message.outbox is None or states.get(message.outbox) not in NOT_AN_ANSWER


def waiting_since(entries: Iterable[Entry], states: States) -> datetime | None:
    """When the oldest customer message without an answer reached us; automatic mail waits for nothing.

    An answer that did not come back answers what was on the desk before it: the order of ids, whatever the mail
    server's clock says. One that was written with another program answers what reached the mail server before it,
    whenever we found either. An agent who closes a ticket settles what waited; opening it again lets that wait again.
    What came from another ticket waits as it did there, until it is answered here. Side talks are another matter.
    """
    entries = list(entries)
    came = {each.id: named_in(each, MOVED) for each in entries if isinstance(each, Event) and has_come(each)}
    strangers = frozenset[EntryId]().union(*came.values())
    oldest: datetime | None = None
    settled: datetime | None = None
    entries = sorted(entries, key=lambda each: each.id)
    apart = {event: [each for each in entries if each.id in moved] for event, moved in came.items()}
    entries = [each for each in entries if each.id not in strangers]
    elsewhere = max((each.at for each in entries if is_from_elsewhere(each)), default=None)
    for entry in entries:
        match entry:
            case Event() if entry.id in came:
                there = waiting_since(_unsettled(entry, apart[entry.id], entries), states)
                known = datetime.fromisoformat(entry.detail[WAITS]) if WAITS in entry.detail else None
                oldest = min((each for each in (oldest, there, known) if each is not None), default=None)
            case Message() if entry.side is not None:
                pass
            case Message() if not answers(entry, states) or (elsewhere and entry.at < elsewhere and not entry.outbox):
                pass
            case Message(direction=Direction.OUT) if entry.automatic is not None or entry.outbox is None:
                pass
            case Message(direction=Direction.OUT):
                oldest = settled = None
            case Message(automatic=None):
                oldest = min(oldest or entry.at, entry.at)  # what is found late may be older
            case Event() if closes(entry):
                oldest, settled = None, _first(oldest, settled)
            case Event() if opens(entry):
                oldest, settled = _first(settled, oldest), None
            case _:
                pass
    return oldest


def _unsettled(event: Event, came: Iterable[Entry], others: Iterable[Entry]) -> list[Entry]:
    """Of what came to a ticket, that which no closing settled, nor an answer from elsewhere that was found since."""
    found = max((each.at for each in others if each.id > event.id and is_from_elsewhere(each)), default=None)
    done_with = named_in(event, SETTLED)
    return [each for each in came if each.id not in done_with and (found is None or each.at >= found)]


def settled(entries: Iterable[Entry]) -> frozenset[EntryId]:
    """The customer's mails that need no answer because an agent closed the ticket over them, here or elsewhere."""
    none = frozenset[EntryId]()
    waiting, closed, elsewhere = none, none, none
    for entry in sorted(entries, key=lambda each: each.id):
        match entry:
            case Message(direction=Direction.IN, automatic=None, side=None):
                waiting |= {entry.id}
            case Event() if has_come(entry):
                elsewhere |= named_in(entry, SETTLED)
            case Event() if closes(entry):
                waiting, closed = none, closed | waiting
            case Event() if opens(entry):
                waiting, closed = closed | waiting, none
            case _:
                pass
    return closed | elsewhere


def _first(*moments: datetime | None) -> datetime | None:
    return next((each for each in moments if each is not None), None)


def answers(message: Message, states: States) -> bool:
    """Whether a message moves the conversation on: one that counts, unless it was a reply that came back."""
    is_bounced = message.outbox is not None and states.get(message.outbox) is OutboxState.BOUNCED
    return counts(message, states) and not is_bounced


def is_from_elsewhere(entry: Entry) -> bool:
    """Whether this is an answer that one of us wrote with another program, found in a folder of sent mail."""
    match entry:
        case Message(direction=Direction.OUT, outbox=None, automatic=None, side=None):
            return True
        case _:
            return False


def closes(event: Event) -> bool:
    """Whether an agent closed the ticket by this, and it stands."""
    closed = any(each.field == "status" and each.after == Status.CLOSED for each in event.changes)
    return closed and event.author is not None and not event.undone


def opens(event: Event) -> bool:
    """Whether this opened a closed ticket because it was not done with after all; new mails are another matter."""
    opened = any(each.field == "status" and each.before == Status.CLOSED for each in event.changes)
    return opened and event.what not in _MAIL_OPENS and not event.undone


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
        waiting_since=_first(ticket.waiting_since, waits),
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
