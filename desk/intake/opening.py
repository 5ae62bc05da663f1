"""A mail that goes on with no ticket opens one."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Happened
from desk.desk import Desk
from desk.duplicates import note_resemblance
from desk.incoming import Outcome
from desk.intake.filing import file
from desk.intake.follow_up import tell_both
from desk.intake.taken import Arrival, Taken
from desk.judging import behind, customer_of
from desk.people import Address, Handle
from desk.subjects import NO_SUBJECT
from desk.ticket import Ticket, TicketNumber


def open_ticket(
    desk: Desk, arrival: Arrival, *, follows: Ticket | None = None, claims: TicketNumber | None = None
) -> Taken:
    """A new ticket with this mail on it, which may go on from a closed one, or claim to belong to another."""
    ticket = replace(
        new_ticket(desk, arrival, behind(desk, arrival.read) or customer_of(arrival.read)),
        claims=claims,
        follows=follows.number if follows else None,
        proposed_customer=proposed(desk, arrival),
    )
    ticket = desk.tell(Happened.CREATED, ticket, ticket)  # it is stored with its first mail
    if claims is not None:
        desk.record(Happened.CLAIMED, ticket, ticket, detail={"ticket": str(claims)})
    if follows is not None:
        ticket = _inherited(desk, follows, tell_both(desk, follows, ticket))
    taken = file(desk, ticket, arrival, Outcome.TICKET)
    if arrival.read.automatic is None:
        note_resemblance(desk, ticket.number)
    return taken


def new_ticket(desk: Desk, arrival: Arrival, customer: Address) -> Ticket:
    """A ticket for a mail, which is for the caller to store."""
    return Ticket(
        number=desk.store.tickets.reserve(),
        subject=arrival.read.subject or NO_SUBJECT,
        customer=customer,
        mailbox=_mailbox(desk, arrival),
        created=arrival.mail.received,
        updated=desk.clock(),
        last_message=arrival.mail.received,
    )


def _inherited(desk: Desk, old: Ticket, new: Ticket) -> Ticket:
    """The new ticket in the hands of whoever had the old one, where the desk wants it so and they are still there."""
    assignee = old.assignee if desk.settings.follow_up.keeps_assignee else None
    if assignee is None or desk.store.agents.get(assignee) is None:
        return new
    return desk.record(Happened.ASSIGNED, new, replace(new, assignee=assignee))


def _mailbox(desk: Desk, arrival: Arrival) -> str:
    """Of the mailboxes that a mail was written to, the first that it names, in whichever its copy is found first."""
    named = (
        each.name
        for address in (*arrival.read.to, *arrival.read.cc)
        for each in desk.settings.mailboxes
        if address.key in {own.key for own in each.addresses}
    )
    return next(named, arrival.mail.place.mailbox)


def proposed(desk: Desk, arrival: Arrival) -> Address | None:
    """Who wrote the mail that a colleague forwards to the desk; what customers forward is their own matter.

    Of several nobody is proposed: one of them may be a stranger who was only quoted.
    """
    sender = agent_with(desk, arrival.read.sender)
    inside = [each for each in arrival.read.forwarded if not desk.settings.is_own(each) and not agent_with(desk, each)]
    return inside[0] if sender and len(inside) == 1 else None


def agent_with(desk: Desk, address: Address) -> Handle | None:
    """The colleague whose own address this is."""
    agents = desk.store.agents.all() if address.email else []
    return next((each.handle for each in agents if each.email.casefold() == address.key), None)
