"""Macros and facts for tests, from as few words as possible."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from macros.facts import Facts, Value
from macros.script import Macro, parse_macro

FACTS = Facts(
    ticket={
        "number": 1042,
        "subject": "Refund for order 88213",
        "status": "open",
        "priority": "high",
        "assignee": "",
        "tags": ("billing", "vip"),
        "mailbox": "support",
        "created": "2026-11-20",
    },
    customer={"name": "Dana Petrova", "first_name": "Dana", "email": "dana@corp.example"},
    agent={
        "handle": "ana",
        "name": "Ana Ivanova",
        "first_name": "Ana",
        "email": "ana@acme.example",
        "signature": "Ana\nAcme",
    },
    mailbox={"name": "Acme Support", "address": "support@acme.example"},
    last_message={"text": "Where is\nmy refund?", "subject": "Refund", "date": "2026-11-20"},
    previous_tickets=({"number": 7, "subject": "Invoice"}, {"number": 3, "subject": "Login"}),
    now={"date": "2026-11-21", "time": "14:05", "weekday": "Saturday", "year": 2026},
)

UNKNOWN = Facts(ticket={}, customer={}, agent={}, mailbox={}, last_message={}, previous_tickets=(), now={})


def about_ticket(**values: Value) -> Facts:
    """FACTS with some values of the ticket changed."""
    return replace(FACTS, ticket={**FACTS.ticket, **values})


def source(front: str = "", body: str = "Hello.") -> str:
    """The text of a macro file; its front matter has a name in its first line."""
    return f"---\nname: Sample\n{front}{'' if front.endswith(chr(10)) or not front else chr(10)}---\n{body}\n"


def macro(front: str = "", body: str = "Hello.") -> Macro:
    return parse_macro(Path("macros/sample.md"), source(front, body))
