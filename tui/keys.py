"""Every action of the screen, once: its keys, its words and where it acts.

Key presses, the which-key line, the key line, the palette and the help all read this table. A key is a character as
it is typed ("j", "?", ",") or Textual's name ("enter", "ctrl+d"); a chord is several with blanks between ("g i").
An action is carried out by the method `action_NAME(*args)` of the widget that has the focus, or of one around it.
Keys that end a broken escape sequence (A B C D F H I M O [) must stay harmless: a slow line turns arrows into them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Context(StrEnum):
    """Where a key is pressed."""

    LIST = "list"
    READER = "reader"
    OUTBOX = "outbox"
    STATS = "stats"
    COMPOSER = "composer"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key does. `rank` is its place on the key line, from 1 (0: it is not shown there).

    `moves` is true for what changes nothing but the view: it acts at once, even in a burst of keys.
    `typed` is true where the widget itself reads the key: the table only tells about it.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    help: str
    contexts: frozenset[Context]
    args: tuple[str, ...] = ()
    rank: int = 0
    moves: bool = False
    typed: bool = False

    @property
    def shown_key(self) -> str:
        """The first key as people read it: "g i", "enter", "^d"; empty where only the palette has the action."""
        return shown(self.keys[0]) if self.keys else ""


def shown(key: str) -> str:
    """A key or chord as people read it."""
    return " ".join(_SHOWN.get(part, part.replace("ctrl+", "^")) for part in key.split(" "))


_SHOWN = {"escape": "Esc", "enter": "Enter", "space": "Space", "tab": "Tab", "shift+tab": "S-Tab", "f1": "F1"}

_LIST = frozenset({Context.LIST})
_READER = frozenset({Context.READER})
_TICKET = _LIST | _READER
_SIDE = frozenset({Context.OUTBOX, Context.STATS})
_ANYWHERE = _TICKET | _SIDE
_COMPOSER = frozenset({Context.COMPOSER})
_REVIEW = frozenset({Context.REVIEW})


def _move(name: str, keys: str, help_: str, contexts: frozenset[Context]) -> Action:
    return Action(name, tuple(keys.split("|")), name.replace("_", " "), help_, contexts, moves=True)


_MOVES = (
    _move("down", "j|down", "one down", _LIST),
    _move("up", "k|up", "one up", _LIST),
    _move("half_down", "ctrl+d", "half a page down", _TICKET),
    _move("half_up", "ctrl+u", "half a page up", _TICKET),
    _move("page_down", "pagedown", "a page down", _LIST),
    _move("page_up", "pageup", "a page up", _LIST),
    _move("top", "g g|home", "to the top", _TICKET),
    _move("bottom", "G|end", "to the end", _TICKET),
    _move("next_ticket", "J", "the next ticket", _READER),
    _move("previous_ticket", "K", "the ticket before", _READER),
    Action("switch_pane", ("tab", "shift+tab"), "other pane", "to the other pane", _TICKET, moves=True),
)

_TICKET_ACTIONS = (
    Action("open", ("enter", "o"), "open", "open the ticket", _LIST, rank=1),
    Action("reply", ("r",), "reply", "write a reply to the customer", _TICKET, rank=2),
    Action("note", ("n",), "note", "write an internal note; only agents see it", _TICKET, rank=3),
    Action("macro", ("m",), "macros", "choose a macro", _TICKET, rank=8),
    Action("take", ("i",), "take", "assign the ticket to yourself", _TICKET, rank=9),
    Action("assign", ("a m",), "me", "assign to yourself", _TICKET, ("me",)),
    Action("assign", ("a p",), "partner", "assign to your partner", _TICKET, ("partner",)),
    Action("assign", ("a -",), "nobody", "assign to nobody", _TICKET, ("none",)),
    Action("assign", ("a o",), "other", "assign to somebody from a list", _TICKET, ("other",)),
    Action("tag", ("t",), "tag", "put tags on or take them off", _TICKET, rank=6),
    Action("close", ("e",), "close+next", "close and go to the next ticket", _TICKET, rank=7),
    Action("status", ("E",), "reopen", "open again", _TICKET, ("open",)),
    Action("status", ("s a",), "open", "status: open, it is our turn", _TICKET, ("open",)),
    Action("status", ("s w",), "waiting", "status: waiting for the customer", _TICKET, ("waiting",)),
    Action("status", ("s c",), "closed", "status: closed", _TICKET, ("closed",)),
    Action("status", ("s s", "!"), "spam", "status: spam, and to the next ticket", _TICKET, ("spam",)),
    Action("priority", ("p l",), "low", "priority: low", _TICKET, ("low",)),
    Action("priority", ("p n",), "normal", "priority: normal", _TICKET, ("normal",)),
    Action("priority", ("p h",), "high", "priority: high", _TICKET, ("high",)),
    Action("priority", ("p u",), "urgent", "priority: urgent", _TICKET, ("urgent",)),
    Action("copy", ("y y",), "number", "copy the ticket's number", _TICKET, ("number",)),
    Action("copy", ("y e",), "e-mail", "copy the customer's e-mail address", _TICKET, ("email",)),
    Action("mark", ("space",), "mark", "mark the ticket and go one down", _LIST, ("down",)),
    Action("mark", ("x",), "mark", "mark the ticket, or take the mark off", _LIST),
    Action("mark_range", ("V",), "mark to here", "mark all from the last mark to here", _LIST),
    Action("mark_all", ("*",), "mark all", "mark every ticket of this list", _LIST),
)

_VIEWS = tuple(
    Action("view", (f"g {key}",), label, f"view: {what}", _ANYWHERE, (label,), moves=True)
    for key, label, what in (
        ("i", "inbox", "all open tickets"),
        ("m", "mine", "open tickets assigned to you"),
        ("n", "new", "open tickets that nobody has taken"),
        ("w", "waiting", "tickets that wait for the customer"),
        ("c", "closed", "closed tickets"),
        ("d", "drafts", "tickets with an unfinished text"),
        ("o", "outbox", "mails on their way out, and those that failed"),
        ("a", "all", "every ticket"),
        ("s", "stats", "figures for each agent"),
    )
)

_APPLICATION = (
    Action("filter", ("/",), "filter", "narrow the list by words, from:, tag:, is:, waiting:>4h …", _LIST, rank=10, moves=True),
    Action("undo", ("u",), "undo", "take back the last thing you did", _TICKET | _SIDE, rank=11),
    Action("palette", (":", "ctrl+p"), "command", "find any action, view, macro or ticket", _ANYWHERE, rank=12, moves=True),
    Action("help", ("?", "f1"), "help", "all keys, to search and to run", _ANYWHERE, moves=True),
    Action("sync", ("ctrl+r",), "sync", "look for new mail now", _ANYWHERE),
    Action("redraw", ("ctrl+l",), "redraw", "paint the screen again", _ANYWHERE),
    Action("theme", (), "light/dark", "switch between light and dark colours", _ANYWHERE),
    Action("back", ("q", "escape"), "back", "go back; leave Tandem from the inbox", _ANYWHERE),
    Action("quit", ("ctrl+q",), "quit", "leave Tandem", _ANYWHERE),
)

_STATS = tuple(
    Action("period", (key,), label, f"the last {what}", frozenset({Context.STATS}), (label,), rank=rank, moves=True)
    for rank, (key, label, what) in enumerate((("d", "day", "day"), ("w", "week", "7 days"), ("m", "month", "30 days")), 1)
)

_WRITING = (
    Action("review", ("escape",), "review", "show what can be done with the text", _COMPOSER, typed=True),
    Action("next_gap", ("tab",), "next gap", "to the next ⟦gap⟧", _COMPOSER, typed=True),
    Action("insert_macro", ("ctrl+t",), "macro", "insert a macro at the cursor", _COMPOSER, typed=True),
    Action("editor", ("ctrl+g",), "editor", "write in $EDITOR", _COMPOSER, typed=True),
    Action("save", ("ctrl+s",), "save", "keep the draft now", _COMPOSER, typed=True),
    Action("send", ("y",), "send", "send the reply, or add the note", _REVIEW, typed=True),
    Action("send_close", ("Y",), "send+close", "send and close the ticket", _REVIEW, typed=True),
    Action("send_wait", ("w",), "send+waiting", "send and wait for the customer", _REVIEW, typed=True),
    Action("edit", ("e",), "edit", "go on writing", _REVIEW, typed=True),
    Action("keep", ("p",), "keep draft", "leave; the text is kept", _REVIEW, typed=True),
    Action("discard", ("X",), "discard", "throw the text away", _REVIEW, typed=True),
)

ACTIONS: tuple[Action, ...] = (*_MOVES, *_TICKET_ACTIONS, *_VIEWS, *_APPLICATION, *_STATS, *_WRITING)

CHORD_TITLES = {"g": "go to", "s": "status", "a": "assign to", "p": "priority", "y": "copy", ",": "macro"}
"""What the first key of a chord announces."""


def acting_in(context: Context, actions: Iterable[Action] = ACTIONS) -> Iterator[Action]:
    """The actions that can be used in a context, in the table's order."""
    return (each for each in actions if context in each.contexts)


def on_key_line(context: Context, actions: Iterable[Action] = ACTIONS) -> list[Action]:
    """The actions whose keys the last line shows, the most wanted first."""
    return sorted((each for each in acting_in(context, actions) if each.rank), key=lambda each: each.rank)
