"""What became part of one ticket after somebody had seen it: texts that a merge brought, or a split taken back."""

from __future__ import annotations

from collections.abc import Sequence

from desk.conversation import Entry, EntryId, Event, Happened
from desk.moves import FROM, MOVED, MOVES, named_in

_TURNS = frozenset({Happened.UNDONE, Happened.REDONE})


def joined_since(entries: Sequence[Entry], seen: EntryId) -> frozenset[EntryId]:
    """The mails and notes of a ticket that were on another one than the entry `seen`, when that was the newest.

    They came here since, or it came to them itself: what was on either ticket is new to whoever wrote on the other.
    """
    joined: set[EntryId] = set()
    for event in entries:
        if isinstance(event, Event) and event.what in MOVES and _came_since(event, entries, seen):
            moved = named_in(event, MOVED)
            there = {each.id for each in entries if not isinstance(each, Event) and each.id < event.id}
            joined |= there - moved if _came_along(entries, seen, moved) else there & moved
    return frozenset(joined)


def _came_since(event: Event, entries: Sequence[Entry], seen: EntryId) -> bool:
    """Whether what an event moved is on this ticket now, and was not when this entry was the newest."""
    turns = [each.id for each in entries if isinstance(each, Event) and each.what in _TURNS and _turns(each, event)]
    stood = event.id <= seen and sum(each <= seen for each in turns) % 2 == 0
    brings = FROM in event.detail
    return MOVED in event.detail and event.undone is not brings and stood is not brings


def _turns(turning: Event, event: Event) -> bool:
    return turning.detail.get("act") == event.act


def _came_along(entries: Sequence[Entry], seen: EntryId, moved: frozenset[EntryId]) -> bool:
    """Whether this entry came with what was moved, or was on the ticket that this one goes on for."""
    entry = next((each for each in entries if each.id == seen), None)
    about = entry.entry if isinstance(entry, Event) else None
    return entry is None or entry.id in moved or about in moved
