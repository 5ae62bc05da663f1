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
from tui.keys.choosing import CHOOSING
from tui.keys.customer import CUSTOMERS
from tui.keys.moving import MOVING
from tui.keys.reading import READING
from tui.keys.side import FIGURES, KEPT_BACK, OUTGOING, PANES
from tui.keys.tickets import TICKETS
from tui.keys.together import TOGETHER
from tui.keys.views import GOING
from tui.keys.writing import WRITING

__all__ = [
    "ACTIONS",
    "CHORD_TITLES",
    "LEADER",
    "Action",
    "Context",
    "acting_in",
    "in_use",
    "keys_of_a_ticket",
    "keys_to",
    "on_key_line",
    "shown",
    "use",
]

ACTIONS: tuple[Action, ...] = (
    *MOVING,
    *TICKETS,
    *TOGETHER,
    *CUSTOMERS,
    *GOING,
    *APPLICATION,
    *FIGURES,
    *PANES,
    *KEPT_BACK,
    *OUTGOING,
    *READING,
    *WRITING,
    *CHOOSING,
)

LEADER = ","
"""The key that goes before a macro's own hot key."""

CHORD_TITLES = {
    "g": "go to",
    "s": "status",
    "a": "assign to",
    "p": "priority",
    "S": "sort by",
    "y": "copy",
    "v": "view",
    "z": "fold",
    LEADER: "macro",
}
"""What the first key of a chord announces."""


_in_use: tuple[Action, ...] = ACTIONS


def use(actions: tuple[Action, ...]) -> None:
    """Let this table be the one that all lines, menus and key presses read: the built-in one, with changed keys."""
    global _in_use  # noqa: PLW0603 - there is one keyboard, and everything that shows a key must show the same one
    _in_use = actions


def in_use() -> tuple[Action, ...]:
    """The table with the keys as they are now."""
    return _in_use


_OVER = {Context.FOUND: Context.READER}
"""Where the keys of another context act too, but for those that mean something else here."""


def acting_in(context: Context, actions: Iterable[Action] | None = None) -> Iterator[Action]:
    """The actions that can be used in a context, in the table's order."""
    table = _in_use if actions is None else tuple(actions)
    if (below := _OVER.get(context)) is None:
        return (each for each in table if context in each.contexts)
    mine = {key for each in table if context in each.contexts for key in each.keys}
    return (
        each for each in table if context in each.contexts or (below in each.contexts and mine.isdisjoint(each.keys))
    )


def on_key_line(context: Context, actions: Iterable[Action] | None = None) -> list[Action]:
    """The actions whose keys the last line shows: the context's own before those of another, the most wanted first."""
    return sorted(
        (each for each in acting_in(context, actions) if each.rank),
        key=lambda each: (context not in each.contexts, each.rank),
    )


def keys_to(name: str, context: Context) -> frozenset[str]:
    """The key on the last line that does this there, as people read it."""
    return frozenset(each.shown_key for each in on_key_line(context) if each.name == name)


_ON_ONE = frozenset({"open", "reply"})


def keys_of_a_ticket(context: Context) -> frozenset[str]:
    """The keys on the last line, as people read them, that act on the ticket at hand: nothing where there is none."""
    return frozenset(each.shown_key for each in on_key_line(context) if each.bulk or each.name in _ON_ONE)
