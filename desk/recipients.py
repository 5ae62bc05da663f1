"""Whom an answer goes to, as the mails on its ticket ask (RFC 5322 3.6.3): everybody in the talk, without ourselves."""

from __future__ import annotations

from collections.abc import Sequence

from desk.conversation import Direction, Message
from desk.desk import Desk
from desk.errors import RefusedError
from desk.outgoing import Limits
from desk.people import NOBODY, Address
from desk.ticket import Ticket, TicketNumber

Addresses = tuple[Address, ...]


def asked_for(
    desk: Desk, ticket: Ticket, messages: Sequence[Message], limits: Limits | None = None
) -> tuple[Addresses, Addresses]:
    """To and Cc of an answer to these mails by people, in the order they came.

    A colleague whom the customer named gets a copy as anybody does, but not whoever writes the answer. A copy that no
    mail can reach (`undisclosed-recipients`) is left out.
    """
    to, copies = _named(desk, ticket, messages)
    done = {each.key for each in to} | ({desk.acting.email.casefold()} if desk.acting else set[str]())
    cc = (each for each in copies if each.key not in done)
    return to, tuple(each for each in cc if desk.composer.reaches(each, limits))


def refuse_nobody(desk: Desk, number: TicketNumber, to: Addresses) -> None:
    """Go on only where the mails on a ticket name somebody whom an answer can reach.

    Raises:
        RefusedError: they name nobody, or only ourselves.
    """
    if any(each.key == NOBODY.key for each in to):
        raise RefusedError(
            f"no mail on ticket {number} gives an address to answer to", "write to the customer directly"
        )
    if all(desk.settings.reaches_us(each) for each in to):
        raise RefusedError(f"an answer on ticket {number} would go to ourselves", "write to the customer directly")


def _named(desk: Desk, ticket: Ticket, messages: Sequence[Message]) -> tuple[Addresses, Addresses]:
    received = [each for each in messages if each.direction is Direction.IN]
    if not received and messages:  # nobody has answered yet: a second mail goes where the first one went
        first = messages[-1]
        return _others(desk, first.to) or (ticket.customer,), _others(desk, first.cc)
    if not received or _is_only_forwarded(desk, ticket, received):
        return (ticket.customer,), ()
    last = received[-1]
    asked = tuple(each for each in last.reply_to if "@" in each.email)  # a web form puts there what a visitor typed
    to = _others(desk, asked) or _others(desk, (last.sender,)) or (ticket.customer,)
    return to, _others(desk, (*last.to, *last.cc))


def _is_only_forwarded(desk: Desk, ticket: Ticket, received: Sequence[Message]) -> bool:
    """Whether somebody else brought the matter, and an agent said whose it is: the customer has not written yet."""
    wrote = {each.sender.key for each in received}
    asked = {each.key for mail in received for each in mail.reply_to}
    is_somebody = ticket.customer.key != NOBODY.key and not desk.settings.is_own(ticket.customer)
    return is_somebody and len(wrote) == 1 and ticket.customer.key not in wrote | asked


def _others(desk: Desk, addresses: Addresses) -> Addresses:
    """Everybody once, but not ourselves."""
    return tuple({each.key: each for each in addresses if not desk.settings.reaches_us(each)}.values())
