"""What was done on a ticket in some hours, in words: by whom of us, and that the customer wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from desk.conversation import Change, Direction, Entry, Event, Happened, Message, Note, Recorded
from desk.people import Handle
from desk.summary import States, counts

CUSTOMER = "customer"
"""Stands for whoever wrote to us: no customer is named, for these words are kept."""

_BY_THEMSELVES = {
    Happened.MERGED: "merged",
    Happened.SPLIT: "split off",
    Happened.PROMISED: "promised something",
    Happened.PROMISE_KEPT: "kept a promise",
    Happened.FORWARDED: "forwarded a mail",
    Happened.WRITTEN: "wrote first",
    Happened.LINKED: "linked",
    Happened.ACCEPTED: "took in parked mail",
}
_TOLD_BY_TEXT = frozenset({Happened.NOTED, Happened.NOTE_EDITED, Happened.REPLIED, Happened.UNDONE, Happened.REDONE})


def deeds(entries: Iterable[Entry], states: States, since: datetime) -> str:
    """`ana took it, answered 2x; customer wrote; bo closed it`; empty where nothing was done that stands."""
    done = dict[str, dict[str, int]]()
    for who, what in _done((each for each in entries if each.at >= since), states):
        theirs = done.setdefault(who, {})
        theirs[what] = theirs.get(what, 0) + 1
    return "; ".join(f"{who} {', '.join(map(_times, what.items()))}" for who, what in done.items())


def event_deeds(event: Event) -> list[str]:
    """What an agent did by an event, in words that follow the agent's name; a text tells of itself."""
    if event.what in _TOLD_BY_TEXT:
        return []
    if event.what is Happened.HANDED_OVER:
        return [f"handed it to {event.detail.get('to', '')}".rstrip()]
    own = [_BY_THEMSELVES[event.what]] if event.what in _BY_THEMSELVES else []
    return [*own, *(word for each in event.changes if (word := _changed(each, event.author)))]


def _done(entries: Iterable[Entry], states: States) -> Iterator[tuple[str, str]]:
    for entry in entries:
        match entry:
            case Message(direction=Direction.IN, automatic=None):
                yield CUSTOMER, "wrote" if entry.side is None else "answered a forward"
            case Message(direction=Direction.OUT) if entry.author is not None and counts(entry, states):
                yield entry.author, "answered" if entry.side is None else "forwarded a mail"
            case Note(removed=False):
                yield entry.author, "left a note"
            case Event(undone=False) if entry.author is not None and entry.what is not Happened.FORWARDED:
                yield from ((entry.author, each) for each in event_deeds(entry))
            case _:
                pass


def _changed(change: Change, author: Handle | None) -> str:
    match change.field:
        case "assignee":
            return assigned(change, author)
        case "tags":
            return _tagged(change.before, change.after)
        case "status":
            return {"closed": "closed it", "open": "opened it", "waiting": "set it waiting"}.get(
                str(change.after), f"marked it {change.after}"
            )
        case "priority":
            return f"made it {change.after}"
        case "snoozed_until":
            return "snoozed it" if change.after else "woke it"


def assigned(change: Change, author: Handle | None) -> str:
    """What somebody did by giving a ticket to an agent, or to nobody, in words that follow their name."""
    if change.after is None:
        return "put it back" if change.before == author else f"took it from {change.before}"
    return "took it" if change.after == author else f"gave it to {change.after}"


def _tagged(before: Recorded, after: Recorded) -> str:
    was, now = before or (), after or ()
    on, off = (f"+{each}" for each in now if each not in was), (f"-{each}" for each in was if each not in now)
    return " ".join(["tagged", *on, *off])


def _times(what: tuple[str, int]) -> str:
    words, times = what
    return words if times == 1 else f"{words} {times}x"
