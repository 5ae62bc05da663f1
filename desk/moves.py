"""What events tell of mails and notes that went from one ticket to another: both tickets have one."""

from __future__ import annotations

from collections.abc import Iterable

from desk.conversation import EntryId, Event, Happened

FROM, INTO = "from", "into"
"""How each calls the other ticket; the one with FROM stands where the texts came."""

MOVED, SETTLED, DRAFTS = "moved", "settled", "drafts"
"""Ids: the mails and notes that went, those mails of them that a closing had settled, and drafts."""

MOVES = frozenset({Happened.MERGED, Happened.SPLIT})


def has_come(event: Event) -> bool:
    """Whether texts of another ticket came to this one by it, and it stands."""
    return event.what in MOVES and FROM in event.detail and not event.undone


def named_in(event: Event, name: str) -> frozenset[EntryId]:
    """The entries that an event's detail names."""
    return frozenset(EntryId(int(each)) for each in event.detail.get(name, "").split())


def as_detail(entries: Iterable[EntryId]) -> str:
    """These entries as an event's detail names them."""
    return " ".join(map(str, sorted(entries)))
