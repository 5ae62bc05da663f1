"""What others did to a ticket since an act, whatever values its fields have now.

A colleague who came back to the same value has decided on it: taking that back is not the agent's business any more.
"""

from __future__ import annotations

from collections.abc import Sequence

from desk.conversation import Act, Change, Entry, EntryId, Event, Happened, Recorded
from desk.fields import Turn
from desk.people import Handle

_TURNS = frozenset({Happened.UNDONE, Happened.REDONE})


def done_since(entries: Sequence[Entry], act: Sequence[Event], me: Handle) -> list[Event]:
    """The events of others that stand now and did not before this act on their ticket, or the other way round."""
    start = min(each.id for each in act)
    changing = [each for each in entries if isinstance(each, Event) and each.changes and each.author != me]
    turns = [each for each in entries if isinstance(each, Event) and each.what in _TURNS and each.id < start]
    last = {Act(each.detail["act"]): each for each in sorted(turns, key=lambda each: each.id)}
    return [each for each in changing if _is_news(each, last.get(each.act), start)]


def touching(turn: Turn, events: Sequence[Event]) -> Event | None:
    """The last of these events that changed what a turn would change; None where none did."""
    return max((each for each in events if touched(turn, each)), key=lambda each: each.id, default=None)


def touched(turn: Turn, event: Event) -> list[str]:
    """What both a turn and an event change: the field's name, or of tags each that both put on or take off."""
    mine = _parts(turn.field, turn.was, turn.becomes)
    theirs = frozenset[str]().union(*(_parts_of(each) for each in event.changes if each.field == turn.field))
    return sorted(mine & theirs)


def _is_news(event: Event, last: Event | None, start: EntryId) -> bool:
    """`last` is the undo or redo of its act that was the last one before an entry."""
    if event.id > start:
        return not event.undone
    if event.what in _TURNS:  # what it turned tells
        return False
    stood = last is None or last.what is Happened.REDONE
    return stood == event.undone


def _parts_of(change: Change) -> frozenset[str]:
    return _parts(change.field, change.before, change.after)


def _parts(field: str, one: Recorded, other: Recorded) -> frozenset[str]:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return frozenset({*one} ^ {*other})
    return frozenset({field})
