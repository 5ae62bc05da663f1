"""Judging one ticket by a search, in Python: what storage/search.py does in the database, and the rule it follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import ge, gt, le, lt
from typing import Any

from desk.expression import And, Expression, Match, Not, Operator, Or, Words
from desk.ticket import Ticket
from desk.words import Asked, asked, asked_of_people, people_form, search_form, split

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
            said = [split(form) for form in _said(expression, ticket, text)]
            return all(any(each.stands_in(words) for words in said) for each in wanted(expression))
        case Match():
            return _holds(expression, ticket)


def wanted(words: Words) -> list[Asked]:
    """What must stand in the texts, each in any of them; a phrase must stand in one."""
    pieces = [words.text] if words.phrase else words.text.split() or [""]
    ask = asked if words.field in {None, "subject"} else asked_of_people
    return [ask(piece, whole=words.phrase) for piece in pieces]


def _said(words: Words, ticket: Ticket, text: str) -> Sequence[str]:
    """The search forms of the texts that these words are looked for in."""
    match words.field:
        case "subject":
            return (search_form(ticket.subject),)
        case "customer":
            return (people_form([ticket.customer]),)
        case "from":
            return (people_form(ticket.senders),)
        case "to":
            return (people_form(ticket.recipients),)
        case None:
            return search_form(ticket.subject), people_form([ticket.customer]), search_form(text)


def _holds(condition: Match, ticket: Ticket) -> bool:
    match condition:
        case Match("customer", "is", key):
            return ticket.customer.key == key
        case Match(field, "is", value):
            return bool(getattr(ticket, field) == value)
        case Match(field, "has", value):
            return value in getattr(ticket, field)
        case Match(field, operator, value):
            return _compares(operator, getattr(ticket, field), value)


def _compares(operator: Operator, actual: datetime | int | None, value: object) -> bool:
    return actual is not None and _COMPARISONS[operator](actual, value)
