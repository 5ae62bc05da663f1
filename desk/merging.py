"""What merging tickets would do: what each brings, how the one that goes on stands then, and what cannot be merged.

Doing it is in desk/actions/merge.py, under the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from desk.conversation import EntryId, Message, Note
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.errors import RefusedError
from desk.merged import already_one, goes_on_as
from desk.outgoing import NOT_GONE, OutboxEntry
from desk.people import Address
from desk.relocation import texts_in
from desk.sleep import come_together
from desk.ticket import Priority, Status, Ticket, TicketNumber

_MOST_ASKED_OF_US = (Status.OPEN, Status.WAITING, Status.CLOSED, Status.SPAM)
_HIGHEST = tuple(reversed(Priority))
DRAFTS: dict[DraftKind, str] = {DraftKind.REPLY: "answer", DraftKind.FORWARD: "forward", DraftKind.NOTE: "note"}
"""What an unfinished text of each kind is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One ticket among those that are to be one: what stands on it, and what somebody is about to do there.

    `drafts` are unfinished texts, `leaving` mails that have not left yet, `newest` is the last entry that was seen.
    `refused` says why it cannot be merged, in words; empty where it can.
    """

    ticket: Ticket
    mails: int
    notes: int
    files: int
    drafts: tuple[Draft, ...]
    leaving: tuple[OutboxEntry, ...]
    newest: EntryId | None
    refused: str = ""

    def brings(self) -> tuple[str, ...]:
        """All of it in words: “3 mails”, “1 note”, “bo's unfinished answer”."""
        counts = ((self.mails, "mail"), (self.notes, "note"), (self.files, "file"))
        told = (counted(number, what) for number, what in counts if number or what == "mail")
        begun = (f"{each.author}'s unfinished {DRAFTS[each.kind]}" for each in self.drafts if each.kind in DRAFTS)
        leaving = (f"{counted(len(self.leaving), 'mail')} still leaving",) if self.leaving else ()
        return (*told, *(f"#{each}" for each in self.ticket.tags), *dict.fromkeys(begun), *leaving)


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What would become of tickets. `after` is the one that goes on, as it would stand; `into` is what it is now."""

    into: Share
    froms: tuple[Share, ...]
    after: Ticket

    @property
    def going(self) -> tuple[TicketNumber, ...]:
        """The tickets that would be merged."""
        return tuple(each.ticket.number for each in self.froms if not each.refused)

    @property
    def shares(self) -> tuple[Share, ...]:
        """All of them, by number."""
        return tuple(sorted((self.into, *self.froms), key=lambda each: each.ticket.number))

    @property
    def seen(self) -> dict[TicketNumber, EntryId]:
        """The last entry of each ticket that would be part of it, as this plan knows them."""
        parts = (self.into, *(each for each in self.froms if not each.refused))
        return {each.ticket.number: each.newest for each in parts if each.newest is not None}

    @property
    def other_customers(self) -> tuple[Address, ...]:
        """Whose matters they are besides that of the ticket that goes on."""
        mine = self.into.ticket.customer
        theirs = (each.ticket.customer for each in self.froms if not each.refused)
        return tuple({each.key: each for each in theirs if each.key != mine.key and not each.is_nobody}.values())


def plan_merge(desk: Desk, froms: Sequence[TicketNumber], into: TicketNumber) -> MergePlan:
    """What merging these tickets into another one would do; nothing is changed.

    Raises:
        NoSuchTicket: there is none with one of these numbers.
    """
    with desk.store.snapshot():
        target = goes_on_as(desk, desk.ticket(into))
        shares = [_checked(desk, number, target, into) for number in dict.fromkeys(froms)]
        after = target
        for each in shares:
            after = after if each.refused else with_fields_of(after, each.ticket)
        return MergePlan(_share(desk, target), tuple(shares), after)


def source_of(desk: Desk, number: TicketNumber, target: Ticket, named: TicketNumber) -> Ticket:
    """A ticket that may be merged into another one, which goes on for the one that was `named`.

    Raises:
        NoSuchTicket: there is none with this number.
        MergedAway: it was merged into some other ticket before.
        RefusedError: they are one ticket already, or one was erased, or is spam.
    """
    ticket = desk.ticket(number)
    if number == named:
        raise RefusedError(f"ticket {number} cannot be merged into itself", "name another ticket")
    if number == target.number:  # a colleague was faster, the other way round
        raise already_one(desk, desk.ticket(named), number)
    if ticket.merged_into is not None and goes_on_as(desk, ticket).number == target.number:
        raise already_one(desk, ticket, target.number)
    for each in (ticket, target):
        if each.erased:
            raise RefusedError(f"ticket {each.number} was erased at its customer's request")
    if (ticket.status is Status.SPAM) != (target.status is Status.SPAM):
        spam = min(ticket, target, key=lambda each: each.status is not Status.SPAM)
        raise RefusedError(f"ticket {spam.number} is spam", f"`tandem status {spam.number} open` first, if it is none")
    return desk.live_ticket(number)


def with_fields_of(target: Ticket, source: Ticket) -> Ticket:
    """The ticket that goes on, with what an agent set on the other one."""
    return replace(
        come_together(target, source),
        status=min(target.status, source.status, key=_MOST_ASKED_OF_US.index),
        priority=min(target.priority, source.priority, key=_HIGHEST.index),
        assignee=target.assignee if target.assignee is not None else source.assignee,
        tags=tuple(dict.fromkeys((*target.tags, *source.tags))),
        unread=target.unread or source.unread,
        resembles=tuple(each for each in target.resembles if each != source.number),
    )


def counted(number: int, what: str) -> str:
    """So many of something: “1 mail”, “2 mails”."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def _checked(desk: Desk, number: TicketNumber, target: Ticket, named: TicketNumber) -> Share:
    try:
        return _share(desk, source_of(desk, number, target, named))
    except RefusedError as refused:
        return _share(desk, desk.ticket(number), refused.message)


def _share(desk: Desk, ticket: Ticket, refused: str = "") -> Share:
    entries = desk.store.conversations.of(ticket.number)
    texts = texts_in(entries)
    mails = [each for each in texts if isinstance(each, Message)]
    return Share(
        ticket=ticket,
        mails=len(mails),
        notes=sum(isinstance(each, Note) and not each.removed for each in texts),
        files=sum(_files(mails)),
        drafts=tuple(desk.store.drafts.of(ticket.number)),
        leaving=tuple(each for each in desk.store.outbox.of(ticket.number) if each.state in NOT_GONE),
        newest=max((each.id for each in entries), default=None),
        refused=refused,
    )


def _files(mails: Sequence[Message]) -> Iterator[int]:
    return (sum(not each.is_inline for each in mail.attachments) for mail in mails)
