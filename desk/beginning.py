"""A mail by which we write to somebody first, before there is a ticket: as it is sent, and as it is kept unfinished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from desk.conversation import EntryId
from desk.people import Address, Handle
from desk.plan import Plan
from desk.wording import Enclosure, Wording

BeginningId = NewType("BeginningId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The first mail of a conversation. `mailbox` is where it leaves from and answers come (empty: the desk's first).

    The first of `to` is the customer of the ticket. `plan` is what a macro adds to the text.
    """

    mailbox: str = ""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str = ""
    text: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    plan: Plan | None = None

    @property
    def wording(self) -> Wording:
        """All but the text and where it leaves from."""
        return Wording(to=self.to, cc=self.cc, bcc=self.bcc, subject=self.subject, enclosures=self.enclosures)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost with it."""
        return not (self.text.strip() or self.subject.strip() or self.to or self.cc or self.bcc or self.enclosures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """When something was done of which no event tells: it has no ticket yet.

    `after` is the author's last event by then (0: none), `number` counts their steps of this kind from 1, and
    `revision` is as which the mail stood.
    """

    after: EntryId
    number: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBeginning:
    """One that is not sent yet, its author's own. `revision` counts from 1, one up for each time it was saved (UTC).

    `thrown` says that it was thrown away, and `brought_back` that an undo made it unfinished again since.
    """

    id: BeginningId = BeginningId(0)
    author: Handle
    beginning: Beginning
    saved: datetime
    revision: int = 1
    thrown: Step | None = None
    brought_back: Step | None = None

    @property
    def is_thrown(self) -> bool:
        """Whether it is only kept for an undo."""
        return self.thrown is not None and self.brought_back is None
