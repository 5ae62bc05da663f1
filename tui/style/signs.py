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
    failed: str = "✗"
    claims: str = "?"
    asleep: str = "z"
    alike: str = "≈"
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
    dash: str = "–"


UNICODE = Signs()
ASCII = Signs(
    answering="w",
    reading="r",
    trouble="%",
    failed="X",
    alike="=",
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
    dash="-",
)


_DRAWN = (
    ("…", "~"), ("·•◦▫", "-"), ("—–─━═╌", "-"), ("│┃▏▎▍▌▋▊▉▐▕║╎┆┊", "|"), ("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝", "+"),
    ("“”„«»", '"'), ("‘’‚", "'"), ("→›▸▶", ">"), ("←‹", "<"), ("↑▴", "^"), ("↓▾", "v"), ("⟦", "["), ("⟧", "]"),
    ("✓✔", "x"), ("✗✘", "x"), ("✎", "w"), ("▤📎", "@"), ("⚠", "%"), ("⇑", "U"), ("×", "x"),
    ("▁▂▃", "_"), ("▄▅", "="), ("▆▇█", "#"), ("░", "."), ("▒", ":"), ("▓", "#"),
)  # fmt: skip
PLAIN = str.maketrans({sign: stand_in for signs, stand_in in _DRAWN for sign in signs if sign != "📎"})
"""What stands for everything that we draw with, on a screen that is to hold letters and ASCII only."""


def terminal_encoding() -> str:
    """The character encoding of the terminal: that of standard error, to which Textual writes."""
    return getattr(sys.__stderr__, "encoding", None) or "utf-8"


def is_utf8(encoding: str) -> bool:
    """Whether an encoding can hold everything."""
    return encoding.casefold().replace("-", "").replace("_", "") == "utf8"
