"""Tickets that go from hand to hand: taken, the longest waiting first, and handed over with a note."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from desk.actions.assign import UNSEEN, assign
from desk.actions.reply import reply
from desk.actions.undo import undo
from desk.desk import Desk
from desk.outgoing import Answer
from desk.people import Handle
from desk.ticket import Status
from tests.desks import acting_as
from tests.tui.apps import open_desk, showing
from tests.tui.composing import begun, notes, write
from tests.tui.filling import fill
from tests.tui.held_up import slow_writes
from tui.screens.hand_over import HandOverScreen

pytestmark = pytest.mark.real_time

ANA, BO = Handle("ana"), Handle("bo")


async def seen() -> None:
    """Wait until what was done by now counts as seen."""
    await asyncio.sleep(UNSEEN.total_seconds())


class TestHandOver:
    async def test_it_takes_three_keys_and_the_text(self, desk: Desk) -> None:
        one, _ = fill(desk, "Printer", "Parcel")
        async with showing(desk) as screen:
            await screen.sees("Parcel")
            await screen.press("N")
            await screen.sees("HAND-OVER", f"{one} to bo")
            await screen.type("The bank calls.")
            await screen.press("escape")
            await screen.sees("y hand over to bo")
            await screen.press("y")
            await screen.sees(f"{one} is bo's now, u takes it back")
            assert (desk.ticket(one).assignee, notes(desk, one)) == ("bo", ["The bank calls."])
            assert [each.ticket for each in desk.store.mentions.waiting(BO)] == [one]

    async def test_undo_brings_the_hand_over_back_to_be_written_on(self, desk: Desk) -> None:
        (one,) = fill(desk, "Printer")
        async with showing(desk) as screen:
            await screen.sees("Printer")
            await screen.press("N")
            await screen.sees("HAND-OVER")
            await screen.type("The bank calls.")
            await screen.press("escape", "y")
            await screen.sees("is bo's now")
            await screen.press("u")
            await screen.sees("HAND-OVER", "The bank calls.")
            assert (desk.ticket(one).assignee, notes(desk, one)) == (None, [])
            assert isinstance(screen.app.screen, HandOverScreen)
            await screen.press("escape", "y")
            await screen.until(lambda: desk.ticket(one).assignee == "bo")

    async def test_all_marked_tickets_go_with_the_same_note_and_come_back_at_once(self, desk: Desk) -> None:
        numbers = fill(desk, "Printer", "Parcel", "Refund")
        async with showing(desk) as screen:
            await screen.sees("Refund")
            await screen.press("space", "space", "N")
            await screen.sees("2 tickets to bo")
            await screen.type("Both are about the bank.")
            await screen.press("escape", "y")
            await screen.sees("2 tickets are bo's now")
            assert [desk.ticket(each).assignee for each in numbers] == ["bo", "bo", None]
            assert [len(notes(desk, each)) for each in numbers] == [1, 1, 0]
            undo(desk)
            assert [desk.ticket(each).assignee for each in numbers] == [None, None, None]

    async def test_with_more_partners_one_is_chosen(self, tmp_path: Path) -> None:
        with open_desk(tmp_path / "three", "ana", "bo", "eve") as desk:
            (one,) = fill(desk, "Printer")
            async with showing(desk) as screen:
                await screen.sees("Printer")
                await screen.press("N")
                await screen.sees("Hand 1 over to")
                await screen.type("eve")
                await screen.press("enter")
                await screen.sees("to eve, with this note")
                await screen.type("Yours.")
                await screen.press("escape", "y")
                await screen.until(lambda: desk.ticket(one).assignee == "eve")


class TestNext:
    async def test_one_key_takes_the_longest_waiting_and_opens_it(self, desk: Desk) -> None:
        one, two = fill(desk, "Printer", "Parcel")
        assign(desk, one, BO)
        async with showing(desk) as screen:
            await screen.sees("Parcel")
            await screen.press("W")
            await screen.sees(f"{two} is yours", "I returned the printer")
            assert desk.ticket(two).assignee == "ana"
            await screen.press("W")
            await screen.sees("no open ticket waits for somebody")
            await screen.press("u")
            await screen.until(lambda: desk.ticket(two).assignee is None)

    async def test_two_who_ask_at_once_get_two_tickets(self, desk: Desk) -> None:
        one, two = fill(desk, "Printer", "Parcel")
        async with showing(desk) as ana, showing(acting_as(desk, "bo")) as bo:
            await ana.sees("Parcel")
            await bo.sees("Parcel")
            with slow_writes(ana), slow_writes(bo):
                await ana.press("W")
                await bo.press("W")
            await ana.sees("is yours")
            await bo.sees("is yours")
            assert {desk.ticket(one).assignee, desk.ticket(two).assignee} == {ANA, BO}


class TestTaking:
    async def test_who_takes_what_a_colleague_has_just_taken_is_refused_and_again_takes_it(self, desk: Desk) -> None:
        one, _ = fill(desk, "Printer", "Parcel")
        async with showing(desk) as ana, showing(acting_as(desk, "bo")) as bo:
            await ana.sees("Parcel")
            await bo.sees("Parcel")
            with slow_writes(ana):
                await ana.press("i")
                await bo.press("i")
                await bo.sees(f"{one}: assigned to bo")
            await ana.sees(f"bo has just taken {one} (again takes it from bo)")
            assert desk.ticket(one).assignee == BO
            await seen()
            await ana.press("i")
            await ana.sees(f"{one}: assigned to ana")
            await bo.sees(f"ana took {one}")
            assert desk.ticket(one).assignee == ANA

    async def test_again_takes_that_ticket_though_it_left_the_list_and_another_stands_under_the_cursor(
        self, desk: Desk
    ) -> None:
        one, two = fill(desk, "Printer", "Parcel")
        async with showing(desk) as ana:
            await ana.sees("Parcel")
            await ana.press("g", "n")
            await ana.sees("New")
            await ana.until(lambda: ana.cursor == one)
            with slow_writes(ana):
                await ana.press("i")
                assign(acting_as(desk, "bo"), one, BO)
            await ana.sees(f"bo has just taken {one} (again takes it from bo)")
            await ana.until(lambda: ana.cursor == two)
            await seen()
            await ana.press("i")
            await ana.until(lambda: desk.ticket(one).assignee == ANA)
            assert desk.ticket(two).assignee is None
            await ana.press("i")
            await ana.until(lambda: desk.ticket(two).assignee == ANA)

    async def test_another_key_behind_the_refusal_lets_take_mean_the_ticket_under_the_cursor(self, desk: Desk) -> None:
        one, two = fill(desk, "Printer", "Parcel")
        async with showing(desk) as ana:
            await ana.sees("Parcel")
            await ana.press("g", "n")
            await ana.until(lambda: ana.cursor == one)
            with slow_writes(ana):
                await ana.press("i")
                assign(acting_as(desk, "bo"), one, BO)
            await ana.sees(f"bo has just taken {one}")
            await ana.until(lambda: ana.cursor == two)
            await ana.press("j", "i")
            await ana.until(lambda: desk.ticket(two).assignee == ANA)
            assert desk.ticket(one).assignee == BO

    async def test_of_several_only_what_was_just_taken_is_refused(self, desk: Desk) -> None:
        one, two = fill(desk, "Printer", "Parcel")
        async with showing(desk) as ana:
            await ana.sees("Parcel")
            await ana.press("space", "space")
            with slow_writes(ana):
                await ana.press("i")
                assign(acting_as(desk, "bo"), two, BO)
            await ana.sees(f"{one}: assigned to ana; 1 refused: bo has just taken {two}")
            assert desk.ticket(two).assignee == BO

    async def test_what_the_agent_sees_to_be_a_colleagues_is_taken_at_once(self, desk: Desk) -> None:
        (one,) = fill(desk, "Printer")
        async with showing(desk) as ana:
            await ana.sees("Printer")
            await ana.press("a", "p")
            await ana.press("i")
            await ana.until(lambda: desk.ticket(one).assignee == ANA)
            assert "has just" not in ana.text


class TestNextAfterAnAnswer:
    @pytest.mark.parametrize("status", [Status.OPEN, Status.WAITING], ids=["stays open", "leaves"])
    async def test_it_is_none_that_a_colleague_answered_meanwhile(self, desk: Desk, status: Status) -> None:
        numbers = fill(desk, *(f"Matter {at}" for at in range(6)))
        bo = acting_as(desk, "bo")
        async with showing(desk) as screen:
            await screen.sees("Matter 5")
            await screen.press("j")
            await begun(screen, "r")
            write(screen, "Done.")
            reply(bo, numbers[2], Answer(text="Mine.", status=status))
            await screen.until(lambda: tuple(screen.inbox.tickets.numbers).index(numbers[3]) < len(numbers) - 3)
            assert screen.cursor == numbers[1]
            await screen.press("escape", "Y")
            await screen.until(lambda: desk.ticket(numbers[1]).status is Status.CLOSED)
            await screen.at_the_list()
            await screen.until(lambda: numbers[1] not in screen.inbox.tickets.numbers)
            assert screen.cursor == numbers[3]
