"""An answer to what was forwarded, or of one who was in Bcc, is shown and marked unread, and changes no more than that.

The talk with the customer stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from desk.conversation import Direction, EntryId, Happened, Message
from desk.desk import Desk
from desk.incoming import Incoming, Outcome
from desk.intake.filing import file
from desk.intake.opening import agent_with
from desk.intake.sent import take_sent
from desk.intake.taken import Arrival, Taken
from desk.judging import judged
from desk.people import Address
from desk.sides import ASIDE, last_in_bcc, mails_in, nearest, people_of, side_of_person, with_customer
from desk.ticket import Status, Ticket
from desk.waking import wake_for_answer


def put_aside(desk: Desk, ticket: Ticket, arrival: Arrival) -> Arrival:
    """The mail with the side talk on a ticket that it belongs to; as it is, it belongs to the talk with the customer.

    That is told by what it answers, or else by who wrote it. What the customer writes, or anybody else who wrote in
    the talk with the customer, always belongs to that. Whoever only got a mail in Bcc has no part in that talk as long
    as nobody names them there.
    """
    if ASIDE not in ticket.holds:
        return arrival
    mails, read = mails_in(desk.store.conversations.of(ticket.number)), arrival.read
    people = [*read.to, *read.cc] if _is_ours(desk, arrival) else [read.sender]
    wrote = {each.sender.key for each in with_customer(mails) if each.direction is Direction.IN}
    if any(each.key in wrote | {ticket.customer.key} for each in people):
        return arrival
    also = _also_named(desk, ticket, mails)
    answered = nearest((*read.parents, *read.tokens), mails, also)
    outside = [each for each in people if not desk.settings.is_own(each) and agent_with(desk, each) is None]
    if (unseen := _in_bcc(desk, ticket, read, mails, outside)) is not None:
        side = answered.side if answered else None
        return replace(arrival, side=side or (answered if answered and answered.bcc else unseen).id, was_in_bcc=True)
    if answered is not None:
        return replace(arrival, side=answered.side)
    side = next((side for each in outside if (side := side_of_person(each, mails)) is not None), None)
    return replace(arrival, side=side)


def _in_bcc(
    desk: Desk, ticket: Ticket, read: Incoming, mails: list[Message], outside: Sequence[Address]
) -> Message | None:
    """The mail to the customer that all of these only got in Bcc; None: one has a part in that talk, or takes it now.

    Who answers to everybody there says openly that they know of it.
    """
    got = [last_in_bcc(each, mails) for each in outside]
    there = people_of(replace(each, bcc=()) for each in with_customer(mails)) | {ticket.customer.key}
    others = {each.key for each in (*read.to, *read.cc) if not desk.settings.reaches_us(each)}
    is_open = not there.isdisjoint(others - {each.key for each in outside})
    return got[-1] if got and None not in got and not is_open else None


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


def take_aside(desk: Desk, arrival: Arrival, ticket: Ticket) -> Taken:
    """Put a mail into a side talk. A closed ticket is opened for it, or nobody would see it; nobody's wait changes."""
    read = judged(desk, arrival.read, is_answer=True)
    arrival = replace(arrival, read=read)
    if _is_ours(desk, arrival):
        return take_sent(desk, arrival, ticket)
    taken = file(desk, ticket, arrival, Outcome.MESSAGE)
    if read.automatic is None:
        now = desk.ticket(ticket.number)
        after = replace(now, status=Status.OPEN) if now.status is Status.CLOSED else now
        in_bcc = {"bcc": str(arrival.side)} if arrival.was_in_bcc else {}
        detail = {"from": read.sender.email, **in_bcc}
        desk.record(Happened.ANSWERED_ASIDE, now, after, entry=taken.entry, detail=detail)
        wake_for_answer(desk, ticket.number, taken.entry)
    return taken
