from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from desk.actions.assign import assign
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.conversation import Happened
from desk.desk import Desk
from desk.outgoing import OutboxState
from desk.people import Address, Handle
from desk.ticket import Status
from tests.desks import SetClock, acting_as, receive
from tests.tui.apps import NARROW, WIDE
from tests.tui.composing import (
    area,
    begun,
    drafts,
    ended,
    events_of,
    inbox,
    notes,
    outbox,
    sent_with_a_macro_and_taken_back,
)
from tui.composer.dispatch import NEWS_HOLD
from tui.screens.macro_picker import MacroPicker

BOB = Address("bob@x.example", "Bob Stone")
NAMELESS = Address("carol@x.example", "")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
async def test_four_keys_answer_with_a_macro_close_and_go_on(
    desk: Desk, clock: SetClock, macros: Path, size: tuple[int, int]
) -> None:
    first = receive(desk).number
    clock.go_on(minutes=1)
    second = receive(desk, subject="Second matter", sender=BOB).number
    async with inbox(desk, macros, size) as screen:
        await screen.press(",", "p", "escape", "Y")
        await ended(screen)
        await screen.until(lambda: screen.cursor == second)
    (entry,) = outbox(desk)
    assert (entry.ticket, entry.draft) == (first, "All is well.")
    assert desk.ticket(first).status is Status.CLOSED
    assert desk.ticket(second).status is Status.OPEN


async def test_a_macro_that_closes_the_ticket_also_goes_on(desk: Desk, clock: SetClock, macros: Path) -> None:
    first = receive(desk).number
    clock.go_on(minutes=1)
    second = receive(desk, subject="Second matter", sender=BOB).number
    async with inbox(desk, macros) as screen:
        await screen.press("enter", ",", "b", "escape", "y")
        await ended(screen)
        await screen.sees("Second matter", "bob@x.example")
        assert screen.inbox.reader.current is not None
        assert screen.inbox.reader.current.ticket.number == second
    assert desk.ticket(first).status is Status.CLOSED


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
async def test_a_macro_stops_at_what_a_colleague_changed_and_a_second_y_insists(
    desk: Desk, macros: Path, size: tuple[int, int]
) -> None:
    number, bo = receive(desk).number, acting_as(desk, "bo")
    async with inbox(desk, macros, size) as screen:
        await screen.press("m")
        await screen.until(lambda: isinstance(screen.app.screen, MacroPicker))
        set_status(bo, number, Status.SPAM)
        assign(bo, number, Handle("bo"))
        await begun(screen, "b", "y", "e", "enter")
        await screen.press("escape", "y")
        await screen.sees("not sent: bo changed the status and the assignee; y sends it as it is", "y send")
        assert outbox(desk) == []
        assert (desk.ticket(number).status, desk.ticket(number).assignee) == (Status.SPAM, "bo")
        await asyncio.sleep(NEWS_HOLD)
        await screen.press("y")
        await ended(screen)
    assert (len(outbox(desk)), desk.ticket(number).status) == (1, Status.CLOSED)


async def test_nothing_leaves_while_a_gap_or_a_required_step_is_left(desk: Desk, macros: Path) -> None:
    number = receive(desk, sender=NAMELESS).number
    async with inbox(desk, macros) as screen:
        await begun(screen, ",", "g")
        await screen.sees("Hello ⟦customer.first_name⟧,", "1 gap and 1 required step left", "Steps 0 of 2 done")
        assert area(screen).selected_text == "⟦customer.first_name⟧"
        await screen.press("escape", "y")
        await screen.sees("not sent: 1 gap and 1 required step left", "2 [ ] It is paid (required)", "Will do: +refund")
        await screen.press("e")
        await screen.type("Carol")
        await screen.sees("Hello Carol,")
        await screen.press("escape", "y")
        await screen.sees("not sent: 1 required step left")
        assert outbox(desk) == []
        await screen.press("2")
        await screen.sees("2 [x] It is paid")
        await screen.press("y")
        await ended(screen)
    (entry,) = outbox(desk)
    assert entry.draft == "Hello Carol,\n\nit is on its way."
    assert desk.ticket(number).tags == ("refund",)
    (replied,) = [each for each in events_of(desk, number) if each.what is Happened.REPLIED]
    assert (replied.detail["macro"], replied.detail["edited"]) == ("gap", "yes")


