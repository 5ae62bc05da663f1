"""Colleagues who are named in a note (`@bo`): how they are read from its words, and what is remembered of each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import NewType

from desk.conversation import EntryId
from desk.people import Handle
from desk.ticket import TicketNumber

MentionId = NewType("MentionId", int)

_NAMED = re.compile(r"(?<![\w.+@/:-])@(?P<handle>[A-Za-z0-9_-]{1,20})(?![\w@])(?!\.[a-z0-9])")
"""An `@` and a handle, but no part of a mail address, a path or a name on another network."""

_QUOTED = re.compile(r"[ \t]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """That a note names an agent. `by` wrote it, `at` is when it first did.

    `seen` is when the agent opened the ticket after that, `told` when one of their screens first rang (None: not yet).
    `is_gone`: the note was taken back, or names them no more; what was seen stays known, should it come again.
    """

    id: MentionId = MentionId(0)
    agent: Handle
    ticket: TicketNumber
    entry: EntryId
    at: datetime
    by: Handle
    seen: datetime | None = None
    told: datetime | None = None
    is_gone: bool = False

    @property
    def waits(self) -> bool:
        """Whether the agent has still to look."""
        return self.seen is None and not self.is_gone


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a text names: colleagues in the order of its words, and what looks like a handle and is nobody's."""

    agents: tuple[Handle, ...]
    unknown: tuple[str, ...]


def named_in(text: str, handles: Collection[Handle]) -> Named:
    """Whom a note's words name, in whatever case; lines that quote somebody name nobody."""
    own = "\n".join(line for line in text.split("\n") if not _QUOTED.match(line))
    said = dict.fromkeys(found["handle"].casefold() for found in _NAMED.finditer(own))
    known = {name: _known(name, handles) for name in said}
    agents = dict.fromkeys(handle for handle in known.values() if handle is not None)
    return Named(tuple(agents), tuple(name for name, handle in known.items() if handle is None))


def _known(name: str, handles: Collection[Handle]) -> Handle | None:
    """The handle that is meant; what stands behind one as a dash is none of it."""
    spellings = (Handle(name), Handle(name.rstrip("-_")))
    return next((each for each in spellings if each in handles), None)


def begun(text: str) -> str | None:
    """The beginning of a handle that a text ends with, without its `@`; None where it ends with none."""
    found = re.search(r"(?<![\w.+@/:-])@([A-Za-z0-9_-]{0,20})\Z", text)
    return found[1].casefold() if found else None


def completed(beginning: str, handles: Iterable[Handle]) -> tuple[str, tuple[Handle, ...]]:
    """How far a handle goes on clearly, and which it may become; a blank follows the only one."""
    found = tuple(each for each in handles if each.startswith(beginning))
    if len(found) == 1:
        return f"{found[0]} ", found
    first, last = min(found, default=""), max(found, default="")
    alike = takewhile(lambda both: both[0] == both[1], zip(first, last, strict=False))
    return "".join(letter for letter, _ in alike), found


def held(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """What a ticket holds of these: `@bo` while a note names bo, and `@bo!` while bo has still to look."""
    there = [each for each in mentions if not each.is_gone]
    named = dict.fromkeys(naming(each.agent) for each in there)
    return (*named, *dict.fromkeys(calling(each.agent) for each in there if each.waits))


def naming(agent: Handle) -> str:
    """What a ticket holds on which a note names this agent."""
    return f"@{agent}"


def calling(agent: Handle) -> str:
    """What it holds as long as they have still to look."""
    return f"@{agent}!"
