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

from desk.views import VIEWS


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

_LIST = frozenset({Context.LIST})
_READER = frozenset({Context.READER})
_TICKET = _LIST | _READER
_LISTS = _LIST | {Context.OUTBOX}
_PARKED = frozenset({Context.PARKED})
_OUTBOX = frozenset({Context.OUTBOX})
_SIDE = frozenset({Context.OUTBOX, Context.STATS}) | _PARKED
_ANYWHERE = _TICKET | _SIDE
_FILTER = frozenset({Context.FILTER})
_COMPOSER = frozenset({Context.COMPOSER})
_REVIEW = frozenset({Context.REVIEW})


def _move(name: str, keys: str, help_: str, contexts: frozenset[Context]) -> Action:
    return Action(name, tuple(keys.split("|")), name.replace("_", " "), help_, contexts, moves=True)


_MOVES = (
    _move("down", "j|down", "one down", _LISTS | _PARKED),
    _move("up", "k|up", "one up", _LISTS | _PARKED),
    _move("half_down", "ctrl+d", "half a page down", _TICKET),
    _move("half_up", "ctrl+u", "half a page up", _TICKET),
    _move("page_down", "pagedown", "a page down", _LIST),
    _move("page_up", "pageup", "a page up", _LIST),
    _move("bottom", "G|end", "to the end", _TICKET),
    _move("next_ticket", "J", "the next ticket", _READER),
    _move("previous_ticket", "K", "the ticket before", _READER),
    Action("switch_pane", ("tab", "shift+tab"), "other pane", "to the other pane", _TICKET, moves=True),
)


def _bulk(keys: str, name: str, label: str, help_: str, *args: str, rank: int = 0) -> Action:
    return Action(name, tuple(keys.split("|")), label, help_, _TICKET, args, rank=rank, bulk=True)


_TICKET_ACTIONS = (
    Action("open", ("enter", "o"), "open", "open the ticket", _LISTS, rank=1),
    Action("reply", ("r",), "reply", "write a reply to the customer", _TICKET, rank=2),
    Action(
        "reply_in_editor",
        ("R",),
        "reply in editor",
        "write a reply in $EDITOR, recipients and subject above it; an unchanged file sends nothing",
        _TICKET,
    ),
    Action("new", ("c",), "new mail", "write to somebody first; opens a ticket", _TICKET),
    Action("forward", ("f",), "forward", "pass a mail on to somebody else; the customer does not see it", _TICKET),
    Action("note", ("n",), "note", "write an internal note; only agents see it", _TICKET, rank=3),
    Action("edit_note", (), "edit note", "edit the last note you left on the ticket", _TICKET),
    Action("macro", ("m",), "macros", "choose a macro", _TICKET, rank=4),
    _bulk("i", "take", "take", "assign to yourself", rank=5),
    _bulk("a m", "assign", "me", "assign to yourself", "me"),
    _bulk("a p", "assign", "partner", "assign to your partner", "partner"),
    _bulk("a -", "assign", "nobody", "assign to nobody", "none"),
    _bulk("a o", "assign", "other", "assign to somebody from a list", "other"),
    _bulk("t", "tag", "tag", "put tags on or take them off", rank=6),
    _bulk("e", "close", "close+next", "close and go to the next ticket", rank=7),
    _bulk("E", "status", "reopen", "open again", "open"),
    _bulk("s a", "status", "open", "status: open, it is our turn", "open"),
    _bulk("s w", "status", "waiting", "status: waiting for the customer", "waiting"),
    _bulk("s c", "status", "closed", "status: closed", "closed"),
    _bulk("s s|!", "status", "spam", "status: spam", "spam"),
    _bulk("p l", "priority", "low", "priority: low", "low"),
    _bulk("p n", "priority", "normal", "priority: normal", "normal"),
    _bulk("p h", "priority", "high", "priority: high", "high"),
    _bulk("p u", "priority", "urgent", "priority: urgent", "urgent"),
    Action("split_off", ("%",), "split off", "make a ticket of a mail that is about something else", _TICKET),
    _bulk("=", "merge", "merge", "merge into the ticket it belongs to, or all marked ones; asks once"),
    Action("open_other", (">",), "open it", "open the ticket that this one goes with", _TICKET, moves=True),
    Action("confirm_customer", ("@",), "confirm", "make it the matter of whom a colleague forwarded", _TICKET),
    Action("load_whole", ("F",), "load", "load the rest of a mail that was too large", _TICKET, moves=True),
    Action("copy", ("y y",), "number", "copy the ticket's number", _TICKET, ("number",)),
    Action("copy", ("y e",), "e-mail", "copy the customer's e-mail address", _TICKET, ("email",)),
    Action("mark", ("space",), "mark", "mark the ticket and go one down", _LIST, ("down",)),
    Action("mark", ("x",), "mark", "mark the ticket, or take the mark off", _LIST),
    Action("mark_range", ("V",), "mark to here", "mark all from the last mark to here", _LIST),
    Action("mark_all", ("*",), "mark all", "mark every ticket of this list", _LIST),
)

