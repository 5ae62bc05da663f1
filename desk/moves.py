"""Mails and notes that go from one ticket to another: which go together, and what the events on both tell of it."""

from __future__ import annotations

from collections.abc import Iterable

from desk.conversation import Entry, EntryId, Event, Happened, Message

FROM, INTO = "from", "into"
"""How each calls the other ticket; the one with FROM stands where the texts came."""

MOVED, SETTLED, DRAFTS = "moved", "settled", "drafts"
"""Ids: the mails and notes that went, those mails of them that a closing had settled, and drafts."""

WAITS = "waits"
"""Since when the customer waited there, where the mails by themselves do not tell it."""

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


def strand(entries: Iterable[Entry], message: EntryId) -> list[Message]:
    """A mail and every later one that answers it, or answers one of these; none where it is no mail."""
    mails = sorted((each for each in entries if isinstance(each, Message)), key=lambda each: each.id)
    found = [each for each in mails if each.id == message]
    known = {each.message_id for each in found if each.message_id}
    for mail in mails if found else ():
        if mail.id > message and known.intersection(mail.references):
            found.append(mail)
            known.add(mail.message_id)
    return found
