"""Which macros fit a ticket, in which order, and what they would say: read once, when a picker opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.conversation import Message
from desk.desk import Desk
from desk.errors import TandemError
from desk.outgoing import gaps
from desk.people import Handle
from desk.ticket import Ticket, TicketNumber
from desk.views import matches, parse_query
from macros.facts import Facts, facts_for
from macros.fill import preview
from macros.script import Ask, Macro
from macros.suggest import ordered, suggested
from macros.template import read_template

_LOOK_BACK = 500
"""How many of an agent's last events say what this agent likes to use."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The macros for one ticket, the best first; `fitting` are the slugs of those whose `when` matches it."""

    macros: tuple[Macro, ...]
    fitting: frozenset[str]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A macro before it is chosen: its text with gaps, what it asks and does, or (`problem`) why it cannot be used."""

    text: str = ""
    actions: tuple[str, ...] = ()
    steps: int = 0
    required: int = 0
    asks: tuple[str, ...] = ()
    problem: str = ""


def offer(desk: Desk, macros: Sequence[Macro], number: TicketNumber) -> Offer:
    """Order the macros for a ticket and read what they may say about it.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    ticket, me, now = desk.ticket(number), desk.acting.handle if desk.acting else None, desk.clock()
    entries = desk.store.conversations.of(number)
    words = "\n".join(each.text for each in entries if isinstance(each, Message))

    def fits(query: str) -> bool:
        return _fits(query, ticket, words, me, now)

    used = Counter(
        each.detail["macro"]
        for each in (desk.store.conversations.done_by(me, _LOOK_BACK) if me else ())
        if "macro" in each.detail
    )
    return Offer(
        tuple(ordered(macros, ticket, matches=fits, used=used)),
        frozenset(each.slug for each in macros if suggested(each, fits)),
        facts_for(desk, number, now=now.astimezone()),
    )


def glimpse(macro: Macro, facts: Facts) -> Glimpse:
    """What a macro would say and do on a ticket, with gaps where it still has to ask."""
    try:
        shown = preview(macro, facts)
    except TandemError as error:
        return Glimpse(problem=str(error))
    return Glimpse(
        text=shown.text,
        actions=shown.actions,
        steps=len(shown.checklist),
        required=sum(each.required for each in shown.checklist),
        asks=tuple(each.label for each in macro.ask.values()),
    )


def proposed(macro: Macro, ask: Ask, facts: Facts) -> str:
    """What a prompt proposes; empty where its default is not known for this ticket.

    Raises:
        MacroError: the default cannot be filled in.
    """
    filled = read_template(ask.default, str(macro.path), macro.line("ask")).fill(facts.values())
    return "" if gaps(filled) else filled


def _fits(query: str, ticket: Ticket, words: str, me: Handle | None, now: datetime) -> bool:
    return matches(parse_query(query, me=me, now=now), ticket, words)
