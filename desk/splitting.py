"""What splitting a mail off a ticket would do: what goes to the new one, and what stays.

Doing it is in desk/actions/split.py, under the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.conversation import Direction, Entry, EntryId, Message, Note
from desk.desk import Desk
from desk.draft import Draft
from desk.errors import NoSuchEntry, RefusedError
from desk.judging import behind
from desk.moves import strand
from desk.outgoing import NOT_GONE, OutboxEntry
from desk.people import Address
from desk.ticket import Ticket, TicketNumber


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """Both sides of a ticket that a mail is split off. `customer` is the new ticket's.

    `drafts` and `notes` stay, `leaving` are mails that have not left yet and go along. `newest` is the last entry
    that was seen. `refused` says why it cannot be done, in words; empty where it can.
    """

    ticket: Ticket
    message: Message
    customer: Address
    going: tuple[Message, ...]
    staying: tuple[Message, ...]
    notes: int
    drafts: tuple[Draft, ...]
    leaving: tuple[OutboxEntry, ...]
    newest: EntryId | None
    refused: str = ""

    @property
    def mails(self) -> tuple[Message, ...]:
        """Those of both sides, in the order in which they came."""
        return tuple(sorted((*self.going, *self.staying), key=lambda each: each.id))


def plan_split(desk: Desk, number: TicketNumber, message: EntryId) -> SplitPlan:
    """What splitting this mail off would do; nothing is changed.

    Raises:
        NoSuchTicket, NoSuchEntry: the ticket or its message is unknown.
        RefusedError: the message is on another ticket by now.
    """
    with desk.store.snapshot():
        ticket, entries = desk.ticket(number), desk.store.conversations.of(number)
        refuse_if_moved(desk, number, message)
        going = strand(entries, message)
        if not going:
            raise NoSuchEntry(f"message on ticket {number} that is number", message)
        ids = {each.id for each in going}
        mails = [each for each in entries if isinstance(each, Message)]
        return SplitPlan(
            ticket,
            going[0],
            behind(desk, going[0]) or going[0].sender,
            tuple(going),
            tuple(each for each in mails if each.id not in ids),
            sum(isinstance(each, Note) and not each.removed for each in entries),
            tuple(desk.store.drafts.of(number)),
            tuple(each for each in desk.store.outbox.of(number) if each.entry in ids and each.state in NOT_GONE),
            max((each.id for each in entries), default=None),
            _refusal(entries, number, message),
        )


def refuse_if_moved(desk: Desk, number: TicketNumber, message: EntryId) -> None:
    """Let a mail that is to be split off pass.

    Raises:
        RefusedError: it is on another ticket by now, as a colleague merged or split them.
    """
    mail = desk.store.conversations.get(message)
    if isinstance(mail, Message) and mail.ticket != number:
        raise RefusedError(f"that mail is on ticket {mail.ticket} by now, not on {number} any more", "look at it there")


def splittable(entries: Sequence[Entry]) -> list[Message]:
    """The mails of a ticket that can be split off, oldest first: those of customers that leave something behind."""
    mails = sorted((each for each in entries if isinstance(each, Message)), key=lambda each: each.id)
    return [each for each in mails if _is_customers(each) and len(strand(entries, each.id)) < len(mails)]


def strand_to_go(entries: Sequence[Entry], number: TicketNumber, message: EntryId) -> list[Message]:
    """The mail that is to be split off, and what goes with it.

    Raises:
        NoSuchEntry: there is no such mail on the ticket.
        RefusedError: it is no customer's mail, or nothing would be left.
    """
    found = strand(entries, message)
    if not found:
        raise NoSuchEntry(f"message on ticket {number} that is number", message)
    if not _is_customers(found[0]):
        raise RefusedError(f"message {message} is no mail of a customer", "name one that came in")
    if len(found) == sum(isinstance(each, Message) for each in entries):
        raise RefusedError(f"all mails of ticket {number} answer message {message}: nothing would be left")
    return found


def _refusal(entries: Sequence[Entry], number: TicketNumber, message: EntryId) -> str:
    try:
        strand_to_go(entries, number, message)
    except RefusedError as refused:
        return refused.message
    return ""


def _is_customers(mail: Message) -> bool:
    return mail.direction is Direction.IN and not mail.redacted and mail.side is None
