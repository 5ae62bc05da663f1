"""An answer to what was forwarded: it is shown and marked unread, and changes nothing of the talk with the customer."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Direction, EntryId, Happened, Message
from desk.desk import Desk
from desk.incoming import Outcome
from desk.intake.filing import file
from desk.intake.opening import agent_with
from desk.intake.sent import take_sent
from desk.intake.taken import Arrival, Taken
from desk.judging import judged
from desk.sides import ASIDE, mails_in, nearest, side_of_person, with_customer
from desk.ticket import Status, Ticket


def side_of(desk: Desk, ticket: Ticket, arrival: Arrival) -> EntryId | None:
    """The side talk on a ticket that a mail belongs to; None: it belongs to the talk with the customer.

    That is told by what it answers, or else by who wrote it. What the customer writes, or anybody else who wrote in
    the talk with the customer, always belongs to that.
    """
    if ASIDE not in ticket.holds:
        return None
    mails, read = mails_in(desk.store.conversations.of(ticket.number)), arrival.read
    people = [*read.to, *read.cc] if _is_ours(desk, arrival) else [read.sender]
    wrote = {each.sender.key for each in with_customer(mails) if each.direction is Direction.IN}
    if any(each.key in wrote | {ticket.customer.key} for each in people):
        return None
    also = _also_named(desk, ticket, mails)
    if (answered := nearest((*read.parents, *read.tokens), mails, also)) is not None:
        return answered.side
    outside = (each for each in people if not desk.settings.is_own(each) and agent_with(desk, each) is None)
    return next((side for each in outside if (side := side_of_person(each, mails)) is not None), None)


def _is_ours(desk: Desk, arrival: Arrival) -> bool:
    """Whether one of us wrote it with another program to somebody outside."""
    read = arrival.read
    everybody = (*read.to, *read.cc)
    outside = (each for each in everybody if not desk.settings.is_own(each) and agent_with(desk, each) is None)
    return arrival.mail.is_sent or (agent_with(desk, read.sender) is not None and any(True for _ in outside))


def _also_named(desk: Desk, ticket: Ticket, mails: list[Message]) -> dict[str, EntryId]:
    """What else leads to our mails: the ids that a server gave them, and the tokens in their ids."""
    given = {each.sent_as: each.entry for each in desk.store.outbox.of(ticket.number) if each.sent_as}
    ours = (each for each in mails if each.direction is Direction.OUT)
    return {each.message_id.strip("<>").partition("@")[0]: each.id for each in ours} | given


def take_aside(desk: Desk, arrival: Arrival, ticket: Ticket, side: EntryId) -> Taken:
    """Put a mail into a side talk. A closed ticket is opened for it, or nobody would see it; nobody's wait changes."""
    read = judged(desk, arrival.read, is_answer=True)
    arrival = replace(arrival, read=read, side=side)
    if _is_ours(desk, arrival):
        return take_sent(desk, arrival, ticket)
    taken = file(desk, ticket, arrival, Outcome.MESSAGE)
    if read.automatic is None:
        now = desk.ticket(ticket.number)
        after = replace(now, status=Status.OPEN) if now.status is Status.CLOSED else now
        detail = {"from": read.sender.email}
        desk.record(Happened.ANSWERED_ASIDE, now, after, entry=taken.entry, detail=detail)
    return taken
