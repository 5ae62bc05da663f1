"""Customers on the screen: who they are, their panel, and the fields of its form."""

from __future__ import annotations

from textual.widgets import Input

from desk.people import Address
from desk.profiles import ProfileField
from tests.tui.apps import Screen
from tui.widgets.customer_card import CustomerCard
from tui.widgets.customer_form import CustomerForm

ROOMY, MIDDLE = (160, 50), (100, 30)
LEO = Address("leo@partner.example", "Leo Brandt")


def card(screen: Screen) -> CustomerCard:
    return screen.inbox.query_one(CustomerCard)


async def opened(screen: Screen) -> None:
    """Show the customer, and wait until it is known who that is."""
    await screen.press("w")
    await screen.until(lambda: bool(screen.inbox.query(CustomerCard)) and card(screen).known is not None)


async def editing(screen: Screen) -> CustomerForm:
    await screen.press("e")
    await screen.until(lambda: isinstance(screen.inbox.focused, Input))
    return screen.inbox.query_one(CustomerForm)


def field(screen: Screen, name: ProfileField) -> Input:
    return screen.inbox.query_one(f"#{name}", Input)
