"""The few signs of the screen, and plain ones for terminals that cannot show them."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """One cell each. `cut` stands where a text was shortened, `above` before a count of rows that came in above."""

    cursor: str = ">"
    mark: str = "+"
    unread: str = "*"
    answering: str = "✎"
    reading: str = "◦"
    trouble: str = "⚠"
    low: str = "↓"
    high: str = "↑"
    urgent: str = "⇑"
    late: str = "!"
    cut: str = "…"
    above: str = "↑"
    between: str = "·"
    folded: str = "▸"
    unfolded: str = "▾"
    ours: str = "▎"
    to: str = "→"
    file: str = "▤"
    fact: str = "▫"
    below: str = "↓"
    rule: str = "─"
    here: str = "›"


UNICODE = Signs()
ASCII = Signs(
    answering="w",
    reading="r",
    trouble="%",
    low="L",
    high="H",
    urgent="U",
    cut="~",
    above="^",
    between="-",
    folded="+",
    unfolded="-",
    ours="|",
    to=">",
    file="@",
    fact="=",
    below="v",
    rule="-",
    here=">",
)


def signs_for(encoding: str) -> Signs:
    """The signs that a terminal with this character encoding can show."""
    return UNICODE if is_utf8(encoding) else ASCII


def terminal_encoding() -> str:
    """The character encoding of the terminal: that of standard error, to which Textual writes."""
    return getattr(sys.__stderr__, "encoding", None) or "utf-8"


def is_utf8(encoding: str) -> bool:
    """Whether an encoding can hold everything."""
    return encoding.casefold().replace("-", "").replace("_", "") == "utf8"
