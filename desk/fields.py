"""The fields of a ticket that agents set: what an event keeps of them, and how a change is turned back and on again.

All else on a ticket is worked out from its conversation (desk/summary.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import get_args

from desk.conversation import Change, Entry, Event, Field, Recorded
from desk.people import Handle
from desk.sleep import sleep_of, with_sleep
from desk.ticket import Priority, Status, Ticket

FIELDS: tuple[Field, ...] = get_args(Field)


@dataclass(frozen=True, slots=True)
class Turn:
    """A field that is to go from one value to another, where nobody has given it a third one."""

    field: Field
    was: Recorded
    becomes: Recorded


def turned_back(events: Iterable[Event]) -> tuple[Turn, ...]:
    """What takes these events' changes back, the last one first."""
    made = [each for event in events for each in event.changes]
    return tuple(Turn(each.field, was=each.after, becomes=each.before) for each in reversed(made))


def turned_on(events: Iterable[Event]) -> tuple[Turn, ...]:
    """What makes these events' changes again, in their order."""
    return tuple(Turn(each.field, was=each.before, becomes=each.after) for event in events for each in event.changes)


def is_possible(ticket: Ticket, turn: Turn) -> bool:
    """Whether the field still has the value that the turn begins with; tags can always be put on and taken off."""
    return turn.field == "tags" or value(ticket, turn.field) == turn.was


def turned(ticket: Ticket, turn: Turn) -> Ticket:
    """The ticket after a turn; tags that others put on or took off in the meantime stay so."""
    if turn.field == "tags":
        return replace(ticket, tags=_merged(ticket.tags, _tags(turn.was), _tags(turn.becomes)))
    return with_value(ticket, turn.field, turn.becomes)


def changes(before: Ticket, after: Ticket) -> tuple[Change, ...]:
    """What differs between two states of a ticket."""
    possible = (Change(each, value(before, each), value(after, each)) for each in FIELDS)
    return tuple(each for each in possible if each.before != each.after)


def as_told(ticket: Ticket, entries: Iterable[Entry]) -> Ticket:
    """The ticket with the values that the standing events gave it last, as whoever reads them must believe.

    Where none of those that changed a field stands, it is as it was before the first of them. Tags are left out: each
    event about them tells what was put on and taken off, whatever else was there.
    """
    begun = set[Field]()
    for event in sorted((each for each in entries if isinstance(each, Event)), key=lambda each: each.id):
        for change in event.changes:
            if change.field == "tags":
                continue
            if change.field not in begun:
                ticket = with_value(ticket, change.field, change.before)
                begun.add(change.field)
            ticket = ticket if event.undone else with_value(ticket, change.field, change.after)
    return ticket


def value(ticket: Ticket, field: Field) -> Recorded:
    """A field as an event keeps it."""
    match field:
        case "status":
            return ticket.status
        case "assignee":
            return ticket.assignee
        case "tags":
            return ticket.tags
        case "priority":
            return ticket.priority
        case "snoozed_until":
            return sleep_of(ticket)


def with_value(ticket: Ticket, field: Field, recorded: Recorded) -> Ticket:
    """The ticket with a field as an event kept it."""
    match field:
        case "status":
            return replace(ticket, status=Status(str(recorded)))
        case "assignee":
            return replace(ticket, assignee=None if recorded is None else Handle(str(recorded)))
        case "tags":
            return replace(ticket, tags=_tags(recorded))
        case "priority":
            return replace(ticket, priority=Priority(str(recorded)))
        case "snoozed_until":
            return with_sleep(ticket, recorded if isinstance(recorded, str) else None)


def _tags(recorded: Recorded) -> tuple[str, ...]:
    return recorded if isinstance(recorded, tuple) else ()


def _merged(now: tuple[str, ...], was: tuple[str, ...], becomes: tuple[str, ...]) -> tuple[str, ...]:
    if now == was:
        return becomes
    kept = [each for each in now if each in becomes or each not in was]
    return tuple(dict.fromkeys([*kept, *(each for each in becomes if each not in was)]))
