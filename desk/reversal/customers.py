"""The customer of a ticket, when setting one is taken back or done again."""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Event
from desk.desk import Desk
from desk.errors import RedoTooLate, RefusedError, UndoTooLate
from desk.people import Address
from desk.reversal.part import Part
from desk.ticket import Ticket


def take_customer_back(desk: Desk, part: Part) -> None:
    """Give a ticket the customer that it had, and propose again whoever was proposed.

    Raises:
        UndoTooLate: it has another customer by now.
    """
    ticket = _with_customer(desk, part.event, "after", UndoTooLate)
    before = _person(part.event, "before") or ticket.customer
    desk.store.tickets.put(replace(ticket, customer=before, proposed_customer=_person(part.event, "proposed")))


def set_customer_again(desk: Desk, part: Part) -> None:
    """Give a ticket the customer again that the agent said.

    Raises:
        RedoTooLate: it has another customer by now.
    """
    ticket = _with_customer(desk, part.event, "before", RedoTooLate)
    after = _person(part.event, "after") or ticket.customer
    desk.store.tickets.put(replace(ticket, customer=after, proposed_customer=None))


def _with_customer(desk: Desk, event: Event, name: str, refused: type[RefusedError]) -> Ticket:
    ticket = desk.ticket(event.ticket)
    if ticket.customer != _person(event, name):
        raise refused(f"too late: the customer of ticket {ticket.number} was changed again since")
    return ticket


def _person(event: Event, name: str) -> Address | None:
    email = event.detail.get(name)
    return None if email is None else Address(email, event.detail.get(f"{name}_name", ""))
