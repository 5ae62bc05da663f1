"""Make a ticket of its own of a mail that is about something else, and of what answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desk.addressed import addressed, keep_addressed
from desk.conversation import Act, Direction, Entry, EntryId, Event, Happened, Message
from desk.desk import Desk, new_act
from desk.judging import behind
from desk.meanwhile import refuse_if_anything
from desk.merging import counted
from desk.moves import FROM, INTO, MOVED, SETTLED, as_detail
from desk.relocation import relocate
from desk.splitting import refuse_if_moved, strand_to_go
from desk.subjects import NO_SUBJECT
from desk.ticket import Ticket, TicketNumber
from desk.waiting import settled


@dataclass(frozen=True, slots=True)
class Split:
    """The new ticket, and in words what went to it."""

    ticket: Ticket
    said: str


def split(
    desk: Desk, number: TicketNumber, message: EntryId, *, seen: EntryId | None = None, act: Act | None = None
) -> Split:
    """Put a customer's mail, and every later one that answers it or what answers it, on a new ticket.

    Its sender is the new ticket's customer, or for whom a form sent it; it has the assignee of the old one, and is
    open. Notes and unfinished texts stay; replies that have not left go along. Where it was this mail that had opened
    the old ticket again, that is as before. `seen` is the newest entry that the agent had on the screen (None: not
    asked).

    Raises:
        NoSuchTicket, NoSuchEntry, NoAgent: the ticket, its message or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
        TicketMoved: somebody wrote on the ticket, or changed it, after `seen`.
        RefusedError: no customer's mail, or nothing would be left, or it is on another ticket by now.
    """
    author, act = desk.me.handle, act or new_act()
    with desk.store.transaction():
        old = desk.live_ticket(number)
        refuse_if_moved(desk, number, message)
        refuse_if_anything(desk, number, seen)
        entries = desk.store.conversations.of(number)
        first, *answers = strand_to_go(entries, number, message)
        going = frozenset({first.id, *(each.id for each in answers)})
        new = desk.store.tickets.add(_new_ticket(desk, old, first))
        written_to = addressed(desk, number)
        relocate(desk, going, number, new.number)
        kept = settled(entries) & going
        detail = {INTO: str(new.number), MOVED: as_detail(going)}
        after = _as_before(replace(old, unread=False), entries, going)
        desk.record(Happened.SPLIT, old, after, act=act, author=author, detail=detail)
        keep_addressed(desk, written_to, number)
        detail = {FROM: str(number), MOVED: as_detail(going), SETTLED: as_detail(kept)}
        new = desk.record(Happened.SPLIT, new, new, act=act, author=author, detail=detail)
        return Split(new, f"{counted(len(going), 'mail')} of ticket {number} became ticket {new.number}")


def _new_ticket(desk: Desk, old: Ticket, first: Message) -> Ticket:
    return Ticket(
        number=TicketNumber(0),
        subject=first.subject or NO_SUBJECT,
        customer=behind(desk, first) or first.sender,
        assignee=old.assignee,
        mailbox=old.mailbox,
        created=first.at,
        updated=desk.clock(),
        last_message=first.at,
        split_from=old.number,
    )


def _as_before(ticket: Ticket, entries: Sequence[Entry], going: frozenset[EntryId]) -> Ticket:
    """The old ticket with the status that it had before a mail that goes opened it, unless more has happened since."""
    told = [each for each in entries if isinstance(each, Event) and not each.undone]
    turns = [(event, each) for event in told for each in event.changes if each.field == "status"]
    event, change = max(turns, key=lambda each: each[0].id, default=(None, None))
    if event is None or change is None or event.what is not Happened.REOPENED or event.entry not in going:
        return ticket
    later = (each for each in entries if isinstance(each, Message) and each.id not in going)
    if any(each.id > event.id and each.direction is Direction.IN and each.side is None for each in later):
        return ticket
    return replace(ticket, status=type(ticket.status)(str(change.before)))
