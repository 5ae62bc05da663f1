"""From an answer to a letter: whom it goes to, which mails it goes on from, and who writes (RFC 5322 3.6)."""

from __future__ import annotations

from desk.conversation import Direction, Message
from desk.desk import Desk
from desk.errors import RefusedError
from desk.outgoing import Answer, Letter, refuse_gaps
from desk.people import NOBODY, Address
from desk.settings import Mailbox
from desk.subjects import without_prefix
from desk.summary import counts
from desk.ticket import Ticket, TicketNumber
from desk.tokens import new_token

Addresses = tuple[Address, ...]


def letter_for(desk: Desk, number: TicketNumber, answer: Answer) -> Letter:
    """The letter that an answer on a ticket becomes.

    Raises:
        NoSuchTicket: there is none with this number.
        GapsLeft: the text still holds a marked gap.
        RefusedError: there is no address to write to or from.
    """
    refuse_gaps(answer.text)
    ticket = desk.ticket(number)
    mailbox = _mailbox(desk, ticket)
    by_people = _by_people(messages_of(desk, number))
    to, cc = _asked_for(desk, ticket, by_people)
    if answer.to is None:
        _refuse_nobody(desk, number, to)
    return Letter(
        ticket=number,
        token=new_token(desk.store.secret(), ticket),
        sender=_sender(desk, mailbox),
        to=answer.to or to,
        cc=cc if answer.cc is None else answer.cc,
        subject="Re: " + without_prefix(ticket.subject),
        text=answer.text,
        date=desk.clock(),
        in_reply_to=(by_people[-1].message_id or None) if by_people else None,
        references=_references(by_people),
        attachments=answer.attachments,
    )


def recipients(desk: Desk, number: TicketNumber) -> tuple[Addresses, Addresses]:
    """Whom an answer goes to, and who gets a copy: as the last mail by a person asks, without ourselves.

    A copy that no mail can reach (`undisclosed-recipients`) is left out.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    return _asked_for(desk, desk.ticket(number), _by_people(messages_of(desk, number)))


def _asked_for(desk: Desk, ticket: Ticket, messages: list[Message]) -> tuple[Addresses, Addresses]:
    received = [each for each in messages if each.direction is Direction.IN]
    if not received or _is_only_forwarded(desk, ticket, received):
        return (ticket.customer,), ()
    last = received[-1]
    to = _others(desk, last.reply_to) or _others(desk, (last.sender,)) or (ticket.customer,)
    keys = {each.key for each in to}
    copies = (each for each in _others(desk, (*last.to, *last.cc)) if each.key not in keys)
    return to, tuple(each for each in copies if desk.composer.reaches(each))


def _is_only_forwarded(desk: Desk, ticket: Ticket, received: list[Message]) -> bool:
    """Whether somebody else brought the matter, and an agent said whose it is: the customer has not written yet."""
    wrote = {each.sender.key for each in received}
    asked = {each.key for mail in received for each in mail.reply_to}
    is_somebody = ticket.customer.key != NOBODY.key and not desk.settings.is_own(ticket.customer)
    return is_somebody and len(wrote) == 1 and ticket.customer.key not in wrote | asked


def _refuse_nobody(desk: Desk, number: TicketNumber, to: Addresses) -> None:
    if any(each.key == NOBODY.key for each in to):
        raise RefusedError(
            f"no mail on ticket {number} gives an address to answer to", "write to the customer directly"
        )
    if all(desk.settings.is_own(each) for each in to):
        raise RefusedError(f"an answer on ticket {number} would go to ourselves", "write to the customer directly")


def messages_of(desk: Desk, number: TicketNumber) -> list[Message]:
    """The mails that stand on a ticket, in the order they came to the desk, without replies taken back or refused."""
    states = desk.states(number)
    messages = (each for each in desk.store.conversations.of(number) if isinstance(each, Message))
    return sorted((each for each in messages if counts(each, states)), key=lambda each: each.id)


def _by_people(messages: list[Message]) -> list[Message]:
    """Bounces and out-of-office mails are not answered; where there is nothing else, they are."""
    return [each for each in messages if each.automatic is None] or messages


def _others(desk: Desk, addresses: Addresses) -> Addresses:
    """Everybody once, but not ourselves."""
    return tuple({each.key: each for each in addresses if not desk.settings.is_own(each)}.values())


def _mailbox(desk: Desk, ticket: Ticket) -> Mailbox:
    if (mailbox := desk.settings.mailbox(ticket.mailbox)) is None:
        raise RefusedError("this desk has no address to write from", "`tandem init` sets one up")
    return mailbox


def _sender(desk: Desk, mailbox: Mailbox) -> Address:
    name, company = desk.me.name, mailbox.address.name
    return Address(mailbox.address.email, f"{name} ({company})" if company else name)


def _references(messages: list[Message]) -> tuple[str, ...]:
    """The whole chain (RFC 5322 3.6.4): what the last mail refers to, and that mail itself."""
    if not messages:
        return ()
    return tuple(each for each in dict.fromkeys([*messages[-1].references, messages[-1].message_id]) if each)
