"""Tickets of one customer that may be one matter: who gets no answer at once often writes again in a new mail.

A wrong guess nags, a missed one costs little: what two mails share must tell more than a greeting does, and two orders
are two matters however alike the words. It is worked out once, when a mail opens a ticket, and kept on both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from desk.conversation import Direction, Event, Message
from desk.desk import Desk
from desk.expression import And, Expression, Match, Not
from desk.subjects import base_subject
from desk.ticket import Status, Ticket, TicketNumber
from desk.words import search_form, split

OTHERS = "others"
"""What an event keeps of those tickets that this one is another matter than."""

WITHIN = timedelta(days=14)
CLOSED_WITHIN = timedelta(days=7)
"""How long before a mail the last one on another ticket may have come: on one that is not closed, on one that is."""

_MOST, _LONGEST = 6, 12
"""Of a customer's tickets, so many are looked at (who opens dozens in two weeks is a partner or a machine), and none
with more mails than that, for all of it would have to be read."""
_MOST_WORDS = 400
_FIRST = datetime.min.replace(tzinfo=UTC)
"""The calendar begins here; a mail may say that it came then."""
_TELLING_NUMBER = re.compile(r"\d{4,}")
_SHORTEST = 3
_ALONE = "\u2e80"
"""From here on a character is a word (desk/words.py)."""
_SUBJECT_TELLS = 3
_TEXT_TELLS = 8
"""Words from which on a subject or a text that agrees tells enough by itself."""


@dataclass(frozen=True, slots=True)
class _Matter:
    """What a mail is about, as far as words tell: those of its subject and of its own text, and its long numbers.

    `length` counts all words of the subject, the short ones too.
    """

    subject: str
    length: int
    topic: frozenset[str]
    words: frozenset[str]
    numbers: frozenset[str]


def may_be_double(ticket: Ticket) -> bool:
    """Whether an agent should be asked if it is one matter with another one: not once it was answered."""
    is_live = ticket.merged_into is None and ticket.status is Status.OPEN
    return bool(ticket.resembles) and is_live and ticket.waiting_since is not None


def suggested(desk: Desk, ticket: Ticket) -> tuple[Ticket, ...]:
    """The tickets that this one may be one matter with, where an agent should be asked; those that are still there."""
    if not may_be_double(ticket):
        return ()
    there = desk.store.tickets.many(ticket.resembles)
    return tuple(each for each in there if _is_there(each))


def _is_there(ticket: Ticket) -> bool:
    return ticket.merged_into is None and ticket.status is not Status.SPAM and not ticket.erased


def note_resemblance(desk: Desk, number: TicketNumber) -> None:
    """Keep on a ticket that was just opened, and on each that it looks like, that they do; inside a transaction."""
    ticket = desk.ticket(number)
    if not (alike := look_alike(desk, ticket)):
        return
    for other in alike:
        desk.store.tickets.put(replace(other, resembles=_with(other.resembles, number)))
    desk.store.tickets.put(replace(ticket, resembles=tuple(sorted(each.number for each in alike))))


def look_alike(desk: Desk, ticket: Ticket) -> list[Ticket]:
    """The same customer's tickets of these days that say the same as this one, the newest first."""
    if ticket.customer.is_nobody:
        return []
    there = desk.store.tickets.find(_near(ticket), sort="updated", limit=_MOST)
    found = [each for each in there if _is_near(each, ticket.created)]
    mail = _first(desk, ticket.number) if found else None
    said = _matter(mail) if mail is not None else None
    return [each for each in found if said is not None and _says(desk, each, said)]


def _alike(one: _Matter, other: _Matter) -> bool:
    """Whether two mails of one customer are about the same matter, by their words."""
    if one.numbers and other.numbers and not one.numbers & other.numbers:
        return False
    common = _share(one.words, other.words)
    if one.numbers & other.numbers:
        return common >= 0.25 or _likeness(one.topic, other.topic) >= 0.5  # noqa: PLR2004 - the number tells most
    if min(len(one.words), len(other.words)) >= _TEXT_TELLS and common >= 0.6:  # noqa: PLR2004 - the same said again
        return True
    if one.subject and one.subject == other.subject:
        return one.length >= _SUBJECT_TELLS or common >= 0.35  # noqa: PLR2004 - “Question” tells nothing
    return _likeness(one.topic, other.topic) >= 0.6 and common >= 0.3  # noqa: PLR2004 - both a little


def _matter(mail: Message) -> _Matter:
    """What a mail is about. What it quotes is left out, and its signature behind `-- ` (RFC 3676 4.3)."""
    lines = mail.text.partition("\n-- \n")[0].splitlines()
    own = "\n".join(each for each in lines if not each.lstrip().startswith(">"))
    subject = base_subject(mail.subject)
    words = split(search_form(own))[:_MOST_WORDS]
    topic = split(search_form(subject))
    numbers = {each for each in (*topic, *words) if _TELLING_NUMBER.search(each)}
    return _Matter(subject, len(topic), _telling(topic), _telling(words), frozenset(numbers))


def others_in(event: Event) -> tuple[TicketNumber, ...]:
    """The tickets that an event says this one is another matter than."""
    return tuple(TicketNumber(int(each)) for each in event.detail.get(OTHERS, "").split())


def _telling(words: list[str]) -> frozenset[str]:
    return frozenset(each for each in words if len(each) >= _SHORTEST or each >= _ALONE)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the shorter text stands in the longer one."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """What two have in common, of all that either has."""
    return len(one & other) / len(one | other) if one and other else 0.0


def _first(desk: Desk, number: TicketNumber) -> Message | None:
    """The mail that opened a ticket, where a person wrote it to us."""
    mails = (each for each in desk.store.conversations.of(number) if isinstance(each, Message))
    first = next(mails, None)
    is_theirs = first is not None and first.direction is Direction.IN and first.automatic is None
    return first if is_theirs else None


def _near(ticket: Ticket) -> Expression:
    return And(
        (
            Match("customer", "is", ticket.customer.key),
            Match("merged_into", "is", None),
            Not(Match("number", "is", ticket.number)),
            Not(Match("status", "is", Status.SPAM.value)),
            Match("updated", ">=", ticket.created - min(WITHIN, ticket.created - _FIRST)),
        )
    )


def _is_near(other: Ticket, at: datetime) -> bool:
    within = CLOSED_WITHIN if other.status is Status.CLOSED else WITHIN
    return not other.erased and other.message_count <= _LONGEST and abs(at - other.last_message) <= within


def _says(desk: Desk, other: Ticket, said: _Matter) -> bool:
    first = _first(desk, other.number)
    return first is not None and _alike(said, _matter(first))


def _with(numbers: tuple[TicketNumber, ...], number: TicketNumber) -> tuple[TicketNumber, ...]:
    return tuple(sorted({*numbers, number}))
