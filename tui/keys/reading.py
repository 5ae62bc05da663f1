"""The keys of the reader."""

from __future__ import annotations

from tui.keys.action import READER, Action

READING = tuple(
    Action(name, tuple(keys.split("|")), label, help_, READER, typed=True, rank=rank)
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
