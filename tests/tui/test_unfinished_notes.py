from __future__ import annotations

from desk.desk import Desk
from tests.desks import acting_as, receive
from tests.tui.apps import showing
from tests.tui.composing import begun, ended, inbox, write


async def test_a_note_that_was_put_off_is_marked_in_its_row_and_on_its_ticket_for_its_author(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "n")
        write(screen, "Ask the bank.")
        await screen.press("escape", "p")
        await ended(screen)
        await screen.press("g", "d")
        await screen.sees("your note")
        await screen.press("enter")
        await screen.sees("your unfinished note, saved")
    async with showing(acting_as(desk, "bo")) as screen:
        await screen.until(lambda: screen.cursor is not None)
        await screen.press("g", "d")
        await screen.sees("Refund for order")
        assert "your note" not in screen.text
