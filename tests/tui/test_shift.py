"""The end of a shift: what changed and waits, what was promised, and how it is handed over and read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.actions.assign import assign
from desk.actions.hand_shift_over import hand_shift_over, kept_remark
from desk.actions.promise import promise
from desk.actions.snooze import snooze
from desk.actions.status import set_status
from desk.desk import Desk
from desk.people import Handle
from desk.ticket import Status
from tests.desks import acting_as
from tests.tui.apps import WIDE, showing
from tests.tui.filling import fill

pytestmark = pytest.mark.real_time

ANA, BO = Handle("ana"), Handle("bo")


class TestPromises:
    async def test_a_promise_is_made_and_kept_by_keys(self, desk: Desk) -> None:
        (one,) = fill(desk, "Printer")
        async with showing(desk) as screen:
            await screen.sees("Printer")
            await screen.press("P")
            await screen.sees(f"Promise on {one}: by when?")
            await screen.type("gibberish")
            await screen.sees("no day and no time")
            await screen.press(*["backspace"] * len("gibberish"))
            await screen.type("2 days")
            await screen.press("enter")
            await screen.sees("what?")
            await screen.type("the refund goes out")
            await screen.press("enter")
            await screen.sees(f"promised on {one} by")
            assert [each.text for each in desk.store.promises.standing()] == ["the refund goes out"]
            await screen.press("P")
            await screen.sees("the refund goes out")
            await screen.press("enter")
            await screen.sees("the promise was kept")
            assert desk.store.promises.standing() == []

    async def test_what_is_late_stands_in_the_heading(self, desk: Desk) -> None:
        (one,) = fill(desk, "Printer")
        promise(desk, one, desk.clock() + timedelta(seconds=2), "a call")
        async with showing(desk, WIDE) as screen:
            await screen.sees("1 promise late", "late: a call, promised by")


class TestShift:
    async def test_it_says_what_changed_what_waits_and_what_was_promised(self, desk: Desk) -> None:
        one, two, three = fill(desk, "Printer", "Parcel", "Refund")
        assign(desk, one, ANA)
        assign(desk, two, BO)
        set_status(desk, three, Status.WAITING)
        promise(desk, one, desk.clock() + timedelta(days=2), "a call")
        async with showing(desk, WIDE) as screen:
            await screen.sees("Printer")
            await screen.press("g", "h")
            await screen.sees(
                "End of shift",
                "when you began",
                "Changed 3",
                "ana gave it to bo",
                "Waiting for us 1",
                "Waiting for a colleague 1",
                "Waiting for customers 1",
                "Promised 1",
                "a call",
            )

    async def test_what_holds_tickets_stands_apart_and_what_holds_none_stands_together(self, desk: Desk) -> None:
        (one,) = fill(desk, "Printer")
        snooze(desk, one, desk.clock() + timedelta(days=2))
        async with showing(desk, WIDE) as screen:
            await screen.sees("Nothing is open")
            await screen.press("g", "h")
            await screen.sees("Asleep 1")
            lines = [each.strip() for each in screen.text.splitlines()]
            at = lines.index("Waiting for us  nothing")
            assert lines[at - 1] == ""
            assert lines[at + 1 : at + 4] == [
                "Promised  nothing",
                "Waiting for a colleague  nothing",
                "Waiting for customers  nothing",
            ]
            assert lines[at + 4 : at + 6] == ["", "Asleep 1"]

    async def test_it_is_handed_over_with_a_remark_and_read_at_the_next_start(self, desk: Desk) -> None:
        (one,) = fill(desk, "Printer")
        assign(desk, one, ANA)
        async with showing(desk) as screen:
            await screen.sees("Printer")
            await screen.press("g", "h")
            await screen.sees("End of shift")
            await screen.press("e")
            await screen.sees("the remark is kept")
            await screen.type("The bank calls at 5.")
            await screen.press("escape")
            await screen.misses("the remark is kept")
            await screen.press("q")
            await screen.at_the_list()
            await screen.press("g", "h")
            await screen.sees("The bank calls at 5.")
            await screen.press("y")
            await screen.sees("bo has it at the next start", "no remark")
            await screen.press("u")
            await screen.sees("taken back", "The bank calls at 5.")
            await screen.press("y")
            await screen.sees("bo has it at the next start")
        async with showing(acting_as(desk, "bo")) as screen:
            await screen.sees("ana handed a shift over to you", "g h")
            await screen.press("g", "h")
            await screen.sees("ana handed over to you", "The bank calls at 5.", "ana took it")
            await screen.until(lambda: all(each.seen for each in desk.store.handovers.all() if not each.is_gone))
            await screen.sees("The bank calls at 5.")
            await screen.press("q")
            await screen.at_the_list()
        async with showing(acting_as(desk, "bo")) as screen:
            await screen.sees("Printer")
            assert "handed a shift over" not in screen.text

    async def test_leaving_the_program_keeps_the_remark(self, desk: Desk) -> None:
        fill(desk, "Printer")
        async with showing(desk) as screen:
            await screen.sees("Printer")
            await screen.press("g", "h")
            await screen.sees("Waiting for us 1")
            await screen.press("e")
            await screen.type("The bank calls")
            screen.app.keep_and_leave()
            await screen.until(lambda: kept_remark(desk) == "The bank calls")

    async def test_the_cursor_stays_at_its_ticket_while_a_colleague_works(self, desk: Desk) -> None:
        numbers = fill(desk, "Printer", "Parcel", "Refund")
        async with showing(desk) as screen:
            await screen.sees("Printer")
            await screen.press("g", "h")
            await screen.sees("Waiting for us 3")
            await screen.press("G", "k")
            set_status(acting_as(desk, "bo"), numbers[0], Status.CLOSED)
            await screen.sees("bo closed it", "Waiting for us 2")
            await screen.press("enter")
            await screen.sees(f" {numbers[1]}  Parcel")

    async def test_a_ticket_is_opened_and_a_promise_kept_from_it(self, desk: Desk) -> None:
        (one,) = fill(desk, "Printer")
        promise(desk, one, desk.clock() + timedelta(days=2), "a call")
        hand_shift_over(acting_as(desk, "bo"), ANA, "hello")
        async with showing(desk) as screen:
            await screen.sees("Printer")
            await screen.press("g", "h")
            await screen.sees("Promised 1", "a call")
            await screen.press("G", "x")
            await screen.sees("kept, u takes it back")
            await screen.until(lambda: not desk.store.promises.standing())
            await screen.press("j", "enter")
            await screen.sees("I returned the printer")
