"""The keys that move the cursor and change nothing."""

from __future__ import annotations

from tui.keys.action import LIST, LISTS, PARKED, READER, SIDEBAR, TICKET, Action, Context


def move(name: str, keys: str, help_: str, contexts: frozenset[Context]) -> Action:
    """An action that only moves; `keys` as in "j|down"."""
    return Action(name, tuple(keys.split("|")), name.replace("_", " "), help_, contexts, moves=True)


MOVING = (
    move("down", "j|down", "one down", LISTS | PARKED | SIDEBAR),
    move("up", "k|up", "one up", LISTS | PARKED | SIDEBAR),
    move("half_down", "ctrl+d", "half a page down", TICKET),
    move("half_up", "ctrl+u", "half a page up", TICKET),
    move("page_down", "pagedown", "a page down", LIST),
    move("page_up", "pageup", "a page up", LIST),
    move("bottom", "G|end", "to the end", TICKET | SIDEBAR),
    move("next_ticket", "J", "the next ticket", READER),
    move("previous_ticket", "K", "the ticket before", READER),
    Action("switch_pane", ("tab", "shift+tab"), "other pane", "to the other pane", TICKET | SIDEBAR, moves=True),
    Action(
        "panes", ("+",), "larger ticket", "more room for the ticket: list, both, ticket", TICKET, ("more",), moves=True
    ),
    Action("panes", ("_",), "larger list", "more room for the list: ticket, both, list", TICKET, ("less",), moves=True),
)
