"""Dialogs name only keys that act in them, and the inbox only those that there is something for."""

from __future__ import annotations

from desk.desk import Desk
from tests.desks import receive
from tests.tui.apps import showing
from tests.tui.composing import inbox
from tests.tui.named_keys import disagreeing, named
from tui.keys import Context


async def test_dialogs_name_only_what_acts_in_them(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        for key, title in ((":", "letters, words"), ("?", "type to search"), ("P", "fri 9"), ("L", "no other ticket")):
            await screen.press(key)
            await screen.sees(title, "leaves")
            assert "Esc" in named(screen)
            assert disagreeing(screen, Context.PICKER) == {}
            await screen.press("escape")
            await screen.at_the_list()


async def test_an_empty_list_names_no_key_of_a_ticket_until_there_is_one(desk: Desk) -> None:
    async with showing(desk) as screen:
        await screen.sees("Nothing is open", "/ filter", "u undo", "? help")
        await screen.until(lambda: not {"r", "n", "e", "Enter"} & set(named(screen)))
        receive(desk)
        await screen.sees("Enter open", "r reply", "n note", "e close+next")
        await screen.press("/", *"zebra", "enter")
        await screen.sees("Nothing fits")
        await screen.until(lambda: not {"r", "n", "e"} & set(named(screen)))
