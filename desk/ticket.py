"""A ticket: one customer's matter, from the first mail to the last answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from desk.people import Address, Handle

TicketNumber = NewType("TicketNumber", int)
"""Counts from 1 without gaps and is never used again."""


class Status(StrEnum):
    """Whose turn it is: open (ours), waiting (the customer's), closed, or spam."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"
    SPAM = "spam"


class Priority(StrEnum):
    """How much a ticket matters, set by an agent or a macro."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a list shows of one matter. Times are UTC, whole seconds.

    `waiting_since` is when the oldest customer message that nobody answered reached us (None: nothing waits).
    `snoozed_until` is when it comes back (None: it is awake), `snoozed_by` who put it to sleep; unless it
    `sleeps_through`, an answer wakes it before that (desk/sleep.py).
    `unread` is true until any agent has opened the ticket since the customer's last message.
    `holds` names what there is: "attachment", "note", "draft", "bounced", "undelivered", "aside", "answered_aside"
    "answered_from_bcc", "came_back", and whom notes name (`held` in desk/mentions.py).
    `senders` wrote its messages, `recipients` got them (To and Cc): each address and name once, in both directions.
    `defects` says what was wrong with its mails, in words.
    `merged_into` is the ticket that goes on for this one. `claims` is the one that its first mail says it belongs to,
    though nothing proves it; `follows` the closed one that it goes on from, `split_from` the one that its first mail
    was on. `proposed_customer` wrote the mail that a colleague forwarded: to be confirmed by an agent. `erased`: all
    that was on it went at its customer's request. `related` are those that agents linked it with, `resembles` those of
    the same customer that may be about the same matter (desk/duplicates.py).
    """

    number: TicketNumber
    subject: str
    customer: Address
    status: Status = Status.OPEN
    priority: Priority = Priority.NORMAL
    assignee: Handle | None = None
    tags: tuple[str, ...] = ()
    mailbox: str = ""
    created: datetime
    updated: datetime
    last_message: datetime
    waiting_since: datetime | None = None
    snoozed_until: datetime | None = None
    snoozed_by: Handle | None = None
    sleeps_through: bool = False
    message_count: int = 0
    unread: bool = False
    holds: tuple[str, ...] = ()
    senders: tuple[Address, ...] = ()
    recipients: tuple[Address, ...] = ()
    defects: tuple[str, ...] = ()
    merged_into: TicketNumber | None = None
    claims: TicketNumber | None = None
    follows: TicketNumber | None = None
    split_from: TicketNumber | None = None
    proposed_customer: Address | None = None
    erased: bool = False
    related: tuple[TicketNumber, ...] = ()
    resembles: tuple[TicketNumber, ...] = ()

    def involves(self, person: Address) -> bool:
        """Whether this address wrote or got one of its messages, whatever name stood beside it."""
        return not person.is_nobody and any(each.key == person.key for each in (*self.senders, *self.recipients))
