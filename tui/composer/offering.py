"""Which macros fit a ticket, in which order, and what they would say: read once, when a picker opens."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.beginning import Beginning
from desk.conversation import Message
from desk.desk import Desk
from desk.errors import RefusedError, TandemError
from desk.outgoing import gaps
from desk.people import Handle
from desk.ticket import Ticket, TicketNumber
from desk.views import matches, parse_query
from macros.facts import Facts, facts_for, facts_for_beginning
from macros.fill import preview
from macros.script import Ask, Macro
from macros.suggest import ordered, suggested
from macros.template import read_template
from tui.keys.naming import with_keys
from tui.words.tongue import tr

_LOOK_BACK = 500
"""How many of an agent's last events say what this agent likes to use."""
_MOST_NAMED = 4
"""Of the macros that a word may mean, so many are named."""


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


def refuse_words_for_several(macro: Macro, count: int) -> None:
    """Go on only with a macro that can be for so many tickets.

    Raises:
        RefusedError: it has words for a customer or for a note, which somebody must read over for each ticket.
    """
    if count > 1 and macro.reply != "none":
        words = tr("“{macro}” has words, so it is for one ticket, and {count} are marked")
        hint = with_keys(
            tr("{key_cancel} takes a filter off, then the marks; {key_note} writes one note on all of them")
        )
        raise RefusedError(words.format(macro=macro.name, count=f"{count:,}"), hint)


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

    return Offer(
        tuple(ordered(macros, ticket, matches=fits, used=_used(desk, me))),
        frozenset(each.slug for each in macros if suggested(each, fits)),
        facts_for(desk, number, now=now.astimezone()),
    )


def offer_first(desk: Desk, macros: Sequence[Macro], beginning: Beginning) -> Offer:
    """Order the macros for a mail that opens a ticket: none fits it better than others, the most used come first."""
    used = _used(desk, desk.acting.handle if desk.acting else None)
    for_mails = [each for each in macros if each.reply != "note"]
    return Offer(
        tuple(ordered(for_mails, None, matches=lambda _: False, used=used)),
        frozenset(),
        facts_for_beginning(desk, beginning, now=desk.clock().astimezone()),
    )


def meant(macros: Iterable[Macro], typed: str) -> Macro:
    """The macro that somebody means by a word: its file's name, its own with dashes, its key, or how one alone begins.

    Raises:
        RefusedError: none is called so, or several begin so.
    """
    wanted = typed.casefold()
    known = list(macros)
    for names in (_names, _keys):
        if found := [each for each in known if wanted in names(each)]:
            return found[0]
    begun = [each for each in known if any(name.startswith(wanted) for name in _names(each))]
    if len(begun) > 1:
        told = ", ".join(f":{each.slug}" for each in begun[:_MOST_NAMED])
        more = " …" if len(begun) > _MOST_NAMED else ""
        raise RefusedError(tr("several macros begin with “{typed}”").format(typed=typed), f"{told}{more}")
    if not begun:
        raise RefusedError(
            tr("no macro is called “{typed}”").format(typed=typed),
            with_keys(tr("{key_insert_macro} shows all of them")),
        )
    return begun[0]


def _names(macro: Macro) -> tuple[str, ...]:
    return macro.slug.casefold(), "-".join(re.findall(r"\w+", macro.name.casefold()))


def _keys(macro: Macro) -> tuple[str, ...]:
    return (macro.key.casefold(),) if macro.key else ()


def _used(desk: Desk, me: Handle | None) -> Counter[str]:
    """How often each macro was among what an agent did last."""
    done = desk.store.conversations.done_by(me, _LOOK_BACK) if me else ()
    return Counter(each.detail["macro"] for each in done if "macro" in each.detail)


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
