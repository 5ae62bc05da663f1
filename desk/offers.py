"""What intake left for an agent to decide about a ticket, and which tickets it goes with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from desk.conversation import Direction, Entry, EntryId, Event, Happened, Message
from desk.desk import Desk
from desk.duplicates import suggested
from desk.incoming import TOO_LARGE
from desk.moves import has_come, strand
from desk.relations import related_to
from desk.safe import safe_line
from desk.ticket import Status, Ticket, TicketNumber

_MOST_NAMED = 2
"""Of the tickets that one looks like, so many are named: more would push the conversation off the screen."""

_WHICH = {
    Status.OPEN: "which is open",
    Status.WAITING: "which waits for the customer",
    Status.CLOSED: "which is closed",
    Status.SPAM: "which is spam",
}
"""How a ticket stands, in words that are told in other languages too."""


class Offered(StrEnum):
    """What can be done about it."""

    SPLIT = "split"
    MERGE = "merge"
    LIKE = "like"
    CONFIRM = "confirm"
    LOAD = "load"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Offer:
    """Why something is offered, in words cleaned for a terminal; the mail or the ticket that it is about."""

    what: Offered
    said: str
    entry: EntryId | None = None
    ticket: TicketNumber | None = None


@dataclass(frozen=True, slots=True)
class Others:
    """Tickets that one goes with: `related` by the word of an agent, `alike` by the words of its customer."""

    related: tuple[Ticket, ...] = ()
    alike: tuple[Ticket, ...] = ()


NO_OTHERS = Others()


def others_of(desk: Desk, ticket: Ticket, entries: Sequence[Entry]) -> Others:
    """The tickets that one goes with, as they are now."""
    may_have = ticket.related or any(isinstance(each, Event) and has_come(each) for each in entries)
    related = desk.store.tickets.many(related_to(desk, ticket)) if may_have else []
    return Others(tuple(related), suggested(desk, ticket))


def offers_for(ticket: Ticket, entries: Sequence[Entry], others: Others = NO_OTHERS) -> list[Offer]:
    """All that is offered on a ticket: what a mail asks only until somebody answered it."""
    if ticket.merged_into is not None:
        return [Offer(Offered.OPEN, f"merged into {ticket.merged_into}", ticket=ticket.merged_into)]
    if ticket.erased:
        return []
    asked = (*_customer(ticket, entries), *_subjects(entries), *_claim(ticket, entries), *_large(entries))
    return [*asked, *_alike(others.alike), *_kin(ticket), *_related(others.related)]


def _customer(ticket: Ticket, entries: Sequence[Entry]) -> Iterator[Offer]:
    if (proposed := ticket.proposed_customer) is not None:
        by = next((each.sender.label for each in entries if isinstance(each, Message)), "")
        yield Offer(Offered.CONFIRM, f"forwarded by {safe_line(by)} for {safe_line(proposed.email)}")


def _subjects(entries: Sequence[Entry]) -> Iterator[Offer]:
    answered = _answered(entries)
    open_ones = {each.id for each in entries if isinstance(each, Message) and each.id > answered}
    mails_here = sum(isinstance(each, Message) for each in entries)
    for each in entries:
        if isinstance(each, Event) and each.what is Happened.SUBJECT_CHANGED and each.entry and each.entry in open_ones:
            going = len(strand(entries, each.entry))
            if going == mails_here:
                continue  # nothing would be left: it was split off before, or what it answers was
            subject, mails = safe_line(each.detail.get("new", "")), f", {going} mails" if going > 1 else ""
            yield Offer(Offered.SPLIT, f"subject changed{mails}: “{subject}”", entry=each.entry)


def _claim(ticket: Ticket, entries: Sequence[Entry]) -> Iterator[Offer]:
    if ticket.claims is not None:
        what = Offered.OPEN if _answered(entries) else Offered.MERGE
        yield Offer(what, f"names ticket {ticket.claims} without proof", ticket=ticket.claims)


def _large(entries: Sequence[Entry]) -> Iterator[Offer]:
    for each in entries:
        if isinstance(each, Message) and any(defect.startswith(TOO_LARGE) for defect in each.defects):
            said = f"only the beginning of {safe_line(each.sender.label)}'s mail is here"
            yield Offer(Offered.LOAD, said, entry=each.id)


def _kin(ticket: Ticket) -> Iterator[Offer]:
    for word, number in (("follows", ticket.follows), ("split off", ticket.split_from)):
        if number is not None:
            yield Offer(Offered.OPEN, f"{word} {number}", ticket=number)


def _alike(tickets: Sequence[Ticket]) -> Iterator[Offer]:
    for each in tickets[:_MOST_NAMED]:
        yield Offer(
            Offered.LIKE,
            f"looks like {each.number} by the same customer: “{safe_line(each.subject)}”",
            ticket=each.number,
        )


def _related(tickets: Sequence[Ticket]) -> Iterator[Offer]:
    for each in tickets:
        said = f"related to {each.number} “{safe_line(each.subject)}”, {_WHICH[each.status]}"
        yield Offer(Offered.OPEN, said, ticket=each.number)


def _answered(entries: Sequence[Entry]) -> EntryId:
    """Our last answer, before which nothing is offered any more; 0 for none."""
    ours = (each.id for each in entries if isinstance(each, Message) and each.direction is Direction.OUT)
    return max(ours, default=EntryId(0))
