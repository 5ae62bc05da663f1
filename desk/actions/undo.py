"""Take back the last thing an agent did, all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from desk.actions.draft import bring_back
from desk.conversation import Act, Change, Event, Happened, Message, Note, Recorded
from desk.desk import Desk
from desk.errors import NothingToUndo, UndoTooLate
from desk.outgoing import OutboxEntry, OutboxState
from desk.people import Handle
from desk.presence import Draft, DraftKind
from desk.ticket import Priority, Status, Ticket, TicketNumber

UNDOABLE = frozenset(
    {
        Happened.ASSIGNED,
        Happened.TAGGED,
        Happened.STATUS_CHANGED,
        Happened.PRIORITY_CHANGED,
        Happened.NOTED,
        Happened.REPLIED,
        Happened.MACRO_RUN,
    }
)


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back. `draft` is the text of the reply or note, to be written on; `said` tells it in words."""

    act: Act
    tickets: tuple[TicketNumber, ...]
    draft: Draft | None
    said: str


def undo(desk: Desk) -> Undone:
    """Take back the acting agent's last act, whichever process it was done in.

    A reply that has not left is always stopped; what a colleague changed since of its ticket stays as it is now.

    Raises:
        NothingToUndo: this agent has done nothing that is not undone already.
        UndoTooLate: it cannot be taken back any more (the mail has left; a colleague changed it since); nothing is.
    """
    with desk.store.transaction():
        events = _last_act(desk)
        stops_mail = any(event.what is Happened.REPLIED for event in events)
        drafts = [draft for event in events if (draft := _take_back_text(desk, event, is_typed=event is events[0]))]
        left = [words for event in reversed(events) for words in _take_back(desk, event, partly=stops_mail)]
        numbers = tuple(dict.fromkeys(event.ticket for event in events))
        for number in numbers:
            ticket = desk.ticket(number)
            desk.record(Happened.UNDONE, ticket, ticket, author=desk.me.handle, detail={"act": events[0].act})
        return Undone(events[0].act, numbers, drafts[0] if drafts else None, _said(events, left))


def _last_act(desk: Desk) -> list[Event]:
    if (last := desk.store.conversations.latest(desk.me.handle, UNDOABLE)) is None:
        raise NothingToUndo
    return [each for each in desk.store.conversations.of_act(last.act) if not each.undone]


def _said(events: list[Event], left: list[str]) -> str:
    words = ", ".join(dict.fromkeys(event.what.replace("_", " ") for event in events))
    numbers = list(dict.fromkeys(event.ticket for event in events))
    where = f"ticket {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} tickets"
    return "; ".join([f"taken back on {where}: {words}", *dict.fromkeys(left)])


def _take_back_text(desk: Desk, event: Event, *, is_typed: bool) -> Draft | None:
    """Take a reply or a note off the ticket. What the agent typed becomes a draft again, not a macro's own note."""
    entry = desk.store.conversations.get(event.entry) if event.entry else None
    match entry:
        case Note():
            desk.store.conversations.put(replace(entry, removed=True))
            return bring_back(desk, event.ticket, DraftKind.NOTE, entry.note) if is_typed else None
        case Message(outbox=outbox) if outbox is not None and (queued := desk.store.outbox.get(outbox)):
            _recall(desk, queued)
            return bring_back(desk, event.ticket, DraftKind.REPLY, queued.draft, queued.plan)
        case _:
            return None


def _take_back(desk: Desk, event: Event, *, partly: bool) -> list[str]:
    """Put back what an event changed; returns in words what was changed again since and stays, where that may be."""
    ticket, left = desk.ticket(event.ticket), list[str]()
    for change in reversed(event.changes):
        try:
            ticket = _put_back(ticket, change)
        except UndoTooLate:
            if not partly:
                raise
            left.append(f"the {change.field} was changed again since and stays")
    desk.store.tickets.put(ticket)
    desk.store.conversations.put(replace(event, undone=True))
    return left


def _recall(desk: Desk, entry: OutboxEntry) -> None:
    if entry.state not in (OutboxState.QUEUED, OutboxState.DEFERRED):
        raise UndoTooLate(f"too late to take back the reply on ticket {entry.ticket}: it is {entry.state.shown}")
    desk.store.outbox.put(replace(entry, state=OutboxState.CANCELLED))


def _put_back(ticket: Ticket, change: Change) -> Ticket:
    if change.field == "tags":
        return replace(ticket, tags=_tags_before(ticket.tags, _tags(change.before), _tags(change.after)))
    if (now := getattr(ticket, change.field)) != change.after:
        what = change.field
        raise UndoTooLate(f"too late: the {what} of ticket {ticket.number} was changed again since, to “{now}”")
    before = str(change.before)
    match change.field:
        case "status":
            return replace(ticket, status=Status(before))
        case "priority":
            return replace(ticket, priority=Priority(before))
        case "assignee":
            return replace(ticket, assignee=None if change.before is None else Handle(before))


def _tags(value: Recorded) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _tags_before(now: tuple[str, ...], before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    """Tags that others put on or took off in the meantime stay so."""
    kept = [each for each in now if each in before or each not in after]
    return tuple(dict.fromkeys([*kept, *(each for each in before if each not in after)]))
