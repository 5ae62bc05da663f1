"""A search as a tree of values: what desk/views.py reads from text and storage/search.py turns into a query.

Words that depend on the asker ("me", "7d") are resolved before a tree is made, so a tree means the same to everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Operator = Literal["is", "has", "<", "<=", ">", ">="]
"""is: equal (None: not set). has: a list holds it. The rest compare."""

Field = Literal[
    "number",
    "status",
    "assignee",
    "tags",
    "priority",
    "mailbox",
    "unread",
    "holds",
    "customer",
    "created",
    "updated",
    "waiting_since",
    "snoozed_until",
    "merged_into",
]

Said = Literal["subject", "customer", "from", "to"]
"""Texts of a ticket that can be searched alone: its subject, its customer's name and address, those of everybody who
wrote a message on it, and of everybody it was sent to (with copies)."""


@dataclass(frozen=True, slots=True)
class Match:
    """One condition on a ticket: its field, how to compare, and with what. Times are UTC, whole seconds."""

    field: Field
    operator: Operator
    value: str | int | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Words:
    """Full text: all these words, in one text or several; desk/words.py says what a word is.

    Each may be the beginning of a longer one; with `phrase` they are whole, in this order and side by side. Without a
    `field` the texts are subject, customer, messages and notes. What looks like a whole mail address is, in a field of
    people, exactly that address.
    """

    text: str
    phrase: bool = False
    field: Said | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """Everything that the inner tree does not match."""

    inner: Expression


@dataclass(frozen=True, slots=True)
class And:
    """Everything that all parts match; no parts match everything."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Everything that any part matches."""

    parts: tuple[Expression, ...]


Expression = Match | Words | Not | And | Or

EVERYTHING = And(())
