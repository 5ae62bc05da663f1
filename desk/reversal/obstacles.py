"""What stands in the way of giving a field of a ticket another value again, each in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.conversation import Direction, Entry, EntryId, Event, Happened, Message, Recorded
from desk.desk import Desk
from desk.fields import Turn, is_possible, value
from desk.people import Handle
from desk.reversal.others import touched, touching
from desk.sleep import Sleep
from desk.ticket import Status, Ticket

_NOT_OUR_TURN = frozenset({Status.WAITING, Status.CLOSED})
"""What a mail ends: it opens such a ticket (desk/intake/filing.py)."""

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`why` refuses all of it, `stays` tells that this one field is left as it is."""

    why: str
    stays: str


def changed_since(ticket: Ticket, turn: Turn, entries: Sequence[Entry], others: Sequence[Event]) -> Obstacle | None:
    """Somebody gave the field another value, or, as the events of `others` tell, the same one again.

    A sleep that is over by itself stands in nobody's way who wants it to be over.
    """
    if turn.field == "snoozed_until" and turn.becomes is None and ticket.snoozed_until is None:
        return None
    if event := touching(turn, others):
        return _changed(ticket, turn, event)
    return (
        None if is_possible(ticket, turn) else _changed(ticket, turn, _making(value(ticket, turn.field), turn, entries))
    )


def is_over(turn: Turn, now: datetime) -> bool:
    """Whether a ticket would be put to sleep until a moment that has come."""
    return turn.field == "snoozed_until" and isinstance(turn.becomes, str) and Sleep.read(turn.becomes).until <= now


def _making(now: Recorded, turn: Turn, entries: Sequence[Entry]) -> Event | None:
    """The last event that stands and gave the field the value that it has."""
    standing = (each for each in entries if isinstance(each, Event) and not each.undone)
    making = (each for each in standing if any((it.field, it.after) == (turn.field, now) for it in each.changes))
    return max(making, key=lambda each: each.id, default=None)


def _changed(ticket: Ticket, turn: Turn, event: Event | None) -> Obstacle:
    by = _by(event)
    if turn.field == "tags" and event is not None:
        what = f"the tag “{touched(turn, event)[0]}” of ticket {ticket.number} was changed again since{by}"
        return Obstacle(what, f"the tags were changed again since{by}; they stay")
    if turn.field == "snoozed_until":
        return _slept(ticket, by)
    to = value(ticket, turn.field) or "nobody"
    return Obstacle(
        f"the {turn.field} of ticket {ticket.number} was changed again since, to “{to}”{by}",
        f"the {turn.field} was changed again since{by}; it stays",
    )


def _slept(ticket: Ticket, by: str) -> Obstacle:
    did = "woke up" if ticket.snoozed_until is None else "was put to sleep once more"
    return Obstacle(f"ticket {ticket.number} {did} since{by}", f"it {did} since{by}; that stays")


def nobody_there(desk: Desk, ticket: Ticket, turn: Turn) -> Obstacle | None:
    """The colleague who would get the ticket is not on the desk any more."""
    if turn.field != "assignee" or turn.becomes is None or desk.store.agents.get(Handle(str(turn.becomes))):
        return None
    return Obstacle(
        f"ticket {ticket.number} would be {turn.becomes}'s, who left this desk",
        f"the assignee stays, since {turn.becomes} left this desk",
    )


def mail_since(desk: Desk, before: Ticket, after: Ticket, since: EntryId) -> Obstacle | None:
    """The ticket would be put out of sight over mail that came after an entry."""
    is_put_off = before.snoozed_until is None and after.snoozed_until is not None and not after.sleeps_through
    if not is_put_off and (after.status == before.status or after.status not in _NOT_OUR_TURN):
        return None
    field = "it stays awake" if is_put_off else "the status stays"
    for mail in reversed(desk.store.conversations.of(after.number)):
        if isinstance(mail, Message) and mail.id > since and _is_by_a_customer(mail):
            who = mail.sender.label[:_LONGEST_NAME]
            return Obstacle(f"{who} wrote a mail on ticket {after.number} since", f"{field}, since {who} wrote a mail")
    return None


def _is_by_a_customer(mail: Message) -> bool:
    return mail.direction is Direction.IN and mail.automatic is None and mail.side is None


def _by(event: Event | None) -> str:
    if event is None:
        return ""
    return f", by {event.author or ('a new mail' if event.what is Happened.REOPENED else 'Tandem')}"
