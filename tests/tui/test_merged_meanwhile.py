"""What comes to a ticket by a merge while somebody answers on it: it stands beside the text, as all that came since."""

from __future__ import annotations

import pytest

from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.undo import undo
from desk.desk import Desk
from desk.people import Address
from desk.ticket import TicketNumber
from tests.desks import acting_as, receive
from tests.tui.apps import NARROW, WIDE, Screen
from tests.tui.composing import ONE, begun, ended, inbox, write

TWO = TicketNumber(2)
KIM = Address("kim@else.example", "Kim Else")
KIMS, DANAS = "The toner is blue.", "The printer is broken."
KIM_WROTE = "Kim Else wrote before the tickets became one"
DANA_WROTE = "Dana Petrova wrote before the tickets became one"


@pytest.fixture
def two(desk: Desk) -> Desk:
    """Kim's ticket, and a later one of Dana's."""
    receive(desk, subject="Toner", sender=KIM, text=KIMS)
    receive(desk, message_id="<1@corp.example>", text=DANAS)
    return desk


async def begun_on(screen: Screen, number: TicketNumber) -> None:
    if screen.cursor != number:
        await screen.press("j" if number == TWO else "k")
        await screen.until(lambda: screen.cursor == number)
    await begun(screen, "r")


async def kept(screen: Screen) -> None:
    await screen.press("escape")
    await screen.sees("y send")
    await screen.press("p")
    await ended(screen)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_words_of_a_ticket_that_is_merged_into_it_stand_beside_an_answer(
    two: Desk, size: tuple[int, int]
) -> None:
    add_note(two, ONE, "Kim has two printers.")
    async with inbox(acting_as(two, "bo"), size=size) as screen:
        await begun_on(screen, TWO)
        write(screen, "Dear Dana")
        merge(two, [ONE], TWO)
        await screen.sees(KIM_WROTE, KIMS, "ana, in a note, wrote before the tickets became one")
        assert DANA_WROTE not in screen.text
        await screen.press("escape")
        await screen.sees("y send", "dana@corp.example")
        assert "new on this ticket" not in screen.text
        await screen.press("y")
        await screen.sees("not sent: ana wrote a note and merged another ticket into it")
        await screen.press("p")
        await ended(screen)


async def test_so_they_do_when_it_is_opened_again(two: Desk) -> None:
    async with inbox(two) as screen:
        await begun_on(screen, TWO)
        write(screen, "Dear Dana")
        await kept(screen)
        merge(acting_as(two, "bo"), [ONE], TWO)
        await begun_on(screen, TWO)
        await screen.sees("Dear Dana", KIM_WROTE, KIMS)
        assert DANA_WROTE not in screen.text


async def test_what_was_merged_before_an_answer_was_begun_is_no_news(two: Desk) -> None:
    merge(two, [ONE], TWO)
    async with inbox(two, size=WIDE) as screen:
        await begun_on(screen, TWO)
        write(screen, "Dear Dana")
        await kept(screen)
        await begun_on(screen, TWO)
        await screen.sees("Dear Dana")
        assert "before the tickets became one" not in screen.text


@pytest.mark.parametrize(
    ("away", "into", "told", "known"), [(ONE, TWO, DANA_WROTE, KIM_WROTE), (TWO, ONE, KIM_WROTE, DANA_WROTE)]
)
async def test_beside_a_draft_that_came_along_stands_what_was_on_the_other_ticket(
    two: Desk, away: TicketNumber, into: TicketNumber, told: str, known: str
) -> None:
    async with inbox(two) as screen:
        await begun_on(screen, away)
        write(screen, "It is on its way")
        await kept(screen)
    merge(acting_as(two, "bo"), [away], into)
    async with inbox(two) as screen:
        await begun_on(screen, into)
        await screen.sees("It is on its way", told)
        assert known not in screen.text


async def test_they_go_and_come_with_the_merge(two: Desk) -> None:
    bo = acting_as(two, "bo")
    async with inbox(two) as screen:
        await begun_on(screen, TWO)
        write(screen, "Dear Dana")
        merge(bo, [ONE], TWO)
        await screen.sees(KIM_WROTE, KIMS)
        undo(bo)
        await screen.misses(KIM_WROTE)
        redo(bo)
        await screen.sees(KIM_WROTE, KIMS)
        await kept(screen)
