"""What an agent has written, finished or not: the words and all that goes with them, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field

from desk.conversation import EntryId
from desk.plan import Plan
from desk.wording import Wording


@dataclass(frozen=True, slots=True)
class Written:
    """A text, what a macro added to it (`plan`), and what else was chosen for a mail (`wording`).

    `seen` is the newest entry of its ticket that its author had seen when they wrote (None: nobody knows); it is none
    of what was written.
    """

    text: str
    plan: Plan | None = None
    wording: Wording | None = None
    seen: EntryId | None = field(default=None, compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost with it; a macro without words is nothing by itself."""
        return not (self.text.strip() or (self.wording is not None and self.wording.is_chosen))


def earlier(one: EntryId | None, other: EntryId | None) -> EntryId | None:
    """Up to where the author of two texts in one had seen the ticket: what only one was written without is news."""
    return min((each for each in (one, other) if each is not None), default=None)
