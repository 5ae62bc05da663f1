"""The keys that lead from one view to another."""

from __future__ import annotations

from desk.views import VIEWS
from tui.keys.action import ANYWHERE, Action

_VIEW_HELP = {
    "inbox": "all open tickets",
    "mine": "your tickets",
    "new": "open tickets that nobody has taken",
    "waiting": "tickets that wait for the customer",
    "snoozed": "tickets that sleep, and when they wake",
    "spam": "what was marked as spam",
    "closed": "closed tickets",
    "drafts": "tickets with an unfinished text",
    "all": "every ticket",
    "outbox": "mails on their way out, and those that failed",
    "parked": "mail that was kept back, and why",
    "stats": "figures for each agent",
}
GOING = tuple(
    Action("view", (f"g {key}",), name, f"view: {_VIEW_HELP[name]}", ANYWHERE, (name,), moves=True)
    for name, key in (*((view.name, view.key) for view in VIEWS), ("outbox", "o"), ("parked", "p"), ("stats", "s"))
)
