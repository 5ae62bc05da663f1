"""What became of a text under the hands of whoever was writing it, in words. Who finds that out is desk/drafts.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desk.draft import Draft, DraftKind
from desk.people import Handle
from desk.ticket import TicketNumber


class Fate(StrEnum):
    """What became of a text under the hands of whoever was writing it."""

    TAKEN_OVER = "taken over"
    BEGUN = "begun"
    ELSEWHERE = "elsewhere"
    BROUGHT_BACK = "brought back"
    SENT = "sent"
    DISCARDED = "discarded"
    ERASED = "erased"
    MERGED = "merged"
    REJOINED = "rejoined"
    WENT_BACK = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Why a text cannot be written on: its `fate`, by whom and when (UTC), and what stands in its place `now`.

    `by` is None for what its own author did on another screen or on the command line. `ticket` is the one where the
    text goes on since it went back there (None: it did not), `into` the one that goes on for its own (None: none does).
    """

    kind: DraftKind
    fate: Fate
    by: Handle | None
    at: datetime
    now: Draft | None
    ticket: TicketNumber | None = None
    into: TicketNumber | None = None

    @property
    def has_moved(self) -> bool:
        """Whether the text went to another ticket: along to the one that goes on for its own, or back to its own."""
        return self.fate in (Fate.MERGED, Fate.REJOINED) or self.ticket is not None

    @property
    def words(self) -> str:  # noqa: C901, PLR0911 - a sentence for each fate
        """What happened, without the time: "bo took this draft over"."""
        text = _NAMES.get(self.kind, "answer")
        match self.fate:
            case Fate.TAKEN_OVER:
                return f"{self.by} took this draft over"
            case Fate.BEGUN:
                return f"{self.by} is writing this answer"
            case Fate.ELSEWHERE:
                return f"this {text} is being written in your other screen"
            case Fate.BROUGHT_BACK:
                return f"the {text} that you took back became the draft"
            case Fate.SENT:
                return f"{self.by} answered" if self.by else f"you finished this {text} elsewhere"
            case Fate.DISCARDED:
                return "this draft was thrown away"
            case Fate.MERGED:
                return f"{self.by or 'you'} merged this ticket into {self.into}"
            case Fate.REJOINED:
                return f"{self.by or 'you'} took back the split that had made this ticket"
            case Fate.WENT_BACK:
                return f"this draft went back to its own ticket when {self.by or 'you'} took back the merge"
            case Fate.ERASED:
                return f"{self.by or 'you'} erased this customer, and nothing written here is kept any more"


_NAMES = {DraftKind.NOTE: "note", DraftKind.FORWARD: "forward"}
