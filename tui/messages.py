"""What the parts of the screen tell each other: values that cross from the workers to the widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rich.cells import cell_len

from desk.safe import safe_line
from desk.ticket import TicketNumber
from tui.reader.wrapping import fit

Tone = Literal["info", "warn", "error"]

_TELLING = 8
"""Cells of a sentence that are left of it at least."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence for the status line. `brief` says it where there is no room for the whole of it.

    `again`: when what failed is tried again, which stands at its end also where the sentence is cut. So does `onward`,
    what a key does next, in many words or in few.
    """

    text: str = ""
    tone: Tone = "info"
    brief: str = ""
    again: datetime | None = None
    onward: tuple[str, str] = ("", "")

    @property
    def uncut(self) -> str:
        """The sentence and what comes next in few words."""
        brief = safe_line(self.onward[1])
        return f"{safe_line(self.text)}; {brief}" if brief else safe_line(self.text)

    def within(self, width: int) -> str:
        """The sentence and what comes next, in so many cells where the first of it can be cut."""
        whole, brief = self.onward
        text = safe_line(self.text)
        if not whole:
            return text
        if cell_len(full := f"{text}; {safe_line(whole)}") <= width:
            return full
        ending = f"; {safe_line(brief)}"
        return fit(text, max(width - cell_len(ending), _TELLING)) + ending


def together(wrong: Sequence[Said]) -> Said:
    """Several things that are wrong at once, in one sentence, with the soonest try."""
    again = min((each.again for each in wrong if each.again), default=None)
    brief = " · ".join(each.brief or each.text for each in wrong)
    return Said(" · ".join(each.text for each in wrong), wrong[0].tone, brief, again)


@dataclass(frozen=True, slots=True)
class StoreChanged:
    """What this or another process changed in the store: (collection, id) pairs; None: anything may have changed."""

    what: frozenset[tuple[str, int]] | None

    @property
    def tickets(self) -> frozenset[TicketNumber] | None:
        """The tickets that changed; None: any."""
        if self.what is None:
            return None
        return frozenset(TicketNumber(number) for collection, number in self.what if collection == "tickets")

    def touches(self, *collections: str) -> bool:
        """Whether a document of these collections changed."""
        return self.what is None or any(collection in collections for collection, _ in self.what)
