"""How it stands with one mailbox's incoming mail, in words for a status line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
