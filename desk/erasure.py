"""What it says of an erasure when nothing else is left: when, by whom, how much; and nothing that names the person."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import NewType

from desk.incoming import Place
from desk.people import NOBODY, Address, Handle

ErasureId = NewType("ErasureId", int)

WORDS = "(erased)"
"""What stands in the place of words that were erased."""

SOMEBODY = Address(NOBODY.email, WORDS)
"""Stands for a person who was erased: nothing can be sent there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """How much an erasure takes away.

    `tickets` hold nothing any more but their number and when what happened; on `shared` tickets others wrote too, and
    their words stay. `messages` are gone; of `redacted` ones the person's words, names and addresses are, and the bytes
    as they came. `files` is how many mails and attached files lie in the folder of mails for these.
    """

    tickets: int = 0
    shared: int = 0
    messages: int = 0
    redacted: int = 0
    notes: int = 0
    drafts: int = 0
    outgoing: int = 0
    events: int = 0
    parked: int = 0
    links: int = 0
    mentions: int = 0
    files: int = 0
    profiles: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether there was nothing to erase."""
        return not any(getattr(self, each.name) for each in fields(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One erasure, as its receipt. `people` are keyed digests of the addresses, in all their spellings.

    `places` is where the mails still lie on the mail server. `upto` is the last entry that there was: mails of the same
    person after it are new ones. `files` are the sha256 of the files that are still to be removed, each in two halves
    so that nothing takes them for files that are needed; `finished` is None until these are gone and the store was
    written anew.
    """

    id: ErasureId = ErasureId(0)
    at: datetime
    by: Handle
    people: tuple[str, ...]
    amounts: Erased
    places: tuple[Place, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    upto: int = 0
    finished: datetime | None = None
