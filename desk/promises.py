"""What a customer was promised, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from desk.people import Handle
from desk.ticket import TicketNumber

PromiseId = NewType("PromiseId", int)

LONGEST = 200
"""Characters of a promise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something that an agent (`by`) promised on a ticket, due at a moment (UTC, whole seconds).

    `kept` is when it was done (None: not yet), `kept_by` by whom. `is_gone`: it was taken back.
    """

    id: PromiseId = PromiseId(0)
    ticket: TicketNumber
    by: Handle
    at: datetime
    due: datetime
    text: str
    kept: datetime | None = None
    kept_by: Handle | None = None
    is_gone: bool = False

    @property
    def stands(self) -> bool:
        """Whether it has still to be kept."""
        return self.kept is None and not self.is_gone

    def is_late(self, now: datetime) -> bool:
        """Whether it should have been kept by now."""
        return self.stands and self.due < now
