"""What breaks behind a dialog, or while a change of the store is shown, is said and logged; nothing else is lost."""

from __future__ import annotations

import pytest

from desk.actions.tag import tag
from desk.desk import Desk
from desk.errors import RefusedError
from tests.desks import acting_as, receive
from tests.tui.composing import answering, area, inbox, write
from tui.keys import Context
from tui.messages import StoreChanged
from tui.screens.compose import ComposeScreen
from tui.screens.help import HelpScreen


def breaks(_: object) -> None:
    raise ZeroDivisionError


async def refuses(_: object) -> None:
    raise RefusedError("it cannot be", "do something else")


@pytest.mark.breaks
async def test_a_dialogs_answer_that_breaks_leaves_the_text_below_it_as_it_is(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    receive(desk)
    async with answering(desk) as screen:
        for callback, words in ((breaks, "something went wrong: ZeroDivisionError"), (refuses, "it cannot be (do")):
            await screen.app.push_screen(HelpScreen(Context.LIST), callback)
            screen.app.screen.dismiss(None)
            await screen.sees(words)
            assert isinstance(screen.app.screen, ComposeScreen)
        write(screen, ", there")
        assert "Hello, there" in area(screen).text
    assert [each.getMessage() for each in caplog.records if each.exc_info] == ["a callback broke"]


@pytest.mark.breaks
async def test_a_change_that_breaks_one_part_of_the_screen_reaches_the_others(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    number = receive(desk).number
    seen: list[StoreChanged] = []
    async with inbox(desk) as screen:
        screen.app.changed.subscribe(screen.inbox.tickets, breaks)
        screen.app.changed.subscribe(screen.inbox, seen.append)
        tag(acting_as(desk, "bo"), number, ["refund"])
        await screen.sees("something went wrong: ZeroDivisionError")
        await screen.until(lambda: bool(seen))
        assert screen.app.is_running
    assert "a callback broke" in caplog.text
