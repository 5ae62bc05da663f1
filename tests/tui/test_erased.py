"""A screen on which a ticket is open while a colleague erases its customer."""

from __future__ import annotations

from desk.actions.erase import erase
from desk.desk import Desk
from tests.desks import DANA, acting_as, receive
from tests.tui.composing import ONE, answering, drafts, ended, inbox, write


async def test_the_ticket_that_is_open_turns_into_its_empty_shell(desk: Desk) -> None:
    receive(desk, text="My quixotryword is broken")
    async with inbox(desk) as screen:
        await screen.press("enter")
        await screen.sees("quixotryword")
        erase(acting_as(desk, "bo"), [DANA.email])
        await screen.until(lambda: "quixotryword" not in screen.text)
        await screen.sees("(erased)")


async def test_a_composer_is_told_and_what_is_in_it_is_kept_nowhere(desk: Desk) -> None:
    receive(desk, text="My quixotryword is broken")
    async with answering(desk, "About your quixotryword") as screen:
        await screen.until(lambda: [each.text for each in drafts(desk)] == ["About your quixotryword"])
        erase(acting_as(desk, "bo"), [DANA.email])
        await screen.sees("bo erased this customer")
        write(screen, "About your quixotryword, and more")
        await screen.press("escape")
        await screen.press("p")
        await ended(screen)
    assert drafts(desk) == []
    assert desk.ticket(ONE).erased
