"""Mail that a colleague writes from their own address about a ticket: it is ours, and never the customer's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from desk.conversation import Happened
from desk.desk import Desk
from desk.incoming import Incoming, Outcome
from desk.intake.filing import file, open_again
from desk.intake.follow_up import going_on
from desk.intake.opening import agent_with, new_ticket, proposed
from desk.intake.sent import take_sent
from desk.intake.taken import Arrival, Taken
from desk.judging import FROM_A_COLLEAGUE, judged
from desk.people import Address
from desk.sides import ASIDE, mails_in, with_customer
from desk.subjects import answers
from desk.ticket import Ticket


def is_by_colleague(desk: Desk, ticket: Ticket, read: Incoming) -> bool:
    """Whether a colleague wrote it from their own address, about a ticket that is not their own matter.

    What they forwarded is not: there somebody else is proposed.
    """
    is_theirs = read.sender.key == ticket.customer.key and ticket.proposed_customer is None
    return not is_theirs and not desk.settings.is_own(read.sender) and agent_with(desk, read.sender) is not None


def take_from_colleague(desk: Desk, arrival: Arrival, named: Ticket) -> Taken:
    """An answer, where it went to the customer too; else something to read, which changes nothing.

    It goes on with the ticket however long ago that was closed, and opens none; but what they pass on of somebody
    outside (`Fwd:`) opens the ticket again, for those words are new to the desk.
    """
    ticket = going_on(desk, named, arrival).ticket
    read = judged(desk, arrival.read, is_answer=not arrival.mail.is_sent, about=ticket)
    if _reaches_customer(desk, ticket, (*read.to, *read.cc)):
        return take_sent(desk, replace(arrival, read=read), ticket)
    read = replace(read, automatic=read.automatic or FROM_A_COLLEAGUE)
    taken = file(desk, ticket, replace(arrival, read=read), Outcome.MESSAGE)
    if _passes_on(desk, read):
        open_again(desk, ticket.number, taken.entry)
    return taken


def addressed(desk: Desk, arrival: Arrival) -> Address | None:
    """To whom outside a colleague writes a first mail that the desk gets as well: that is whose matter it is.

    Of several it is the first in To. What they forward is the matter of whoever wrote it.
    """
    read = arrival.read
    if _is_by_machine_or_outside(desk, read):
        return None
    to, cc = _outside(desk, read.to), _outside(desk, read.cc)
    got = {each.key: each for each in (*to, *cc)}
    about = proposed(desk, arrival)
    if about is not None and about.key not in got:
        return None
    return next(iter(got.values()), None) if len(got) == 1 else next(iter(to), None)


def open_for(desk: Desk, arrival: Arrival, customer: Address) -> Taken:
    """A ticket of this customer with a colleague's first mail to them, as one of ours: nobody waits for an answer.

    It is to be read where the desk itself is written to, as when they hand a customer over to it.
    """
    ticket = new_ticket(desk, arrival, customer)
    ticket = desk.record(Happened.CREATED, ticket, ticket)
    taken = take_sent(desk, arrival, ticket)
    if any(map(desk.settings.is_own, arrival.read.to)):
        desk.store.tickets.put(replace(desk.ticket(ticket.number), unread=True))
    return replace(taken, outcome=Outcome.TICKET)


def _is_by_machine_or_outside(desk: Desk, read: Incoming) -> bool:
    is_by_machine = read.automatic is not None and not read.is_doubtful
    return is_by_machine or desk.settings.is_own(read.sender) or agent_with(desk, read.sender) is None


def _outside(desk: Desk, people: Iterable[Address]) -> list[Address]:
    return [each for each in people if not desk.settings.is_own(each) and agent_with(desk, each) is None]


def _passes_on(desk: Desk, read: Incoming) -> bool:
    """Whether it forwards a mail of somebody outside; an answer that quotes one is no news."""
    return not answers(read.subject, has_references=True) and bool(_outside(desk, read.forwarded))


def _writers(desk: Desk, ticket: Ticket) -> set[str]:
    """Who wrote in the talk with the customer."""
    if ASIDE not in ticket.holds:
        return {each.key for each in ticket.senders}
    return {each.sender.key for each in with_customer(mails_in(desk.store.conversations.of(ticket.number)))}


def _reaches_customer(desk: Desk, ticket: Ticket, got: Iterable[Address]) -> bool:
    """Whether somebody got it who brought the matter: the customer, or who else of them wrote."""
    wrote = {each.key for each in (ticket.customer, ticket.proposed_customer) if each} | _writers(desk, ticket)
    outside = (each for each in got if not desk.settings.is_own(each) and agent_with(desk, each) is None)
    return any(each.key in wrote for each in outside)