_VIEW_HELP = {
    "inbox": "all open tickets",
    "mine": "your tickets",
    "new": "open tickets that nobody has taken",
    "waiting": "tickets that wait for the customer",
    "closed": "closed tickets",
    "drafts": "tickets with an unfinished text",
    "all": "every ticket",
    "outbox": "mails on their way out, and those that failed",
    "parked": "mail that was kept back, and why",
    "stats": "figures for each agent",
}
_VIEWS = tuple(
    Action("view", (f"g {key}",), name, f"view: {_VIEW_HELP[name]}", _ANYWHERE, (name,), moves=True)
    for name, key in (*((view.name, view.key) for view in VIEWS), ("outbox", "o"), ("parked", "p"), ("stats", "s"))
)

_APPLICATION = (
    _move("top", "g g|home", "to the top", _TICKET),
    Action(
        "filter",
        ("/",),
        "filter",
        "narrow the list by words, from:, tag:, is:, waiting:>4h …",
        _TICKET,
        rank=10,
        moves=True,
    ),
    Action("undo", ("u",), "undo", "take back the last thing you did", _ANYWHERE, rank=11),
    Action("redo", ("U",), "redo", "do again what you took back last", _ANYWHERE, rank=14),
    Action(
        "palette", (":", "ctrl+p"), "command", "find any action, view, macro or ticket", _ANYWHERE, rank=12, moves=True
    ),
    Action("help", ("?", "f1"), "help", "all keys, to search and to run", _ANYWHERE, moves=True),
    Action("sync", ("ctrl+r",), "sync", "look for new mail now", _ANYWHERE),
    Action("redraw", ("ctrl+l",), "redraw", "paint the screen again", _ANYWHERE),
    Action("theme", (), "light/dark", "switch between light and dark colours", _ANYWHERE),
    Action("back", ("q",), "back", "go back; from the inbox, leave Tandem", _LIST | _SIDE, rank=13),
    Action("back", ("q",), "back", "back to the list", _READER, rank=1),
    Action("cancel", ("escape",), "back", "take marks and filter off, go back", _ANYWHERE),
    Action("cancel", ("h",), "back", "back to the list", _READER),
    Action("quit", ("ctrl+q",), "quit", "leave Tandem", _ANYWHERE),
)

_READING = tuple(
    Action(name, tuple(keys.split("|")), label, help_, _READER, typed=True, rank=rank)
    for name, keys, label, help_, rank in (
        ("down", "j|down", "down", "a line down", 0),
        ("up", "k|up", "up", "a line up", 0),
        ("page_down", "space|pagedown", "page", "a page down; at the end, the next ticket", 0),
        ("page_up", "pageup", "page up", "a page up", 0),
        ("fold", "enter|o", "fold", "open or fold a message", 0),
        ("toggle_fold", "z", "fold", "open or fold a quotation or signature", 0),
        ("toggle_quotes", "T", "quotes", "show or fold all quotations and signatures", 0),
        ("cycle_headers", "v", "headers", "show or hide the mails' headers", 0),
    )
)

