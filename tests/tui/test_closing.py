"""What comes of a screen that closes, or of a job that breaks: nothing ends the program, and no key is dead."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from threading import Event

import pytest

from desk.actions.edit_customer import edit_customer
from desk.actions.save_view import remove_view, save_view
from desk.attempts import Limits
from desk.desk import Desk
from desk.errors import RefusedError
from desk.outgoing import Composed, Letter
from desk.people import Address
from desk.profiles import ProfileField
from desk.ticket import TicketNumber
from tests.desks import DANA, acting_as, receive
from tests.tui.apps import Screen
from tests.tui.composing import answering, begun, drafts, ended, inbox, write
from tests.tui.customers import editing, field, opened
from tests.tui.held_up import slow_writes
from tui.host import stands
from tui.screens.palette import PaletteScreen
from tui.screens.shift import ShiftScreen
from tui.screens.stats import StatsScreen
from tui.widgets.customer_form import CustomerForm


async def test_a_screen_that_closes_does_not_stand_while_it_loses_its_parts(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        composer = await begun(screen, "n")
        assert stands(composer)
        composer.dismiss(None)
        while composer.query("*"):
            await asyncio.sleep(0)
            assert composer.query("*") or not stands(composer)
        assert not stands(composer)


async def test_a_shift_whose_screen_is_left_before_it_is_handed_over_is_told_of_all_the_same(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("g", "h")
        await screen.sees("End of shift, ")
        with slow_writes(screen):
            await screen.press("y", "q")
            await screen.until(lambda: not isinstance(screen.app.screen, ShiftScreen))
        await screen.sees("bo has it at the next start at the latest")


async def test_what_is_typed_while_the_text_is_kept_at_the_end_is_kept_too(desk: Desk) -> None:
    receive(desk)
    async with answering(desk, "Dear Dana, ") as screen:
        with slow_writes(screen):
            screen.app.keep_and_leave()
            write(screen, "it is on its way.")
        await screen.until(lambda: not screen.app.is_running)
    assert [each.text for each in drafts(desk)] == ["Dear Dana, it is on its way."]
    assert screen.app.unsaved == []


async def test_a_form_that_is_thrown_away_while_it_is_saved_takes_no_colleagues_words_in(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    del numbers
    async with inbox(desk) as screen:
        await opened(screen)
        await editing(screen)
        field(screen, ProfileField.COMPANY).value = "Corp AG"
        with slow_writes(screen):
            edit_customer(acting_as(desk, "bo"), DANA.email, {ProfileField.COMPANY: "Corp Holding"})
            await screen.press("enter", "escape", "escape")
            await screen.until(lambda: not screen.inbox.query(CustomerForm))
        done = Event()
        screen.app.act("wait", lambda _: done.set())
        await screen.until(done.is_set)
        await screen.sees("Corp Holding")


async def test_a_view_that_is_gone_once_it_is_chosen_beside_the_inbox_is_said_to_be_gone(desk: Desk) -> None:
    receive(desk)
    view = save_view(desk, "Parcels", "parcel", shared=True)
    async with inbox(desk) as screen:
        await screen.press("g", "s")
        await screen.until(lambda: isinstance(screen.app.screen, StatsScreen))
        await screen.press("ctrl+p")
        await screen.until(lambda: isinstance(screen.app.screen, PaletteScreen))
        await screen.type("parcels")
        await screen.sees("Parcels")
        remove_view(desk, view.id)
        await screen.until(lambda: is_gone(screen, f"saved:{view.id}"))
        await screen.press("enter")
        await screen.sees("this view is gone")


def is_gone(screen: Screen, view: str) -> bool:
    try:
        screen.inbox.page(view)
    except RefusedError:
        return True
    return False


class BrokenComposer:
    """Has a defect: no mail comes of it."""

    def reaches(self, address: Address, limits: Limits | None = None) -> bool:
        del address, limits
        return True

    def compose(self, letter: Letter) -> Composed:
        raise ValueError(letter.subject)


@pytest.mark.breaks
async def test_a_defect_while_a_reply_is_sent_leaves_the_text_there_and_the_keys_act(desk: Desk) -> None:
    receive(desk)
    async with inbox(replace(desk, composer=BrokenComposer())) as screen:
        await begun(screen, "r")
        await screen.type("It is on its way")
        await screen.press("escape", "y")
        await screen.sees("something went wrong in the background", "It is on its way")
        await screen.press("p")
        await ended(screen)
        assert [each.text for each in drafts(desk)] == ["It is on its way"]