async def test_one_undo_takes_back_the_reply_with_the_macros_actions_and_reopens_the_composer(
    desk: Desk, macros: Path
) -> None:
    number = receive(desk).number
    async with inbox(desk, macros) as screen:
        await sent_with_a_macro_and_taken_back(screen)
        await screen.sees("taken back on ticket 1", "it is on its way.")
        assert area(screen).text == "Hello Dana,\n\nit is on its way."
        assert area(screen).cursor_location == area(screen).document.end
    assert [each.state for each in outbox(desk)] == [OutboxState.CANCELLED]
    assert desk.ticket(number).tags == ()
    assert desk.ticket(number).assignee is None
    assert [each.text for each in drafts(desk)] == ["Hello Dana,\n\nit is on its way."]


async def test_more_than_nine_steps_are_ticked_off_one_after_another(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        await begun(screen, ",", "n")
        await screen.press("escape")
        await screen.sees("Space tick", "1 required step left")
        await screen.press(*["space"] * 10, "y")
        await ended(screen)
    assert len(outbox(desk)) == 1


async def test_a_macro_asks_and_its_answer_is_checked(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        await screen.press(",", "q")
        await screen.sees("Amount", "money", "Enter answers")
        await screen.type("much")
        await screen.press("enter")
        await screen.sees("“much”")
        await screen.press("down", "up")  # there is no list to move in
        await screen.press(*["backspace"] * 4)
        await screen.type("25 EUR")
        await screen.press("enter")
        await screen.sees("You get 25")
        await begun(screen)
        assert "⟦" not in area(screen).text


async def test_a_notes_macro_is_done_with_the_note_and_undone_with_it(desk: Desk, macros: Path) -> None:
    number = receive(desk).number
    async with inbox(desk, macros) as screen:
        composer = await begun(screen, ",", "i")
        assert composer.text == "Ask the bank."
        await screen.sees(" NOTE ")
        await screen.press("escape", "y")
        await ended(screen)
    assert notes(desk) == ["Ask the bank."]
    assert desk.ticket(number).tags == ("bank",)
    assert outbox(desk) == []
    undo(desk)
    assert desk.ticket(number).tags == ()


async def test_a_text_for_agents_only_is_not_put_into_a_reply(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        composer = await begun(screen, "r")
        await screen.press("ctrl+t")
        await screen.sees("Macros")
        await screen.type("inside")
        await screen.press("enter")
        await screen.sees("“Inside” is an internal note, not for the customer")
        assert composer.text == ""


async def test_a_macro_goes_in_at_the_cursor_and_one_undo_takes_it_out(desk: Desk, macros: Path) -> None:
    receive(desk, sender=NAMELESS)
    async with inbox(desk, macros) as screen:
        composer = await begun(screen, "r")
        area(screen).insert_here("before ⟦x⟧ after")
        area(screen).move_cursor((0, 7))
        await screen.press("ctrl+t")
        await screen.type("with g")
        await screen.press("enter")
        await screen.sees("it is on its way.")
        assert composer.text == "before Hello ⟦customer.first_name⟧,\n\nit is on its way.⟦x⟧ after"
        assert area(screen).selected_text == "⟦customer.first_name⟧"
        await screen.press("tab")
        assert area(screen).selected_text == "⟦x⟧"
        await screen.press("tab")
        assert area(screen).selected_text == "⟦customer.first_name⟧"
        await screen.press("shift+tab")
        assert area(screen).selected_text == "⟦x⟧"
        await screen.press("ctrl+z")
        assert composer.text == "before ⟦x⟧ after"
