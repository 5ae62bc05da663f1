"""The keys that lead from one view to another, keep views, and order them."""

from __future__ import annotations

from desk.views import VIEWS
from tui.keys.action import ANYWHERE, LIST, SIDEBAR, TICKET, Action

_VIEW_HELP = {
    "inbox": "all open tickets",
    "mine": "your tickets",
    "new": "open tickets that nobody has taken",
    "waiting": "tickets that wait for the customer",
    "snoozed": "tickets that sleep, and when they wake",
    "spam": "what was marked as spam",
    "mentions": "tickets on which a colleague asks for you",
    "closed": "closed tickets",
    "drafts": "tickets with an unfinished text",
    "all": "every ticket",
    "outbox": "mails on their way out, and those that failed",
    "parked": "mail that was kept back, and why",
    "stats": "figures for each agent",
}
_SORTS = (
    ("w", "waiting", "the longest wait first"),
    ("u", "updated", "the last change first"),
    ("c", "created", "the newest first"),
    ("n", "id", "the largest number first"),
    ("z", "wakes", "what wakes soonest first"),
)
GOING = (
    *(
        Action("view", (f"g {key}",), name, f"view: {_VIEW_HELP[name]}", ANYWHERE, (name,), moves=True)
        for name, key in (*((view.name, view.key) for view in VIEWS), ("outbox", "o"), ("parked", "p"), ("stats", "s"))
    ),
    Action("save_view", ("g +",), "keep as view", "keep this search as a view, with a name and a key", LIST),
    Action("forget_view", (), "forget view", "take the saved view that is shown away; undo puts it back", LIST),
    Action("sidebar", ("`",), "views", "show or hide all views at the left", TICKET | SIDEBAR, moves=True),
    Action("open", ("enter", "l", "o"), "go there", "show this view", SIDEBAR, rank=1, moves=True),
    Action("forget_view", ("X",), "forget view", "take this saved view away; undo puts it back", SIDEBAR, rank=2),
    *(Action("sort", (f"S {key}",), name, f"sort: {help_}", LIST, (name,), moves=True) for key, name, help_ in _SORTS),
    Action("sort", ("S r",), "reverse", "sort: the other way round", LIST, ("reverse",), moves=True),
)
