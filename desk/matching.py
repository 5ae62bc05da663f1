"""Judging one ticket by a search, in Python: what storage/search.py does in the database, and the rule it follows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from operator import ge, gt, le, lt
from typing import Any

from desk.expression import And, Expression, Field, Match, Not, Operator, Or, Words
from desk.ticket import Ticket

_TOKEN = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
_COMPARISONS: dict[Operator, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def matches(expression: Expression, ticket: Ticket, text: str = "") -> bool:
    """Whether a ticket is what a search asks for. `text` is what its messages and notes say, for full text.

    As in the store, a time that is not set is neither before nor after any other.
    """
    match expression:
        case And(parts):
            return all(matches(each, ticket, text) for each in parts)
        case Or(parts):
            return any(matches(each, ticket, text) for each in parts)
        case Not(inner):
            return not matches(inner, ticket, text)
        case Words():
            return _say(expression, (ticket.subject, ticket.customer.name, ticket.customer.email, text))
        case Match():
            return _holds(expression, ticket)


def _holds(condition: Match, ticket: Ticket) -> bool:
    match condition:
        case Match(field, "contains", str(part)):
            return contains(_texts(field, ticket), part)
        case Match("customer", "is", key):
            return ticket.customer.key == key
        case Match(field, "is", value):
            return bool(getattr(ticket, field) == value)
        case Match(field, "has", value):
            return value in getattr(ticket, field)
        case Match(field, operator, value):
            return _compares(operator, getattr(ticket, field), value)


def _texts(field: Field, ticket: Ticket) -> Sequence[str]:
    """A ticket keeps whom its mails name, not who of them wrote: so from: and to: look at the same addresses."""
    customer = (ticket.customer.name, ticket.customer.email)
    match field:
        case "customer":
            return customer
        case "from" | "to":
            return (*customer, *ticket.correspondents)
        case _:
            return (str(getattr(ticket, field) or ""),)


def contains(texts: Sequence[str], part: str) -> bool:
    """Whether one of these texts holds this part, whatever the case of its letters."""
    folded = part.casefold()
    return any(folded in text.casefold() for text in texts)


def _compares(operator: Operator, actual: datetime | int | None, value: object) -> bool:
    return actual is not None and _COMPARISONS[operator](actual, value)


def _say(words: Words, texts: Sequence[str]) -> bool:
    said = [_tokens(text) for text in texts]
    wanted = [words.text] if words.phrase else words.text.split()
    return all(any(_stands_in(_tokens(each), text, whole=words.phrase) for text in said) for each in wanted)


def _tokens(text: str) -> list[str]:
    """Runs of letters and digits, without case and without accents on Latin letters, as the full text keeps them."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("ς", "σ"))
    return _TOKEN.findall(unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed)))


def _stands_in(wanted: list[str], said: list[str], *, whole: bool) -> bool:
    """Whether these tokens stand side by side; the last may be the beginning of a longer one unless `whole`."""
    if not wanted:
        return False
    *before, last = wanted
    ends = range(len(before), len(said))
    return any(
        said[end - len(before) : end] == before and (said[end] == last if whole else said[end].startswith(last))
        for end in ends
    )
