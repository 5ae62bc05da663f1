"""From an answer to a letter: whom it goes to, which mails it goes on from, and who writes (RFC 5322 3.6).

Its text is what the agent saw before it left: desk/quoting.py and desk/signing.py put a quotation, a forwarded mail and
a signature there, and nothing is added to it here.
"""

from __future__ import annotations

from collections.abc import Sequence

from desk.conversation import Direction, Message, Purpose
from desk.desk import Desk
from desk.errors import RefusedError
from desk.outgoing import Answer, Letter, Limits, refuse_gaps
from desk.people import Address
from desk.recipients import Addresses, asked_for, refuse_nobody
from desk.settings import Mailbox
from desk.sides import known_to, mails_in
from desk.subjects import tagged, without_prefix
from desk.ticket import Ticket, TicketNumber
from desk.tokens import new_token, with_token
from desk.waiting import counts
from desk.wording import Wording

_PREFIXES = {Purpose.REPLY: "Re: ", Purpose.AUTOMATIC: "Re: ", Purpose.FORWARD: "Fwd: ", Purpose.NEW: ""}


def letter_for(desk: Desk, number: TicketNumber, answer: Answer) -> Letter:
    """The letter that an answer on a ticket becomes, a first mail or a forward on it.

    Where nothing came or left yet, an answer is the first mail. A forward refers to none of the customer's mails, so
    that answers to it stay apart from theirs; only what is written to whoever answered a forward goes on from that.

    Raises:
        NoSuchTicket: there is none with this number.
        GapsLeft: the text still holds a marked gap.
        RefusedError: there is no address to write to or from.
    """
    refuse_gaps(answer.text)
    ticket = desk.ticket(number)
    mailbox, said = _mailbox(desk, ticket), answer.wording or Wording()
    limits = limits_of(desk, mailbox)
    messages = messages_of(desk, number)
    to, cc = _recipients(desk, ticket, answer, _talk(desk, ticket, messages), limits)
    purpose = answer.purpose if messages or answer.purpose is not Purpose.REPLY else Purpose.NEW
    goes_on_from = _goes_on_from(messages, answer, to)
    token = new_token(desk.store.secret(), ticket)
    return Letter(
        ticket=number,
        token=token,
        sender=_sender(desk, mailbox, purpose),
        to=to,
        cc=cc,
        bcc=said.bcc,
        reply_to=_reply_to(mailbox, token),
        subject=_subject(mailbox, ticket, purpose if not goes_on_from else Purpose.REPLY, said.subject),
        text=answer.text,
        date=desk.clock(),
        in_reply_to=(goes_on_from[-1].message_id or None) if goes_on_from else None,
        references=_references(goes_on_from),
        attachments=answer.attachments,
        enclosures=said.enclosures,
        purpose=purpose,
        answered=goes_on_from[-1].raw if goes_on_from else "",
        limits=limits,
    )


