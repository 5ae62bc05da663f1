"""Every action of the screen, once: its keys, its words and where it acts.

Key presses, the which-key line, the key line, the palette and the help all read this table. A key is a character as
it is typed ("j", "?", ",") or Textual's name ("enter", "ctrl+d"); a chord is several with blanks between ("g i").
An action is carried out by the method `action_NAME(*args)` of the widget that has the focus, or of one around it.
Keys that end a broken escape sequence (A B C D F H I M O [) must stay harmless: a slow line turns arrows into them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui.keys.action import Action, Context, shown
from tui.keys.application import APPLICATION
from tui.keys.moving import MOVING
from tui.keys.reading import READING
from tui.keys.side import FIGURES, KEPT_BACK, OUTGOING
from tui.keys.tickets import TICKETS
from tui.keys.views import GOING
from tui.keys.writing import WRITING

__all__ = [
    "ACTIONS",
    "CHORD_TITLES",
    "LEADER",
    "Action",
    "Context",
    "acting_in",
    "on_key_line",
    "shown",
]

ACTIONS: tuple[Action, ...] = (
    *MOVING,
    *TICKETS,
    *GOING,
    *APPLICATION,
    *FIGURES,
    *KEPT_BACK,
    *OUTGOING,
    *READING,
    *WRITING,
)

LEADER = ","
"""The key that goes before a macro's own hot key."""

CHORD_TITLES = {"g": "go to", "s": "status", "a": "assign to", "p": "priority", "y": "copy", LEADER: "macro"}
"""What the first key of a chord announces."""


def acting_in(context: Context, actions: Iterable[Action] = ACTIONS) -> Iterator[Action]:
    """The actions that can be used in a context, in the table's order."""
    return (each for each in actions if context in each.contexts)


def on_key_line(context: Context, actions: Iterable[Action] = ACTIONS) -> list[Action]:
    """The actions whose keys the last line shows, the most wanted first."""
    return sorted((each for each in acting_in(context, actions) if each.rank), key=lambda each: each.rank)
