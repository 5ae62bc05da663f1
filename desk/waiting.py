"""Who waits for whom in a conversation: since when a customer waits for an answer, and what needs none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from desk.conversation import Direction, Entry, EntryId, Event, Happened, Message, OutboxId
from desk.moves import MOVED, SETTLED, WAITS, has_come, named_in
from desk.outgoing import OutboxState
from desk.ticket import Status

NOT_AN_ANSWER = frozenset({OutboxState.CANCELLED, OutboxState.REFUSED})
_MAIL_OPENS = frozenset({Happened.REOPENED, Happened.MERGED, Happened.ANSWERED_ASIDE, Happened.WOKEN})

States = Mapping[OutboxId, OutboxState]


def counts(message: Message, states: States) -> bool:
    """Whether a message stands in the conversation: all but replies that were taken back or refused."""
    return message.outbox is None or states.get(message.outbox) not in NOT_AN_ANSWER


@dataclass(frozen=True, slots=True)
class _Wait:
    """Since when a customer waits, and since when one would whose ticket an agent closed (None: nobody does)."""

    oldest: datetime | None = None
    settled: datetime | None = None

    def after_message(self, message: Message) -> _Wait:
        """The same once a message came that moves the conversation on."""
        if message.direction is Direction.OUT:
            is_answer = message.automatic is None and message.outbox is not None
            return _Wait() if is_answer else self
        if message.automatic is not None:
            return self
        return _Wait(min(self.oldest or message.at, message.at), self.settled)  # what is found late may be older

    def after_event(self, event: Event) -> _Wait:
        """The same once something was done."""
        if closes(event):
            return _Wait(None, first_of(self.oldest, self.settled))
        if opens(event):
            return _Wait(first_of(self.settled, self.oldest), None)
        return self

    def joined_by(self, *moments: datetime | None) -> _Wait:
        """The same once others came to the ticket who wait since then."""
        return _Wait(min((each for each in (self.oldest, *moments) if each is not None), default=None), self.settled)


def waiting_since(entries: Iterable[Entry], states: States) -> datetime | None:
    """When the oldest customer message without an answer reached us; automatic mail waits for nothing.

    An answer that did not come back answers what was on the desk before it, whoever it went to: the order of ids,
    whatever the mail server's clock says. One that was written with another program answers what reached the mail
    server before it, whenever we found either. An agent who closes a ticket settles what waited; opening it again lets
    that wait again. What came from another ticket waits as it did there, until it is answered here. Side talks are
    another matter.
    """
    entries = sorted(entries, key=lambda each: each.id)
    came = {each.id: named_in(each, MOVED) for each in entries if isinstance(each, Event) and has_come(each)}
    strangers = frozenset[EntryId]().union(*came.values())
    apart = {event: [each for each in entries if each.id in moved] for event, moved in came.items()}
    entries = [each for each in entries if each.id not in strangers]
    elsewhere = max((each.at for each in entries if is_from_elsewhere(each)), default=None)
    wait = _Wait()
    for entry in entries:
        match entry:
            case Event() if entry.id in came:
                there = waiting_since(_unsettled(entry, apart[entry.id], entries), states)
                known = datetime.fromisoformat(entry.detail[WAITS]) if WAITS in entry.detail else None
                wait = wait.joined_by(there, known)
            case Event():
                wait = wait.after_event(entry)
            case Message() if _moves_on(entry, states, elsewhere):
                wait = wait.after_message(entry)
            case _:
                pass
    return wait.oldest


def _moves_on(message: Message, states: States, elsewhere: datetime | None) -> bool:
    """Whether the customer's talk goes on with it; `elsewhere` is when somebody last answered with another program."""
    if message.side is not None or not answers(message, states):
        return False
    return elsewhere is None or message.at >= elsewhere or message.outbox is not None


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


def first_of(*moments: datetime | None) -> datetime | None:
    """The first of these that there is."""
    return next((each for each in moments if each is not None), None)
