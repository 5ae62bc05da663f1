"""What happened on a ticket, as credits: who is to be counted for what, and after how many seconds.

The definitions of all figures are here; desk/stats.py adds them up. Times are calendar time. What was undone counts
nowhere, nor do tickets that are spam or were merged away. Leaders of the field define some of these otherwise:
Zendesk help centre 4408834848154, 4408821871642, 4408829459866 and 4408820618266, Freshdesk 50000000041, Zoho Desk
"response time", Help Scout "time-range-stats-productivity".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from desk.conversation import Change, Direction, Entry, Event, Happened, Message, OutboxId
from desk.moves import MOVES
from desk.outgoing import OutboxEntry
from desk.people import Handle
from desk.sides import mails_in, with_customer
from desk.ticket import Status, Ticket, TicketNumber
from desk.waiting import closes, counts, is_from_elsewhere

Figure = Literal["assigned", "replies", "closed", "reopened", "first_response", "next_response", "resolution"]


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time: after `since`, up to and with `until`. So what happened just now counts, and counts once."""

    since: datetime
    until: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.since < at <= self.until


@dataclass(frozen=True, slots=True)
class History:
    """A ticket with all its entries, oldest first, and its outgoing mails by id."""

    ticket: Ticket
    entries: Sequence[Entry]
    outbox: Mapping[OutboxId, OutboxEntry]


@dataclass(frozen=True, slots=True)
class Credit:
    """One thing that counts for an agent (None: for nobody, only for the team), with its seconds where it has any."""

    figure: Figure
    agent: Handle | None
    ticket: TicketNumber
    seconds: int | None = None


def credits_of(history: History, period: Period) -> Iterator[Credit]:
    """All that this ticket adds to the figures of a period."""
    ticket = history.ticket
    if ticket.status is Status.SPAM or ticket.merged_into is not None:
        return
    yield from _assignments(history, period)
    yield from _answers(history, period)
    yield from _closes(history, period)
    yield from _resolution(history, period)


def _assignments(history: History, period: Period) -> Iterator[Credit]:
    """assigned: tickets that were given to the agent, by anybody, themselves too."""
    for event, change in _changes(history, "assignee"):
        if isinstance(change.after, str) and event.at in period:
            yield Credit("assigned", Handle(change.after), event.ticket)


@dataclass(frozen=True, slots=True)
class _Reply:
    """A mail that a person wrote and our SMTP server accepted, whatever another one did with it later."""

    accepted: datetime
    author: Handle


def _answers(history: History, period: Period) -> Iterator[Credit]:
    """What replies count for, credited to whoever wrote them, on the day our SMTP server accepted them.

    replies: replies by a person that were accepted. Notes, automatic mail, what was forwarded, and mail that was
    cancelled, refused or may never have left are none. first_response: from the customer's first mail reaching the mail
    server (INTERNALDATE) to the first such reply; a ticket that we opened has none. next_response: from the oldest
    customer mail without an answer to the next such reply, be it the first one. As on the list, a reply answers what
    was on the desk when it was written, whoever it went to, and an agent who closes a ticket settles what waited; so
    does an answer that one of us wrote with another program, of what had come before it, though it counts for nobody.
    Where a mail server's clock is ahead, it is 0.
    """
    number, opened_by_us = history.ticket.number, _is_opened_by_us(history)
    first = waiting = None
    is_answered = False
    for entry in sorted(history.entries, key=lambda each: each.id):
        if isinstance(entry, Event) and closes(entry):
            waiting = None
        elif isinstance(entry, Message) and entry.side is not None:
            continue
        elif isinstance(entry, Message) and entry.direction is Direction.IN and entry.automatic is None:
            first, waiting = first or entry.at, waiting or entry.at
        elif is_from_elsewhere(entry):
            waiting, is_answered = waiting if waiting is not None and waiting > entry.at else None, True
        elif isinstance(entry, Message) and (reply := _reply(entry, history)):
            if reply.accepted in period:
                yield Credit("replies", reply.author, number)
                if waiting is not None:
                    yield Credit("next_response", reply.author, number, _seconds(waiting, reply.accepted))
                if first is not None and not (is_answered or opened_by_us):
                    yield Credit("first_response", reply.author, number, _seconds(first, reply.accepted))
            waiting, is_answered = None, True


def _customer_mails(history: History) -> list[datetime]:
    """When the mails that a customer wrote reached us, oldest first; automatic mail waits for nothing."""
    return sorted(
        each.at
        for each in history.entries
        if isinstance(each, Message) and each.direction is Direction.IN and each.automatic is None and each.side is None
    )


def _reply(message: Message, history: History) -> _Reply | None:
    if message.outbox is None or message.author is None or message.automatic is not None:
        return None
    mail = history.outbox.get(message.outbox)
    if mail is None or mail.sent_at is None:
        return None
    return _Reply(mail.sent_at, message.author)


def _is_opened_by_us(history: History) -> bool:
    states = {number: mail.state for number, mail in history.outbox.items()}
    messages = (each for each in with_customer(mails_in(history.entries)) if counts(each, states))
    first = min(messages, key=lambda each: each.id, default=None)
    return first is not None and first.direction is Direction.OUT


def _closes(history: History, period: Period) -> Iterator[Credit]:
    """closed: tickets that the agent closed, on the day it was done.

    reopened: closed tickets that a customer's own mail reopened, credited to whoever had closed them last.
    """
    closer: Handle | None = None
    for event, change in _changes(history, "status"):
        if event.what in MOVES:  # as it was before mails came or went
            continue
        if change.after == Status.CLOSED:
            closer = event.author
            if event.at in period:
                yield Credit("closed", closer, event.ticket)
        elif change.before == Status.CLOSED and event.what is Happened.REOPENED and event.at in period:
            yield Credit("reopened", closer, event.ticket)


def _resolution(history: History, period: Period) -> Iterator[Credit]:
    """resolution: from the customer's first mail to the last close, credited to whoever closed.

    A ticket that was opened again since has no last close yet.
    """
    changes = [each for each in _changes(history, "status") if each[0].at <= period.until]
    mails = _customer_mails(history)
    if changes and mails:
        event, change = changes[-1]
        if change.after == Status.CLOSED and event.at in period and mails[0] <= event.at:
            yield Credit("resolution", event.author, event.ticket, _seconds(mails[0], event.at))


def _changes(history: History, field: Literal["status", "assignee"]) -> Iterator[tuple[Event, Change]]:
    for entry in history.entries:
        if isinstance(entry, Event) and not entry.undone:
            for change in entry.changes:
                if change.field == field:
                    yield entry, change


def _seconds(begin: datetime, end: datetime) -> int:
    return max(0, round((end - begin).total_seconds()))