_STATS = tuple(
    Action("period", (key,), label, f"the last {what}", frozenset({Context.STATS}), (label,), rank=rank, moves=True)
    for rank, (key, label, what) in enumerate(
        (("d", "day", "day"), ("w", "week", "7 days"), ("m", "month", "30 days")), 1
    )
)

_KEPT_BACK = (
    Action("accept", ("y",), "accept", "take the parked mail in, as if it came now", _PARKED, rank=1),
    Action("accept_sender", ("Y",), "all from sender", "take in every parked mail of this sender", _PARKED, rank=2),
    Action("drop", ("X",), "drop", "take the parked mail off the list; its bytes are kept", _PARKED, rank=3),
)

_OUTGOING = (
    Action("send_again", ("y",), "send again", "send the mail again, under the same Message-ID", _OUTBOX, rank=2),
    Action("send_to_rest", ("R",), "to the others", "send it to those whom the server did not refuse", _OUTBOX, rank=3),
    Action("write_anew", ("e",), "write anew", "take it out, and its text back into the composer", _OUTBOX, rank=4),
    Action("settle", ("s",), "it did arrive", "it did arrive, or nothing more is to be done", _OUTBOX, rank=5),
    Action("cancel_mail", ("X",), "cancel", "do not send the mail; asked twice", _OUTBOX, rank=6),
)

_WRITING = (
    Action("keep_filter", ("enter",), "keep", "keep the filter and go to the list", _FILTER, rank=1, typed=True),
    Action("clear_filter", ("escape",), "clear", "take the filter off", _FILTER, rank=2, typed=True),
    Action("review", ("escape",), "review", "show what can be done with the text", _COMPOSER, typed=True),
    Action("next_gap", ("tab",), "next gap", "to the next ⟦gap⟧", _COMPOSER, typed=True),
    Action("insert_macro", ("ctrl+t",), "macro", "insert a macro at the cursor", _COMPOSER, typed=True),
    Action("quote", ("ctrl+o",), "quote", "quote the customer's last mail below the text", _COMPOSER, typed=True),
    Action("editor", ("ctrl+g", "f4"), "editor", "write in $EDITOR", _COMPOSER, typed=True),
    Action("save", ("ctrl+s",), "save", "keep the draft now", _COMPOSER, typed=True),
    Action(
        "bring_draft",
        ("ctrl+r",),
        "draft",
        "put a draft that was set aside below the text; take over one that is held elsewhere",
        _COMPOSER,
        typed=True,
    ),
    Action("tick", ("1",), "tick", "tick the first step off; 2 to 9 the others, Space the next", _REVIEW, typed=True),
    Action("send", ("y",), "send", "send the reply, or add the note", _REVIEW, typed=True),
    Action("send_close", ("Y",), "send+close", "send and close the ticket", _REVIEW, typed=True),
    Action("send_wait", ("w",), "send+waiting", "send and wait for the customer", _REVIEW, typed=True),
    Action("recipients", ("c",), "recipients", "who gets it, copies, blind copies, the subject", _REVIEW, typed=True),
    Action("attach", ("a",), "attach", "attach a file by its path; Tab completes it", _REVIEW, typed=True),
    Action("detach", ("d",), "detach", "take a file off again", _REVIEW, typed=True),
    Action("edit", ("e",), "edit", "go on writing", _REVIEW, typed=True),
    Action("take_back", ("u",), "undo", "take back what you did last, also on another ticket", _REVIEW, typed=True),
    Action("keep", ("p",), "keep draft", "leave; the text is kept", _REVIEW, typed=True),
    Action("discard", ("X",), "discard", "throw the text away", _REVIEW, typed=True),
    Action("take_over", ("t",), "take over", "take over a draft that is held elsewhere", _REVIEW, typed=True),
)

ACTIONS: tuple[Action, ...] = (
    *_MOVES,
    *_TICKET_ACTIONS,
    *_VIEWS,
    *_APPLICATION,
    *_STATS,
    *_KEPT_BACK,
    *_OUTGOING,
    *_READING,
    *_WRITING,
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
