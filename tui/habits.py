"""What the screen remembers of an agent on this machine: the tour was seen, the theme chosen, what is used how often.

One small file for each agent, below the user's own state folder. It is no part of the desk: without it nothing is lost,
so a file that cannot be read or written is as one that is not there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import cast

from tui.composer.private import state_folder

_MOST = 500
"""How many different things are counted."""


@dataclass(frozen=True, slots=True)
class Habits:
    """`theme` was chosen on the screen while the settings said `theme_over`: other settings make it void.

    `shows_customer`: the customer stands beside the reader where there is room.
    """

    has_seen_tour: bool = False
    theme: str = ""
    theme_over: str = ""
    used: Mapping[str, int] = field(default_factory=dict[str, int])
    shows_customer: bool = False

    def seen(self) -> Habits:
        """The tour was shown."""
        return replace(self, has_seen_tour=True)

    def with_theme(self, chosen: str, over: str) -> Habits:
        """Another theme was chosen."""
        return replace(self, theme=chosen, theme_over=over)

    def with_customer(self, *, shows: bool) -> Habits:
        """The customer was shown beside the reader, or hidden."""
        return replace(self, shows_customer=shows)

    def with_used(self, name: str) -> Habits:
        """Something was used once more; of too many things those used least are forgotten."""
        counts = {**self.used, name: self.used.get(name, 0) + 1}
        often = sorted(counts, key=lambda each: (-counts[each], each != name))[:_MOST]
        return replace(self, used={each: counts[each] for each in often})

    def theme_for(self, settled: str) -> str:
        """The theme to show where the settings say `settled`."""
        return self.theme if self.theme and self.theme_over == settled else settled


def habits_file(handle: str, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Where the habits of an agent are kept; None where nobody has a home."""
    try:
        return state_folder(environ) / "tandem" / "screen" / f"{handle}.json"
    except RuntimeError:
        return None


def read_habits(path: Path | None) -> Habits:
    """The habits in a file; none where it cannot be read."""
    try:
        said = json.loads(path.read_bytes()) if path is not None else None
    except (OSError, ValueError, RecursionError):
        return Habits()
    values = cast("dict[str, object]", said) if isinstance(said, dict) else {}
    used = values.get("used")
    counts = cast("dict[str, object]", used) if isinstance(used, dict) else {}
    return Habits(
        has_seen_tour=values.get("tour") is True,
        theme=str(values.get("theme", "")),
        theme_over=str(values.get("theme_over", "")),
        used={name: count for name, count in counts.items() if isinstance(count, int)},
        shows_customer=values.get("customer") is True,
    )


def write_habits(path: Path | None, habits: Habits) -> None:
    """Put the habits into a file, whole or not at all; it is no matter where that cannot be done."""
    if path is None:
        return
    said: dict[str, object] = {"tour": habits.has_seen_tour, "theme": habits.theme, "theme_over": habits.theme_over}
    said["customer"] = habits.shows_customer
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            json.dump({**said, "used": dict(habits.used)}, file)
        Path(file.name).replace(path)
    except OSError:
        return
