"""What colleagues do to the tickets that this agent is at, as quiet sentences for the status line; never a flood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from desk.actions.hand_over import TO
from desk.conversation import Change, EntryId, Event, Happened
from desk.desk import Desk
from desk.people import Handle
from desk.safe import safe_line
from desk.ticket import Ticket, TicketNumber
from tui.keys.naming import with_keys
from tui.words.telling import PRIORITY
from tui.words.tongue import mark, tr, trc, trn

_MOST = 100
"""Entries that are looked at of those that came at once, the newest; a flood of mail is no news of a colleague."""
FRESH = timedelta(minutes=1)
"""How old an event may be to be told: undo and redo touch old ones again."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that a colleague did, in words; `takes`: it took the ticket from this agent; `is_note`: it may call.

    `is_text`: it is a text that nobody had seen before.
    """

    ticket: TicketNumber
    words: str
    takes: bool = False
    is_note: bool = False
    is_text: bool = False


def deeds_among(desk: Desk, entries: Iterable[EntryId], near: frozenset[TicketNumber]) -> list[Deed]:
    """What colleagues did by these entries to the tickets `near` and to this agent's own, oldest first."""
    me, now = desk.acting.handle if desk.acting else None, desk.clock()
    found = (desk.store.conversations.get(each) for each in sorted(entries)[-_MOST:])
    events = [each for each in found if isinstance(each, Event) and each.author not in (None, me) and not each.undone]
    return [
        Deed(each.ticket, words, _was_theirs(each, me), each.what in _NOTES, each.what in _TEXTS)
        for each in events
        if now - each.at < FRESH and (words := told(each)) and _concerns(desk, each, near)
    ]


def _concerns(desk: Desk, event: Event, near: frozenset[TicketNumber]) -> bool:
    me, ticket = desk.acting.handle if desk.acting else None, desk.store.tickets.get(event.ticket)
    if event.what is Happened.DRAFT_GIVEN and event.detail.get(TO) == me:
        return False  # the status line tells them by itself (tui/calls.py)
    if me is None or event.ticket in near:
        return event.ticket in near
    return _was_theirs(event, me) or (isinstance(ticket, Ticket) and ticket.assignee == me)


def _was_theirs(event: Event, agent: Handle | None) -> bool:
    """Whether a ticket was this agent's until then."""
    return agent is not None and any(each.field == "assignee" and each.before == agent for each in event.changes)


def in_one_line(deeds: Sequence[Deed], *, undo: bool = True) -> str:
    """`bo closed 1042 · u does not undo that`; several as the last one and how many more there are.

    `undo`: the agent is where a key undoes; where letters are text nobody needs to be told what that does not do.
    """
    last = deeds[-1].words
    if len(deeds) == 1 and not undo:
        return last
    if len(deeds) == 1:
        return with_keys(tr("{deed} · {key_undo} does not undo that"), deed=last)
    count = len(deeds) - 1
    return trn("{deed}, and one thing more", "{deed}, and {count} things more", count).format(deed=last, count=count)


def told(event: Event) -> str:
    """What a colleague did, as a sentence; empty for what follows from something else that is told."""
    values = {"agent": safe_line(event.author or ""), "number": str(event.ticket)}
    if event.what in _WORDS:
        to = safe_line(event.detail.get(TO, ""))
        return tr(_WORDS[event.what]).format(**values, whom=to)
    words = [_changed(each, event) for each in event.changes]
    return ", ".join(each.format(**values) for each in words)


_WORDS = {
    Happened.REPLIED: mark("{agent} answered {number}"),
    Happened.FORWARDED: mark("{agent} forwarded a mail of {number}"),
    Happened.NOTED: mark("{agent} left a note on {number}"),
    Happened.NOTE_EDITED: mark("{agent} edited a note on {number}"),
    Happened.HANDED_OVER: mark("{agent} handed {number} to {whom}"),
    Happened.DRAFT_GIVEN: mark("{agent} handed the unfinished text on {number} to {whom}"),
    Happened.MERGED: mark("{agent} merged {number}"),
    Happened.SPLIT: mark("{agent} split {number}"),
    Happened.PROMISED: mark("{agent} promised something on {number}"),
    Happened.PROMISE_KEPT: mark("{agent} kept a promise on {number}"),
    Happened.UNDONE: mark("{agent} took something back on {number}"),
    Happened.REDONE: mark("{agent} did something again on {number}"),
    Happened.ERASED: mark("{agent} erased the customer of {number}"),
}
_NOTES = {Happened.NOTED, Happened.NOTE_EDITED, Happened.HANDED_OVER}
_TEXTS = {Happened.NOTED, Happened.REPLIED}
_STATUS = {
    "open": mark("{agent} opened {number}"),
    "waiting": mark("{agent} set {number} waiting"),
    "closed": mark("{agent} closed {number}"),
    "spam": mark("{agent} marked {number} as spam"),
}


def _changed(change: Change, event: Event) -> str:
    """A sentence with places for the agent and the number."""
    match change.field:
        case "status":
            return tr(_STATUS.get(str(change.after), mark("{agent} changed {number}")))
        case "assignee":
            return _assigned(change, event)
        case "tags":
            return _with(tr("{agent} tagged {number}: {tags}"), "{tags}", " ".join(_tags(change)))
        case "priority":
            return _with(
                tr("{agent} set the priority of {number}: {priority}"), "{priority}", trc(PRIORITY, str(change.after))
            )
        case "snoozed_until":
            return tr("{agent} snoozed {number}") if change.after else tr("{agent} woke {number}")


def _assigned(change: Change, event: Event) -> str:
    if change.after == event.author:
        return tr("{agent} took {number}")
    if change.after is None:
        return tr("{agent} put {number} back")
    return _with(tr("{agent} gave {number} to {whom}"), "{whom}", str(change.after))


def _with(sentence: str, place: str, value: str) -> str:
    """Fill one place in; what stands there holds no other place."""
    return sentence.replace(place, safe_line(value).replace("{", "{{").replace("}", "}}"))


def _tags(change: Change) -> list[str]:
    was, now = change.before or (), change.after or ()
    return [*(f"+{each}" for each in now if each not in was), *(f"-{each}" for each in was if each not in now)]
