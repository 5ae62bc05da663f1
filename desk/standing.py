"""How it stands with one mailbox's mail, in or out, in words for a status line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WAITING = "waiting for mail"
"""The words for a mailbox in which all is well and nothing new."""

_MINUTES_ALONE = 60
"""Minutes from which hours are told, too."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """How many mails of those that are `wanted` were taken in; `left`: how long the rest takes at the rate so far."""

    done: int
    wanted: int
    left: timedelta | None = None

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return self.done / max(self.wanted, 1)

    @property
    def in_words(self) -> str:
        """`fetching 1,240 of 8,300, about 2 min left`; no time where none can be told yet, or nothing is left."""
        told = f"fetching {self.done:,} of {self.wanted:,}"
        if self.left is None or self.done >= self.wanted:
            return told
        minutes = -(-self.left // timedelta(minutes=1))
        if minutes <= 1:
            return f"{told}, less than a minute left"
        if minutes < _MINUTES_ALONE:
            return f"{told}, about {minutes} min left"
        return f"{told}, about {minutes // 60} h {minutes % 60:02} min left"


def all_of(parts: Sequence[Fetching]) -> Fetching:
    """How far it is with several mailboxes that are fetched at the same time: the slowest tells how long it takes."""
    lefts = [each.left for each in parts if each.done < each.wanted]
    known = [each for each in lefts if each is not None]
    left = max(known, default=None) if len(known) == len(lefts) else None
    return Fetching(sum(each.done for each in parts), sum(each.wanted for each in parts), left)


@dataclass(frozen=True, slots=True)
class Standing:
    """`words` say what is going on; with `is_trouble` what is wrong, and `again` when it is tried again, if it is.

    `came` is how many mails were taken in since this was last told; `is_over`: nothing more will come in.
    """

    mailbox: str
    words: str
    is_trouble: bool = False
    again: datetime | None = None
    came: int = 0
    is_over: bool = False

    @property
    def notice(self) -> str:
        """What stands beside the words for a mailbox in which all is well; empty when nothing does."""
        return self.words.removeprefix(WAITING).removeprefix(" · ") if self.is_calm else ""

    @property
    def is_calm(self) -> bool:
        """Whether all is well and nothing new."""
        return not self.is_trouble and self.words.startswith(WAITING)
