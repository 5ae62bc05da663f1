"""Put a ticket off until a moment, or wake it up."""

from __future__ import annotations

from datetime import UTC, datetime

from desk.conversation import Act, Happened
from desk.desk import Desk
from desk.errors import RefusedError
from desk.moments import refuse_unfit
from desk.sleep import Sleep, asleep, awake
from desk.ticket import Status, Ticket, TicketNumber


def snooze(
    desk: Desk, number: TicketNumber, until: datetime | None, *, through: bool = False, act: Act | None = None
) -> Ticket:
    """Put a ticket out of sight `until` a moment, or wake it up (None).

    It keeps its status; when it comes back, one that waits or is closed is open again (desk/waking.py). Unless it
    sleeps `through`, an answer brings it back before that.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
        RefusedError: the moment is past or absurdly far, or the ticket is spam.
    """
    if until is None:
        return _wake(desk, number, act)
    sleep = Sleep(refuse_unfit(until.astimezone(UTC).replace(microsecond=0), desk.clock()), desk.me.handle, through)
    with desk.store.transaction():
        ticket = desk.live_ticket(number)
        if ticket.status is Status.SPAM:
            raise RefusedError(f"ticket {number} is spam", f"`tandem status {number} open` first, if it is none")
        if (ticket.snoozed_until, ticket.sleeps_through) == (sleep.until, through):
            return ticket
        return desk.record(Happened.SNOOZED, ticket, asleep(ticket, sleep), act=act, author=sleep.by)


def _wake(desk: Desk, number: TicketNumber, act: Act | None) -> Ticket:
    author = desk.me.handle
    with desk.store.transaction():
        ticket = desk.live_ticket(number)
        if ticket.snoozed_until is None:
            return ticket
        return desk.record(Happened.WOKEN, ticket, awake(ticket), act=act, author=author)
