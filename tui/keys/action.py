"""What an action is: its keys, its words and where it acts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Context(StrEnum):
    """Where a key is pressed."""

    LIST = "list"
    FILTER = "filter"
    READER = "reader"
    OUTBOX = "outbox"
    PARKED = "parked"
    STATS = "stats"
    COMPOSER = "composer"
    REVIEW = "review"


LIST = frozenset({Context.LIST})
READER = frozenset({Context.READER})
TICKET = LIST | READER
LISTS = LIST | {Context.OUTBOX}
PARKED = frozenset({Context.PARKED})
OUTBOX = frozenset({Context.OUTBOX})
SIDE = frozenset({Context.OUTBOX, Context.STATS}) | PARKED
ANYWHERE = TICKET | SIDE
FILTER = frozenset({Context.FILTER})
COMPOSER = frozenset({Context.COMPOSER})
REVIEW = frozenset({Context.REVIEW})


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key does. `rank` is its place on the key line, from 1 (0: it is not shown there).

    `moves` is true for what changes nothing but the view: it acts at once, even in a burst of keys.
    `bulk` is true for what acts on all marked tickets. `typed` is true where the widget itself reads the key: the
    table only tells about it.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    help: str
    contexts: frozenset[Context]
    args: tuple[str, ...] = ()
    rank: int = 0
    moves: bool = False
    bulk: bool = False
    typed: bool = False

    @property
    def shown_key(self) -> str:
        """The first key as people read it: "g i", "enter", "^d"; empty where only the palette has the action."""
        return shown(self.keys[0]) if self.keys else ""


def shown(key: str) -> str:
    """A key or chord as people read it."""
    return " ".join(_SHOWN.get(part, part.replace("ctrl+", "^")) for part in key.split(" "))


_SHOWN = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "S-Tab",
    "f1": "F1",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "down": "Down",
    "up": "Up",
}
