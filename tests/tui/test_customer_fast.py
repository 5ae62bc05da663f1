"""Keys that are typed faster than a customer is read: each is for what the one before it leads to, or does nothing."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from desk.desk import Desk
from desk.profiles import ProfileField
from desk.ticket import Status, TicketNumber
from tests.tui.composing import inbox
from tests.tui.customers import card, field
from tests.tui.held_up import slow_opening, slow_reads
from tui.screens.compose import ComposeScreen


@pytest.mark.parametrize(
    ("keys", "at"),
    [("w enter r", 4), ("w j enter n", 3)],
    ids=["that Enter opens", "that the keys before Enter went to"],
)
async def test_a_text_behind_enter_is_for_the_ticket(
    desk: Desk, numbers: list[TicketNumber], keys: str, at: int
) -> None:
    async with inbox(desk) as screen:
        await screen.until(lambda: screen.cursor == numbers[0])
        with slow_reads(screen), slow_opening(screen):
            await screen.press(*keys.split())
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        composer = screen.app.screen
        assert isinstance(composer, ComposeScreen)
        assert composer.number == numbers[at]


async def test_nothing_acts_however_long_a_customer_is_read_and_escape_lets_it_be(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    async with inbox(desk) as screen:
        with slow_reads(screen), slow_opening(screen):
            await screen.press("w", "e", "q", "e")
            await screen.sees("still reading what this key needs", "Esc lets it be")
            await screen.press("escape")
        await screen.until(lambda: card(screen).known is not None)
        await screen.pilot.pause()
        assert screen.inbox.is_at_customer
        assert not screen.inbox.query(Input).filter("#name")
        assert desk.ticket(numbers[0]).status is Status.OPEN


async def test_what_is_typed_for_the_form_arrives_in_it(desk: Desk, numbers: list[TicketNumber]) -> None:
    async with inbox(desk) as screen:
        await screen.until(lambda: screen.cursor == numbers[0])
        with slow_reads(screen), slow_opening(screen):
            await screen.press("w", "e", "ctrl+u", "q", "e", "h")
        await screen.until(lambda: isinstance(screen.inbox.focused, Input))
        await screen.until(lambda: field(screen, ProfileField.NAME).value == "qeh")


async def test_keys_behind_a_ticket_that_cannot_be_opened_do_not_hit_the_one_at_hand(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    async with inbox(desk) as screen:
        await screen.until(lambda: screen.cursor == numbers[0])
        with slow_opening(screen):
            screen.inbox.open_ticket(TicketNumber(99))
            await screen.press("e")
        await screen.sees("there is no ticket 99")
        screen.inbox.open_ticket(TicketNumber(99))
        screen.send("e")
        await screen.until(lambda: not screen.inbox.is_turning)
        await screen.pilot.pause(0.1)
        assert desk.ticket(numbers[0]).status is Status.OPEN
        await screen.press("e")
        await screen.until(lambda: desk.ticket(numbers[0]).status is Status.CLOSED)


async def test_keys_behind_one_that_is_refused_do_not_hit_the_ticket_either(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    async with inbox(desk) as screen:
        await screen.until(lambda: screen.cursor == numbers[0])
        with slow_opening(screen):
            screen.app.prepare(lambda desk: desk.ticket(TicketNumber(99)), lambda _: None)
            await screen.press("e")
        await screen.sees("there is no ticket 99")
        await screen.pilot.pause(0.1)
        assert desk.ticket(numbers[0]).status is Status.OPEN
