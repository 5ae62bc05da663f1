"""How it stands with one mailbox's mail, in or out, in words for a status line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

WAITING = "waiting for mail"
"""The words for a mailbox in which all is well and nothing new."""


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
