"""What an action is: its keys, its words and where it acts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tui.words.tongue import tr, trc


class Context(StrEnum):
    """Where a key is pressed."""

    LIST = "list"
    FILTER = "filter"
    READER = "reader"
    FIND = "find"
    FOUND = "found"
    SOURCE = "source"
    FILES = "files"
    LINKS = "links"
    SIDEBAR = "sidebar"
    CUSTOMER = "customer"
    CUSTOMER_FORM = "customer_form"
    OUTBOX = "outbox"
    PARKED = "parked"
    STATS = "stats"
    SHIFT = "shift"
    REMARK = "remark"
    COMPOSER = "composer"
    REVIEW = "review"
    HELD = "held"
    EDITED_NOTE = "edited_note"
    RECIPIENTS = "recipients"
    VIEW_FORM = "view_form"
    PICKER = "picker"
    TAGS = "tags"
    SNOOZE = "snooze"
    PATH = "path"
    MACROS = "macros"
    LEFTOVERS = "leftovers"
    PLAN = "plan"


LIST = frozenset({Context.LIST})
READER = frozenset({Context.READER})
FIND = frozenset({Context.FIND})
FOUND = frozenset({Context.FOUND})
SOURCE = frozenset({Context.SOURCE})
FILES = frozenset({Context.FILES})
LINKS = frozenset({Context.LINKS})
TICKET = LIST | READER
SIDEBAR = frozenset({Context.SIDEBAR})
LISTS = LIST | {Context.OUTBOX, Context.SHIFT}
PARKED = frozenset({Context.PARKED})
OUTBOX = frozenset({Context.OUTBOX})
SHIFT = frozenset({Context.SHIFT})
SIDE = frozenset({Context.OUTBOX, Context.STATS}) | PARKED | SIDEBAR | SHIFT
CUSTOMER = frozenset({Context.CUSTOMER})
CUSTOMER_FORM = frozenset({Context.CUSTOMER_FORM})
ANYWHERE = TICKET | SIDE | CUSTOMER
FILTER = frozenset({Context.FILTER})
COMPOSER = frozenset({Context.COMPOSER})
REVIEW = frozenset({Context.REVIEW})
HELD = frozenset({Context.HELD})
PICKERS = frozenset(
    {Context.PICKER, Context.TAGS, Context.SNOOZE, Context.PATH, Context.MACROS, Context.LEFTOVERS},
)
FORMS = frozenset({Context.RECIPIENTS, Context.VIEW_FORM})
PLAN = frozenset({Context.PLAN})
WRITTEN = PICKERS | FORMS | FILTER | FIND | CUSTOMER_FORM | COMPOSER | {Context.REMARK, Context.EDITED_NOTE}
"""Where letters are text."""
LINES = PICKERS | FORMS | FILTER | FIND | CUSTOMER_FORM
"""Where text is typed line by line, and a line end takes what was typed."""
OBEYED = REVIEW | HELD | PLAN
"""Where letters act, and the widget that has the focus reads them itself."""


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
    def id(self) -> str:
        """What the action is called in a keymap: `reply`, `half-down`, `view-mine`, `status-waiting`."""
        return "-".join((self.name, *self.args)).replace("_", "-").replace(" ", "-")

    @property
    def title(self) -> str:
        """The label in the language of the screen."""
        return trc(self.id, self.label)

    @property
    def about(self) -> str:
        """What it does, in the language of the screen."""
        return tr(self.help)

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
    "backspace": "Bksp",
    "delete": "Del",
    "insert": "Ins",
    "left": "Left",
    "right": "Right",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "down": "Down",
    "up": "Up",
}
