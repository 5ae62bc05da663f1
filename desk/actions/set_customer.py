"""Say whose matter a ticket is, as when a colleague forwarded a customer's mail."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Act, Happened
from desk.desk import Desk
from desk.dossier import named
from desk.errors import RefusedError
from desk.people import Address
from desk.ticket import Ticket, TicketNumber


def set_customer(desk: Desk, number: TicketNumber, customer: Address, *, act: Act | None = None) -> Ticket:
    """Make this person the ticket's customer: the one whom an answer goes to where no customer has written yet.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
        RefusedError: the address is one of our own.
    """
    author = desk.me.handle
    if desk.settings.is_own(customer):
        raise RefusedError(f"{customer.email} is an address of this desk", "name the customer")
    with desk.store.transaction():
        ticket = desk.live_ticket(number)
        after = replace(ticket, customer=named(desk, customer), proposed_customer=None)
        if after == ticket:
            return ticket
        return desk.record(
            Happened.CUSTOMER_SET, ticket, after, act=act, author=author, detail=customers_as_detail(ticket, after)
        )


def confirm_customer(desk: Desk, number: TicketNumber, *, act: Act | None = None) -> Ticket:
    """Make the one the ticket's customer who wrote the mail that a colleague forwarded.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        RefusedError: nobody is proposed.
    """
    with desk.store.transaction():
        proposed = desk.ticket(number).proposed_customer
        if proposed is None:
            raise RefusedError(f"nobody is proposed as the customer of ticket {number}", "say an address")
        return set_customer(desk, number, proposed, act=act)


def customers_as_detail(before: Ticket, after: Ticket) -> dict[str, str]:
    """Who the customer was, is, and was proposed to be, as an event keeps it."""
    people = {"before": before.customer, "after": after.customer, "proposed": before.proposed_customer}
    told = {name: who for name, who in people.items() if who is not None}
    return {name: who.email for name, who in told.items()} | {
        f"{name}_name": who.name for name, who in told.items() if who.name
    }
