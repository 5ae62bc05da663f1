"""What a macro's template is told about a ticket: plain words and numbers by name, every one of them cleaned.

Values from mails stay data: they are put in after the template was read, terminal control is taken out of them, and
the brackets ⟦ ⟧ that mark gaps become [ ], so that no mail can make a gap or hide one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from types import MappingProxyType

from desk.beginning import Beginning
from desk.conversation import Direction
from desk.desk import Desk
from desk.dossier import profile_of
from desk.expression import And, Match, Not
from desk.people import NOBODY, Address, Agent
from desk.safe import safe, safe_line
from desk.sides import mails_in, with_customer
from desk.ticket import Ticket, TicketNumber
from macros.names import first_name

Value = str | int | tuple[str, ...]
Group = Mapping[str, Value]

MAX_WORDS = 16 * 1024
"""How much of one value a template is told, in characters."""

MAX_PREVIOUS = 20
"""How many earlier tickets a template is told of."""

FIELDS: Mapping[str, str] = MappingProxyType({
    "ticket.number": "its number",
    "ticket.subject": "its subject, on one line",
    "ticket.status": "open, waiting, closed or spam",
    "ticket.priority": "low, normal, high or urgent",
    "ticket.assignee": "the handle of the agent who has it",
    "ticket.tags": "its tags, a list",
    "ticket.mailbox": "the name of the mailbox it came to",
    "ticket.created": "the day it came, as 2026-11-21",
    "customer.name": "the name that you gave the customer, or else the one that they gave",
    "customer.first_name": "the part of it for a greeting, where that is clear",
    "customer.email": "the customer's address",
    "customer.company": "where they work, if one of you said so",
    "customer.language": "the language that they read, as bg, if one of you said so",
    "agent.handle": "your handle",
    "agent.name": "your name",
    "agent.first_name": "the first word of it",
    "agent.email": "your address",
    "agent.signature": "your signature",
    "mailbox.name": "how the mailbox calls itself to customers",
    "mailbox.address": "its address",
    "last_message.text": "the customer's last message, whole",
    "last_message.subject": "its subject",
    "last_message.date": "the day it came, as 2026-11-21",
    "previous_tickets.number": "of each earlier ticket of this customer, newest first: its number",
    "previous_tickets.subject": "its subject",
    "now.date": "today, as 2026-11-21",
    "now.time": "the time, as 14:05",
    "now.weekday": "the day of the week in English",
    "now.year": "the year",
})  # fmt: skip
"""Every fact there is, with what it says; `ask.NAME` is what the macro itself asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known about one ticket, in the names of FIELDS; an empty value is one that is not known."""

    ticket: Group
    customer: Group
    agent: Group
    mailbox: Group
    last_message: Group
    previous_tickets: tuple[Group, ...]
    now: Group

    def values(self) -> dict[str, Group | tuple[Group, ...]]:
        """The facts by name, as a template takes them."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def facts_for(desk: Desk, number: TicketNumber, *, now: datetime) -> Facts:
    """What a macro may say about a ticket. Days and times are told in the zone of `now`.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    return _facts(desk, desk.ticket(number), now)


def facts_for_beginning(desk: Desk, beginning: Beginning, *, now: datetime) -> Facts:
    """What a macro may say in a mail that opens a ticket, which has no number yet. `now` as in `facts_for`."""
    mailbox, at = desk.settings.mailbox(beginning.mailbox), desk.clock()
    ticket = Ticket(
        number=TicketNumber(0),
        subject=beginning.subject,
        customer=next(iter(beginning.to), NOBODY),
        mailbox=mailbox.name if mailbox else "",
        created=at,
        updated=at,
        last_message=at,
    )
    facts = _facts(desk, ticket, now)
    return replace(facts, ticket={**facts.ticket, "number": ""})


def _facts(desk: Desk, ticket: Ticket, now: datetime) -> Facts:
    return Facts(
        ticket=_about_ticket(ticket, now),
        customer=_about_customer(desk, ticket.customer),
        agent=_about_agent(desk.acting),
        mailbox=_about_mailbox(desk, ticket),
        last_message=_about_last_message(desk, ticket.number, now),
        previous_tickets=_about_previous(desk, ticket),
        now=_about_now(now),
    )


def told(text: str) -> str:
    """A text of any length as data for a template: nothing for a terminal to obey, no gap marks, not endless."""
    return safe(text[:MAX_WORDS].translate(_NO_MARKS)).strip()


def told_line(text: str) -> str:
    """The same on one line."""
    return safe_line(told(text))


_NO_MARKS = str.maketrans("⟦⟧", "[]")


def _about_ticket(ticket: Ticket, now: datetime) -> Group:
    return {
        "number": ticket.number,
        "subject": told_line(ticket.subject),
        "status": ticket.status.value,
        "priority": ticket.priority.value,
        "assignee": told_line(ticket.assignee or ""),
        "tags": tuple(told_line(tag) for tag in ticket.tags),
        "mailbox": told_line(ticket.mailbox),
        "created": _day(ticket.created, now),
    }


def _about_customer(desk: Desk, customer: Address) -> Group:
    """What the mails say, and what agents said: never what is only guessed."""
    if customer.key == NOBODY.key:
        return {}
    profile = profile_of(desk, customer.email)
    name = told_line(profile.name or customer.name)
    return {
        "name": name,
        "first_name": first_name(name),
        "email": told_line(customer.email),
        "company": told_line(profile.company),
        "language": told_line(profile.language),
    }


def _about_agent(agent: Agent | None) -> Group:
    if agent is None:
        return {}
    return {
        "handle": agent.handle,
        "name": told_line(agent.name),
        "first_name": told_line(agent.first_name),
        "email": told_line(agent.email),
        "signature": told(agent.signature),
    }


def _about_mailbox(desk: Desk, ticket: Ticket) -> Group:
    if (mailbox := desk.settings.mailbox(ticket.mailbox)) is None:
        return {}
    return {
        "name": told_line(mailbox.address.name or mailbox.name),
        "address": told_line(mailbox.address.email),
    }


def _about_last_message(desk: Desk, number: TicketNumber, now: datetime) -> Group:
    """The newest one that a person wrote, or else the newest there is."""
    entries = desk.store.conversations.of(number)
    incoming = [each for each in with_customer(mails_in(entries)) if each.direction is Direction.IN]
    written = [each for each in incoming if each.automatic is None] or incoming
    if not written:
        return {}
    last = written[-1]
    return {"text": told(last.text), "subject": told_line(last.subject), "date": _day(last.at, now)}


def _about_previous(desk: Desk, ticket: Ticket) -> tuple[Group, ...]:
    if ticket.customer.key == NOBODY.key:
        return ()
    same_customer = Match("customer", "is", ticket.customer.key)
    others = And((same_customer, Not(Match("number", "is", ticket.number)), Match("merged_into", "is", None)))
    found = desk.store.tickets.find(others, sort="created", limit=MAX_PREVIOUS)
    return tuple({"number": each.number, "subject": told_line(each.subject)} for each in found)


def _about_now(now: datetime) -> Group:
    return {
        "date": now.date().isoformat(),
        "time": f"{now:%H:%M}",
        "weekday": _WEEKDAYS[now.weekday()],
        "year": now.year,
    }


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _day(moment: datetime, now: datetime) -> str:
    return moment.astimezone(now.tzinfo).date().isoformat()
