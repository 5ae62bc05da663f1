"""What an agent has written, finished or not: the words and all that goes with them, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from desk.plan import Plan
from desk.wording import Wording


@dataclass(frozen=True, slots=True)
class Written:
    """A text, what a macro added to it (`plan`), and what else was chosen for a mail (`wording`)."""

    text: str
    plan: Plan | None = None
    wording: Wording | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost with it; a macro without words is nothing by itself."""
        return not (self.text.strip() or (self.wording is not None and self.wording.is_chosen))
