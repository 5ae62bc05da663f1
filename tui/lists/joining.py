"""What was typed to narrow a view, and the view's own search, as one; pure."""

from __future__ import annotations

import re

from desk.ticket import TicketNumber

_NUMBER = re.compile("#?([0-9]{1,9})")
_QUOTED = re.compile(r'"[^"]*"?')
_OR = re.compile(r"(?<!\S)or(?!\S)|\bor(?=\()|(?<=\))or\b", re.IGNORECASE)
_STATE = re.compile(r"(?<![\w:.-])is:(open|waiting|closed|spam|snoozed|merged)\b", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"(?:^|\s)not\s+$", re.IGNORECASE)
_STATUSES = frozenset({"open", "waiting", "closed", "spam"})
"""Of these a ticket is in one."""


def stands_alone(query: str, words: str) -> bool:
    """Whether words seek everywhere: they name a state that no ticket of the view has, as `is:closed` in the inbox."""
    return any(_excludes(query, state) for state in _states(words))


def number_in(words: str) -> TicketNumber | None:
    """The ticket that is meant where nothing but a number is typed: that one is found in every view, before others."""
    found = _NUMBER.fullmatch(words.strip())
    return TicketNumber(int(found[1])) if found else None


def joined(query: str, words: str) -> str:
    """The search that words leave of a view's, as a query of its own."""
    if stands_alone(query, words):
        return words.strip()
    parts = [part for part in (query.strip(), words.strip()) if part]
    both = " ".join(f"({part})" if len(parts) > 1 and _OR.search(_bare(part)) else part for part in parts)
    number = number_in(words)
    return both if number is None else f"id:{number} or {both}"


def _excludes(query: str, state: str) -> bool:
    if state == "merged" or f"-is:{state}" in query.casefold():
        return True
    named = _states(query)
    return state in _STATUSES and not named.isdisjoint(_STATUSES) and state not in named


def _states(query: str) -> frozenset[str]:
    """Which states a query asks for, not those that it leaves out."""
    bare = _bare(query)
    found = (each for each in _STATE.finditer(bare) if not _NOT_BEFORE.search(bare[: each.start()]))
    return frozenset(each[1].casefold() for each in found)


def _bare(query: str) -> str:
    return _QUOTED.sub(" ", query)
