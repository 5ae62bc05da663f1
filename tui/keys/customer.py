"""The keys of a customer: the panel itself, and the form in which it is edited."""

from __future__ import annotations

from tui.keys.action import CUSTOMER, CUSTOMER_FORM, TICKET, Action
from tui.keys.moving import move

CUSTOMERS = (
    Action("customer", ("w",), "customer", "the customer of the ticket, and their other tickets", TICKET, moves=True),
    Action("customer", ("w",), "hide", "hide the customer; it stays so", CUSTOMER, rank=5, moves=True),
    move("down", "j|down", "to the next ticket of the customer", CUSTOMER),
    move("up", "k|up", "to the one before", CUSTOMER),
    move("half_down", "ctrl+d|pagedown|space", "half a page down", CUSTOMER),
    move("half_up", "ctrl+u|pageup", "half a page up", CUSTOMER),
    move("top", "g g|home", "to the top", CUSTOMER),
    move("bottom", "G|end", "to the end", CUSTOMER),
    Action("open", ("enter", "o"), "open", "open the other ticket", CUSTOMER, rank=1, moves=True),
    Action("edit", ("e",), "edit", "edit what is known: name, company, language, zone, tags, notes", CUSTOMER, rank=2),
    Action("copy_address", ("y",), "copy address", "copy the customer's address", CUSTOMER, rank=3, moves=True),
    Action(
        "back", ("q", "h", "tab", "shift+tab"), "back", "back to the ticket or the list", CUSTOMER, rank=4, moves=True
    ),
    Action("save", ("enter",), "save", "save it; in the notes it begins a line", CUSTOMER_FORM, typed=True, rank=1),
    Action("save", ("ctrl+s",), "save", "save it, from the notes too", CUSTOMER_FORM, typed=True, rank=2),
    Action("next", ("tab", "down"), "next", "the next field", CUSTOMER_FORM, typed=True, rank=3),
    Action("before", ("shift+tab", "up"), "before", "the field before", CUSTOMER_FORM, typed=True),
    Action("leave", ("escape",), "leave", "leave it as it was; asked twice", CUSTOMER_FORM, typed=True, rank=4),
)
