"""A ticket that sleeps: until when, who put it off, and whether an answer wakes it. Pure.

All three go together: an event keeps them as one value, so that no undo can turn a part of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from desk.conversation import Entry, Event, Happened, Recorded
from desk.people import Handle
from desk.safe import safe_line
from desk.ticket import Status, Ticket

_FORM = "%Y-%m-%dT%H:%M:%SZ"
_THROUGH = "through"

CAME_BACK = "came_back"
"""What a ticket holds whose sleep was over in time, until somebody does something about it."""

IN_TIME, ANSWERED = "time", "answer"
WHY, BY = "why", "by"
"""What the event of a ticket that woke up says: why it did, and who had put it to sleep."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """Until when a ticket is out of sight (UTC, whole seconds), by whom, and whether it sleeps through answers."""

    until: datetime
    by: Handle
    through: bool = False

    @classmethod
    def read(cls, recorded: str) -> Sleep:
        """A sleep as an event kept it."""
        until, _, rest = recorded.partition(" ")
        by, _, through = rest.partition(" ")
        return cls(datetime.strptime(until, _FORM).replace(tzinfo=UTC), Handle(by), through == _THROUGH)

    def __str__(self) -> str:
        return " ".join((self.until.strftime(_FORM), self.by, *((_THROUGH,) if self.through else ())))


def sleep_of(ticket: Ticket) -> str | None:
    """A ticket's sleep as an event keeps it; None where it is awake."""
    if ticket.snoozed_until is None:
        return None
    return str(Sleep(ticket.snoozed_until, ticket.snoozed_by or Handle(""), ticket.sleeps_through))


def with_sleep(ticket: Ticket, recorded: str | None) -> Ticket:
    """The ticket with a sleep as an event kept it."""
    return awake(ticket) if recorded is None else asleep(ticket, Sleep.read(recorded))


def asleep(ticket: Ticket, sleep: Sleep) -> Ticket:
    """The ticket put to sleep."""
    return replace(ticket, snoozed_until=sleep.until, snoozed_by=sleep.by or None, sleeps_through=sleep.through)


def awake(ticket: Ticket) -> Ticket:
    """The ticket back among the others."""
    return replace(ticket, snoozed_until=None, snoozed_by=None, sleeps_through=False)


def sleeps(ticket: Ticket, now: datetime) -> bool:
    """Whether a ticket is out of sight now; one whose moment has come is not, even before that was written down."""
    return ticket.snoozed_until is not None and ticket.snoozed_until > now


def come_together(one: Ticket, other: Ticket) -> Ticket:
    """`one` with the sleep of both once they are one: none where either asks for somebody now, else the shorter."""
    sleepers = [each for each in (one, other) if each.snoozed_until is not None]
    if any(each.status is Status.OPEN and each.snoozed_until is None for each in (one, other)):
        sleepers = []
    first = min(sleepers, key=lambda each: (each.snoozed_until is None, each.snoozed_until), default=None)
    if first is None:
        return awake(one)
    through = all(each.sleeps_through for each in sleepers)
    return replace(one, snoozed_until=first.snoozed_until, snoozed_by=first.snoozed_by, sleeps_through=through)


def came_back(entries: Iterable[Entry]) -> bool:
    """Whether the last that happened to a ticket, but for what Tandem told of its mails, is that its time had come."""
    told = (each for each in entries if not _is_by_the_way(each))
    last = max(told, key=lambda each: each.id, default=None)
    return isinstance(last, Event) and last.what is Happened.WOKEN and last.detail.get(WHY) == IN_TIME


def _is_by_the_way(entry: Entry) -> bool:
    return isinstance(entry, Event) and (entry.undone or (entry.author is None and entry.what is not Happened.WOKEN))


def told(recorded: Recorded) -> str:
    """What was done to a ticket whose sleep became this, said of whoever did it."""
    if not isinstance(recorded, str):
        return "woke it up"
    try:
        sleep = Sleep.read(recorded)
    except ValueError:  # the doing of a newer Tandem
        return "snoozed it"
    return f"snoozed it until {_here(sleep.until)}{', through answers' if sleep.through else ''}"


def slept(ticket: Ticket) -> str:
    """Until when a ticket sleeps by this machine's clock, who put it off, and what wakes it."""
    if ticket.snoozed_until is None:
        return "is awake"
    by = f" ({safe_line(ticket.snoozed_by)})" if ticket.snoozed_by else ""
    answers = "sleeps through answers" if ticket.sleeps_through else "wakes on an answer"
    return f"sleeps until {_here(ticket.snoozed_until)}{by}, {answers}"


def in_words(event: Event) -> str | None:
    """What an event about a sleep says, with why a ticket woke up; None for events of other kinds."""
    slept = next((each for each in event.changes if each.field == "snoozed_until"), None)
    if slept is None or event.what not in (Happened.SNOOZED, Happened.WOKEN):
        return None
    by = safe_line(event.detail.get(BY, ""))
    match event.detail.get(WHY):
        case "answer":
            return f"woke it up for this answer{f', before {by} wanted it back' if by else ''}"
        case "time":
            return f"woke it up, as {by} wanted" if by else "woke it up"
        case _:
            return told(slept.after)


def _here(at: datetime) -> str:
    """A moment on this machine's clock."""
    try:
        here = at.astimezone()
    except (ValueError, OverflowError, OSError):  # the calendar ends
        return f"{at:%Y-%m-%d %H:%M} UTC"
    return f"{here:%a} {here.day} {here:%b %Y %H:%M}"
