"""Text beside the inbox for which there is not room enough: that there is more is said, and a key reads on."""

from __future__ import annotations

from dataclasses import replace

from desk.actions.reply import reply
from desk.desk import Desk
from desk.outgoing import Answer
from tests.desks import receive
from tests.tui.composing import inbox
from tui.screens.pane import Pane


async def test_the_figures_are_read_to_their_end_by_key_and_it_is_said_that_there_are_more(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk, size=(40, 10)) as screen:
        await screen.press("g", "s")
        await screen.sees("Last 7 days", "Space more", "first answer")
        await screen.press("G")
        await screen.misses("Space more")
        end = screen.text
        await screen.press("g", "g")
        await screen.sees("Space more")
        assert screen.text != end
    async with inbox(desk, size=(120, 40)) as screen:
        await screen.press("g", "s")
        await screen.sees("Last 7 days", "m month")
        assert "Space more" not in screen.text


async def test_what_is_known_of_a_mail_is_read_on_and_stays_where_it_was_read(desk: Desk) -> None:
    number = receive(desk).number
    reply(desk, number, Answer(text="Hello"))
    async with inbox(desk, size=(40, 10)) as screen:
        await screen.press("g", "o")
        await screen.sees("Outbox", "Enter open", "? help")
        pane = screen.app.screen.query_one(Pane)
        pane.styles.max_height = 2
        await screen.sees("Space more")
        await screen.press("space")
        await screen.until(lambda: pane.scroll_y > 0)
        [mail] = desk.store.outbox.all()
        desk.store.outbox.put(replace(mail, attempts=3))
        await screen.press("ctrl+l")
        assert pane.scroll_y > 0
