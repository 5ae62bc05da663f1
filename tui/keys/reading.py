"""The keys of the reader, and of what is looked at from there: a mail's source, its files, its links."""

from __future__ import annotations

from tui.keys.action import FILES, FIND, FOUND, LINKS, READER, SOURCE, Action, Context
from tui.keys.moving import move

_LISTED = FILES | LINKS
_LEFT = SOURCE | FILES | LINKS


def look(keys: str, name: str, label: str, help_: str, *args: str, rank: int = 0) -> Action:
    """An action of the reader that changes nothing but the view; `keys` as in "z a|tab"."""
    return Action(name, tuple(keys.split("|")), label, help_, READER, args, rank=rank, moves=True)


def here(keys: str, name: str, label: str, help_: str, where: frozenset[Context], *, rank: int = 0) -> Action:
    """An action of a screen of the reader's; `keys` as in "q|h"."""
    return Action(name, tuple(keys.split("|")), label, help_, where, rank=rank)


def typed(key: str, label: str, help_: str, rank: int) -> Action:
    """What a key does while what is sought is typed; the line itself reads it."""
    return Action(f"find_{label}", (key,), label, help_, FIND, rank=rank, typed=True)


READING = (
    move("down", "j|down", "a line down", READER | SOURCE),
    move("up", "k|up", "a line up", READER | SOURCE),
    look("space|pagedown", "page_down", "page", "a page down; at the end, the next ticket"),
    look("pageup", "page_up", "page up", "a page up"),
    look("enter|o", "fold", "fold", "open or fold a message", rank=7),
    look("z a", "toggle_fold", "this", "open or fold what is at the cursor: a quotation, a signature, a message"),
    look("z o", "open_fold", "open", "open what is at the cursor"),
    look("z c", "close_fold", "close", "fold what is at the cursor"),
    look("z M", "fold_all", "close all", "fold every message to a line"),
    look("z R", "open_all", "open all", "open every message, with its quotations and signatures"),
    look("T", "toggle_quotes", "quotes", "show or fold all quotations and signatures"),
    look("/", "find", "find", "find words in this ticket, in folded messages too", rank=8),
    look("v h", "headers", "headers", "show or hide the headers of the mails"),
    look("v r", "source", "raw", "the mail as it came, byte for byte but safe to show"),
    look("v t", "other_form", "other form", "the HTML of this mail as text, or its plain text again"),
    look("v f", "files", "files", "the files of this ticket: save, open, copy a name"),
    look("v l", "links", "links", "where the links of this mail lead; copied, never opened"),
    look("y b", "copy_words", "text", "copy the text of the mail or note"),
    look("y l", "copy_link", "link", "copy a link of the mail or note"),
    Action("find_next", ("n",), "next", "the next place that was found", FOUND | SOURCE, rank=1, moves=True),
    Action("find_back", ("N",), "before", "the place found before", FOUND | SOURCE, rank=2, moves=True),
    Action("end_find", ("escape",), "end", "end the search", FOUND, rank=3, moves=True),
    typed("enter", "go on", "go from place to place", 1),
    typed("down", "next", "the next place that was found", 2),
    typed("up", "before", "the place found before", 3),
    typed("escape", "end", "end the search", 4),
    Action("find", ("/",), "find", "find words", SOURCE, rank=3, moves=True),
    move("page_down", "space|pagedown", "a page down", SOURCE),
    move("page_up", "pageup", "a page up", SOURCE),
    move("half_down", "ctrl+d", "half a page down", SOURCE),
    move("half_up", "ctrl+u", "half a page up", SOURCE),
    move("top", "g g|home", "to the top", _LEFT),
    move("bottom", "G|end", "to the end", _LEFT),
    move("down", "j|down", "one down", _LISTED),
    move("up", "k|up", "one up", _LISTED),
    here("s|enter", "save", "save", "save the file; asks where", FILES, rank=1),
    here("S", "save_all", "save all", "save all files into one folder; asks where", FILES, rank=2),
    here("o", "open_file", "open", "open the file with this desktop's program; asks first", FILES, rank=3),
    here("y", "copy_name", "copy name", "copy the name of the file", FILES, rank=4),
    here("y|enter", "copy_this", "copy", "copy where the link leads", LINKS, rank=1),
    here("q", "back", "back", "back to where it was opened", _LEFT, rank=9),
    here("escape|h", "cancel", "back", "end the search, or go back", SOURCE),
    here("escape|h", "cancel", "back", "back to where it was opened", _LISTED),
    here("?|f1", "help", "help", "all keys, to search and to run", _LEFT),
    here("ctrl+l", "redraw", "redraw", "paint the screen again", _LEFT),
    here("ctrl+q", "quit", "quit", "leave Tandem", _LEFT),
)
