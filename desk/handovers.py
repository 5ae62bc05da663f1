"""What an agent leaves a colleague at the end of a shift: a document of its own, for it is about no one ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from desk.deeds import Deed, in_words
from desk.people import Handle
from desk.ticket import TicketNumber

HandoverId = NewType("HandoverId", int)


@dataclass(frozen=True, slots=True)
class Deeds:
    """What was done on one ticket during a shift, without anybody's name but ours."""

    ticket: TicketNumber
    did: tuple[Deed, ...] = ()

    @property
    def words(self) -> str:
        """The same in words."""
        return in_words(self.did)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A shift that `by` handed to `to`: the remark, what was done since `since`, and the numbers of what waits.

    Subjects and customers are not in it: whoever reads it reads them from the tickets. `seen` is when `to` read it,
    `told` when one of their screens first rang; `is_gone`: it was taken back. `is_begun`: nothing is handed over yet,
    to nobody, and only the remark is kept.
    """

    id: HandoverId = HandoverId(0)
    by: Handle
    to: Handle
    at: datetime
    since: datetime
    remark: str = ""
    done: tuple[Deeds, ...] = ()
    ours: tuple[TicketNumber, ...] = ()
    theirs: tuple[TicketNumber, ...] = ()
    asleep: tuple[TicketNumber, ...] = ()
    colleagues: tuple[TicketNumber, ...] = ()
    seen: datetime | None = None
    told: datetime | None = None
    is_gone: bool = False
    is_begun: bool = False