def recipients(desk: Desk, number: TicketNumber) -> tuple[Addresses, Addresses]:
    """Whom an answer goes to, and who gets a copy: as the last mail by a person asks, without ourselves.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    return recipients_among(desk, desk.ticket(number), messages_of(desk, number))


def recipients_among(desk: Desk, ticket: Ticket, messages: Sequence[Message]) -> tuple[Addresses, Addresses]:
    """The same as if a ticket held these mails and no others."""
    mailbox = desk.settings.mailbox(ticket.mailbox)
    limits = limits_of(desk, mailbox) if mailbox else None
    return asked_for(desk, ticket, _talk(desk, ticket, messages), limits)


def last_from_customer(desk: Desk, number: TicketNumber, to: Addresses = ()) -> Message:
    """The mail that an answer to these people quotes: a person's if there is any, and the last that came.

    Raises:
        NoSuchTicket: there is none with this number.
        RefusedError: nothing has come yet.
    """
    desk.ticket(number)
    received = [each for each in messages_of(desk, number) if each.direction is Direction.IN]
    if not (talk := _by_people(received)):
        raise RefusedError(f"ticket {number} holds no mail of the customer to quote", "leave --quote out")
    return known_to(talk, to)[-1]


def messages_of(desk: Desk, number: TicketNumber) -> list[Message]:
    """The mails that stand on a ticket, in the order they came to the desk, without replies taken back or refused."""
    states = desk.states(number)
    messages = (each for each in desk.store.conversations.of(number) if isinstance(each, Message))
    return sorted((each for each in messages if counts(each, states)), key=lambda each: each.id)


def limits_of(desk: Desk, mailbox: Mailbox) -> Limits | None:
    """What the server that a mailbox sends through offered when it was last asked; None: it never was."""
    account = desk.store.senders.get(mailbox.name)
    return account.limits if account else None


def _recipients(
    desk: Desk, ticket: Ticket, answer: Answer, by_people: Sequence[Message], limits: Limits | None
) -> tuple[Addresses, Addresses]:
    """Those who were chosen, else for an answer those whom the mails ask for."""
    said = answer.wording or Wording()
    chosen_to = said.to if said.to is not None else answer.to or None
    chosen_cc = said.cc if said.cc is not None else answer.cc
    if answer.purpose in (Purpose.NEW, Purpose.FORWARD):
        return chosen_to or (), chosen_cc or ()
    to, cc = asked_for(desk, ticket, by_people, limits)
    if chosen_to is None:
        refuse_nobody(desk, ticket.number, to)
    return to if chosen_to is None else chosen_to, cc if chosen_cc is None else chosen_cc


def _goes_on_from(messages: Sequence[Message], answer: Answer, to: Addresses) -> Sequence[Message]:
    """The talk that a mail goes on with, the mail that it answers last; empty where it begins one."""
    if answer.purpose in (Purpose.REPLY, Purpose.AUTOMATIC):
        return known_to(_by_people(messages), to)
    passed_on = answer.wording.forwards if answer.wording and answer.purpose is Purpose.FORWARD else None
    said = next((each for each in messages if each.id == passed_on), None)
    is_answer = said is not None and said.side is not None and said.sender.key in {each.key for each in to}
    return [said] if said and is_answer else []


def _by_people(messages: Sequence[Message]) -> list[Message]:
    """The talk with the customer; bounces and out-of-office mails are answered only where there is nothing else."""
    talk = [each for each in messages if each.side is None and each.purpose is not Purpose.FORWARD]
    by_people = [each for each in talk if each.automatic is None and each.purpose is not Purpose.AUTOMATIC]
    return by_people or talk


def _talk(desk: Desk, ticket: Ticket, messages: Sequence[Message]) -> list[Message]:
    """What says whom an answer goes to: the talk, or where nothing came or left yet, the first mail taken back."""
    if messages:
        return _by_people(messages)
    never_left = _by_people(mails_in(desk.store.conversations.of(ticket.number)))
    return [each for each in never_left if ticket.customer.key in {who.key for who in each.to}]


def _subject(mailbox: Mailbox, ticket: Ticket, purpose: Purpose, chosen: str | None) -> str:
    subject = _PREFIXES[purpose] + without_prefix(ticket.subject) if chosen is None else chosen
    return tagged(subject, ticket.number) if mailbox.tags_subject else subject


def _mailbox(desk: Desk, ticket: Ticket) -> Mailbox:
    if (mailbox := desk.settings.mailbox(ticket.mailbox)) is None:
        raise RefusedError("this desk has no address to write from", "`tandem init` sets one up")
    return mailbox


def _sender(desk: Desk, mailbox: Mailbox, purpose: Purpose) -> Address:
    company = mailbox.address.name
    if purpose is Purpose.AUTOMATIC:
        return mailbox.address
    return Address(mailbox.address.email, f"{desk.me.name} ({company})" if company else desk.me.name)


def _reply_to(mailbox: Mailbox, token: str) -> Address | None:
    """Where answers shall go, where that is said; without the token where the address has no room for one."""
    if mailbox.reply_to == "none":
        return None
    marked = with_token(mailbox.address.email, token) if mailbox.reply_to == "token" else None
    return Address(marked or mailbox.address.email, mailbox.address.name)


def _references(messages: Sequence[Message]) -> tuple[str, ...]:
    """The whole chain (RFC 5322 3.6.4): what the last mail refers to, and that mail itself."""
    if not messages:
        return ()
    return tuple(each for each in dict.fromkeys([*messages[-1].references, messages[-1].message_id]) if each)
