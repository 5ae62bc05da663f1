from __future__ import annotations

import pytest

from desk.actions.assign import assign
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.desk import Desk
from desk.outgoing import Answer, OutboxState
from desk.people import Handle
from desk.ticket import Status
from tests.tui.apps import WIDE, showing
from tests.tui.filling import BO, fill
from tui.screens.compose import ComposeScreen

pytestmark = pytest.mark.real_time


async def test_the_outbox_says_in_words_how_each_mail_stands(desk: Desk) -> None:
    (number,) = fill(desk, "First matter")
    reply(desk, number, Answer(text="On its way."))
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("Outbox", "customer0@corp.example", "queued, leaves in")
        await screen.press("enter")
        await screen.sees("First matter", "On its way.")


async def test_a_reply_is_taken_back_in_the_outbox_and_written_on(desk: Desk) -> None:
    (number,) = fill(desk, "First matter")
    reply(desk, number, Answer(text="On its way."))
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "o")
        await screen.sees("u takes it back", "u undo")
        await screen.press("u")
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.sees("On its way.", "taken back on ticket 1")
        assert [mail.state for mail in desk.store.outbox.all()] == [OutboxState.CANCELLED]
        assert screen.app.screen_stack[:-1] == [screen.inbox]


async def test_undo_acts_beside_the_figures_and_what_cannot_be_undone_is_said(desk: Desk) -> None:
    (number,) = fill(desk, "First matter")
    assign(desk, number, BO)
    async with showing(desk) as screen:
        await screen.press("g", "s", "u")
        await screen.sees("taken back on ticket 1: assigned", "Last 7 days")
        assert desk.ticket(number).assignee is None
        await screen.press("u")
        await screen.sees("there is nothing of yours to undo")


async def test_figures_for_each_agent_and_who_waits(desk: Desk) -> None:
    first, second = fill(desk, "First matter", "Second matter")
    assign(desk, first, Handle("ana"))
    set_status(desk, second, Status.CLOSED)
    async with showing(desk) as screen:
        await screen.press("g", "s")
        await screen.sees("Last 7 days", "first answer", "team", "unanswered now: 1")
        await screen.press("d")
        await screen.sees("Last 24 hours")
        await screen.press("q")
        await screen.sees("First matter")
