"""The keys that act on the whole screen."""

from __future__ import annotations

from tui.keys.action import ANYWHERE, LIST, READER, SIDE, SIDEBAR, TICKET, Action
from tui.keys.moving import move

APPLICATION = (
    move("top", "g g|home", "to the top", TICKET | SIDEBAR),
    Action(
        "filter",
        ("/",),
        "filter",
        "narrow the list by words, from:, tag:, is:, waiting:>4h …",
        LIST | SIDEBAR,
        rank=10,
        moves=True,
    ),
    Action("undo", ("u",), "undo", "take back the last thing you did", ANYWHERE, rank=11),
    Action("redo", ("U",), "redo", "do again what you took back last", ANYWHERE),
    Action(
        "palette", (":", "ctrl+p"), "command", "find any action, view, macro or ticket", ANYWHERE, rank=12, moves=True
    ),
    Action("help", ("?", "f1"), "help", "all keys, to search and to run", ANYWHERE, moves=True),
    Action("sync", ("ctrl+r",), "sync", "look for new mail now", ANYWHERE),
    Action("redraw", ("ctrl+l",), "redraw", "paint the screen again", ANYWHERE),
    Action("theme", (), "next theme", "switch to the next theme: dark, light, high contrast, terminal's own", ANYWHERE),
    Action("theme", (), "dark theme", "theme: dark", ANYWHERE, ("dark",)),
    Action("theme", (), "light theme", "theme: light", ANYWHERE, ("light",)),
    Action("theme", (), "high contrast", "theme: high contrast, 7:1 and more", ANYWHERE, ("contrast",)),
    Action("theme", (), "terminal's colours", "theme: the terminal's own sixteen colours", ANYWHERE, ("ansi",)),
    Action("tour", (), "tour", "tour: eight key presses on this list, which change nothing", LIST),
    Action("back", ("q",), "back", "go back; from the inbox, leave Tandem", LIST | SIDE, rank=13),
    Action("back", ("q",), "back", "back to the list", READER, rank=1),
    Action("cancel", ("escape",), "back", "take marks and filter off, go back", ANYWHERE),
    Action("cancel", ("h",), "back", "back to the list", READER),
    Action("quit", ("ctrl+q",), "quit", "leave Tandem", ANYWHERE),
)
