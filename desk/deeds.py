"""What was done on a ticket in some hours: by whom of us, and that the customer wrote; as data, and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from desk.conversation import Change, Direction, Entry, Event, Happened, Message, Note, Recorded
from desk.people import Handle
from desk.waiting import States, counts


class Done(StrEnum):
    """What was done, in words that follow the name of whoever did it; {about} is to whom, or with what."""

    TOOK = "took it"
    TOOK_FROM = "took it from {about}"
    PUT_BACK = "put it back"
    GAVE = "gave it to {about}"
    HANDED = "handed it to {about}"
    TAGGED = "tagged {about}"
    OPENED = "opened it"
    SET_WAITING = "set it waiting"
    CLOSED = "closed it"
    MARKED_SPAM = "marked it as spam"
    PRIORITY = "made it {about}"
    SNOOZED = "snoozed it"
    WOKE = "woke it"
    MERGED = "merged"
    SPLIT = "split off"
    PROMISED = "promised something"
    KEPT_PROMISE = "kept a promise"
    FORWARDED = "forwarded a mail"
    WROTE_FIRST = "wrote first"
    LINKED = "linked"
    ACCEPTED = "took in parked mail"
    ANSWERED = "answered"
    NOTED = "left a note"
    WROTE = "wrote"
    ANSWERED_FORWARD = "answered a forward"


CUSTOMER, ONE, AGAIN = "customer", "{who} {done}", "{done} {times}x"
"""The other words: whoever wrote to us, for no customer is named in what is kept; one of them, and a deed as often."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that `who` did on a ticket, so many times; None is the customer. `about` is what `done` asks for."""

    who: Handle | None
    done: Done
    about: str = ""
    times: int = 1


_BY_THEMSELVES = {
    Happened.MERGED: Done.MERGED,
    Happened.SPLIT: Done.SPLIT,
    Happened.PROMISED: Done.PROMISED,
    Happened.PROMISE_KEPT: Done.KEPT_PROMISE,
    Happened.FORWARDED: Done.FORWARDED,
    Happened.WRITTEN: Done.WROTE_FIRST,
    Happened.LINKED: Done.LINKED,
    Happened.ACCEPTED: Done.ACCEPTED,
}
_STATUS = {"open": Done.OPENED, "waiting": Done.SET_WAITING, "closed": Done.CLOSED, "spam": Done.MARKED_SPAM}
_TOLD_BY_TEXT = frozenset({Happened.NOTED, Happened.NOTE_EDITED, Happened.REPLIED, Happened.UNDONE, Happened.REDONE})


def deeds(entries: Iterable[Entry], states: States, since: datetime) -> tuple[Deed, ...]:
    """What was done that stands, by each of them together, in the order in which they began."""
    done = Counter(each for entry in entries if entry.at >= since for each in _done(entry, states))
    people = list(dict.fromkeys(each.who for each in done))
    told = (replace(each, times=times) for each, times in done.items())
    return tuple(sorted(told, key=lambda each: people.index(each.who)))


def in_words(done: Iterable[Deed], say: Callable[[str], str] = str) -> str:
    """`ana took it, answered 2x; customer wrote; bo closed it`; `say` gives each word in another language."""
    by: dict[Handle | None, list[str]] = {}
    for each in done:
        by.setdefault(each.who, []).append(_told(each, say))
    return "; ".join(say(ONE).format(who=who or say(CUSTOMER), done=", ".join(told)) for who, told in by.items())


def _told(deed: Deed, say: Callable[[str], str]) -> str:
    about = say(deed.about) if deed.done is Done.PRIORITY else deed.about
    told = say(deed.done.value).format(about=about)
    return told if deed.times == 1 else say(AGAIN).format(done=told, times=deed.times)


def _done(entry: Entry, states: States) -> Iterator[Deed]:
    match entry:
        case Message(direction=Direction.IN, automatic=None):
            yield Deed(None, Done.WROTE if entry.side is None else Done.ANSWERED_FORWARD)
        case Message(direction=Direction.OUT) if entry.author is not None and counts(entry, states):
            yield Deed(entry.author, Done.ANSWERED if entry.side is None else Done.FORWARDED)
        case Note(removed=False):
            yield Deed(entry.author, Done.NOTED)
        case Event(undone=False) if entry.author is not None and entry.what is not Happened.FORWARDED:
            yield from _of_event(entry, entry.author)
        case _:
            pass


def _of_event(event: Event, author: Handle) -> Iterator[Deed]:
    """What an agent did by an event; a text tells of itself."""
    if event.what in _TOLD_BY_TEXT:
        return
    if event.what is Happened.HANDED_OVER:
        yield Deed(author, Done.HANDED, event.detail.get("to", ""))
        return
    if event.what in _BY_THEMSELVES:
        yield Deed(author, _BY_THEMSELVES[event.what])
    yield from (Deed(author, *_changed(each, author)) for each in event.changes)


def _changed(change: Change, author: Handle) -> tuple[Done, str]:
    match change.field:
        case "assignee":
            return assigned(change, author)
        case "tags":
            return Done.TAGGED, _tags(change.before, change.after)
        case "status":
            return _STATUS.get(str(change.after), Done.OPENED), ""
        case "priority":
            return Done.PRIORITY, str(change.after)
        case "snoozed_until":
            return (Done.SNOOZED if change.after else Done.WOKE), ""


def assigned(change: Change, author: Handle | None) -> tuple[Done, str]:
    """What somebody did by giving a ticket to an agent, or to nobody, and to or from whom."""
    if change.after is None:
        return (Done.PUT_BACK, "") if change.before == author else (Done.TOOK_FROM, str(change.before))
    return (Done.TOOK, "") if change.after == author else (Done.GAVE, str(change.after))


def _tags(before: Recorded, after: Recorded) -> str:
    was, now = before or (), after or ()
    return " ".join(
        [*(f"+{each}" for each in now if each not in was), *(f"-{each}" for each in was if each not in now)]
    )
