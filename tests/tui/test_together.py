"""Two agents on one desk: who asks for whom, tickets that go from hand to hand, and what the other does meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk.actions.assign import UNSEEN, assign
from desk.actions.attend import attend
from desk.actions.hand_shift_over import hand_shift_over, kept_remark
from desk.actions.note import add_note
from desk.actions.promise import promise
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.conversation import Note
from desk.desk import Desk
from desk.outgoing import Answer
from desk.people import Handle
from desk.presence import Doing
from desk.ticket import Status, TicketNumber
from tests.desks import acting_as
from tests.tui.apps import NARROW, WIDE, Screen, open_desk, showing
from tests.tui.composing import begun, write
from tests.tui.filling import fill
from tests.tui.held_up import slow_writes
from tui.screens.hand_over import HandOverScreen
from tui.screens.inbox import InboxScreen
from tui.widgets.draft import DraftArea

pytestmark = pytest.mark.real_time

ANA, BO = Handle("ana"), Handle("bo")


def notes(desk: Desk, number: TicketNumber) -> list[str]:
    return [each.note for each in desk.store.conversations.of(number) if isinstance(each, Note) and not each.removed]


async def seen() -> None:
    """Wait until what was done by now counts as seen."""
    await asyncio.sleep(UNSEEN.total_seconds())


async def back(screen: Screen) -> None:
    await screen.until(lambda: isinstance(screen.app.screen, InboxScreen))


class TestCalls:
    async def test_a_note_calls_a_colleague_to_the_ticket_at_once(self, desk: Desk) -> None:
        one, two = fill(desk, "Printer", "Parcel")
        assign(desk, two, BO)
        async with showing(desk) as screen:
            await screen.sees("Parcel", "Mine")
            add_note(acting_as(desk, "bo"), two, "@Ana can you look?")
            await screen.sees(f"bo asks for you on {two}: g @", "@1", "Mine 1")
            await screen.press("g", "@")
            await screen.misses("Printer")
            await screen.press("enter")
            await screen.misses("@1")
            await screen.press("q")
            await screen.sees("Parcel")
        assert one

    async def test_what_came_while_the_screen_was_closed_is_told_at_the_next_start(self, desk: Desk) -> None:
        one, two = fill(desk, "Printer", "Parcel")
        for number in (one, two):
            add_note(acting_as(desk, "bo"), number, "@ana?")
        async with showing(desk) as screen:
            await screen.sees("2 notes ask for you: g @", "@2")
        assert all(each.told for each in desk.store.mentions.waiting(ANA))

    async def test_a_call_that_is_taken_back_is_gone(self, desk: Desk) -> None:
        (one,) = fill(desk, "Printer")
        bo = acting_as(desk, "bo")
        async with showing(desk) as screen:
            add_note(bo, one, "@ana?")
            await screen.sees("@1", "asks for you")
            undo(bo)
            await screen.misses("@1")
            screen.app.say("")
            redo(bo)
            await screen.sees("@1")
            assert "asks for you" not in screen.text

    async def test_a_call_to_the_ticket_that_is_being_read_is_seen(self, desk: Desk) -> None:
        (one,) = fill(desk, "Printer")
        async with showing(desk) as screen:
            await screen.sees("Printer")
            await screen.press("enter")
            add_note(acting_as(desk, "bo"), one, "@ana look")
            await screen.sees("bo asks for you")
            await screen.until(lambda: not desk.store.mentions.waiting(ANA))

    async def test_looking_past_a_ticket_beside_the_list_is_not_opening_it(self, desk: Desk) -> None:
        one, _ = fill(desk, "Printer", "Parcel")
        add_note(acting_as(desk, "bo"), one, "@ana look")
        async with showing(desk, WIDE) as screen:
            await screen.sees("I returned the printer", "@1")
            await screen.until(lambda: bool(desk.store.presences.all(desk.clock())))
            assert desk.store.mentions.waiting(ANA)

    async def test_a_handle_is_completed_with_tab_and_one_that_nobody_has_is_said(self, desk: Desk) -> None:
        (one,) = fill(desk, "Printer")
        async with showing(desk) as screen:
            await screen.sees("Printer")
            await screen.press("n")
            await screen.sees("only agents see it")
            await screen.until(lambda: bool(screen.app.screen.query_one(DraftArea).handles))
            await screen.type("ask @")
            await screen.press("tab")
            await screen.type("or @zoe, not x@acme.example")
            await screen.sees("ask @bo or @zoe")
            await screen.press("escape")
            await screen.sees("nobody here is called @zoe")
            await screen.press("y")
            await screen.until(lambda: notes(desk, one) == ["ask @bo or @zoe, not x@acme.example"])
            assert [each.agent for each in desk.store.mentions.of(one)] == ["bo"]

    async def test_two_screens_ask_and_answer_each_other(self, desk: Desk) -> None:
        one, _ = fill(desk, "Printer", "Parcel")
        async with showing(desk) as ana, showing(acting_as(desk, "bo")) as bo:
            await ana.sees("Parcel")
            await ana.press("n")
            await ana.sees("only agents see it")
            await ana.type("@bo is the bank done?")
            await ana.press("escape", "y")
            await bo.sees(f"ana asks for you on {one}", "@ Printer", "Mine 1")
            await bo.press("enter")
            await bo.sees("is the bank done?")
            await bo.press("N")
            await bo.sees("HAND-OVER", f"{one} to ana")
            await bo.type("It is.")
            await bo.press("escape", "y")
            await ana.sees(f"bo asks for you on {one}", "Mine 1")
            assert desk.ticket(one).assignee == "ana"
            await bo.sees(f"{one} is ana's now")
            await ana.press("W")
            await ana.press("W")
            await bo.press("W")
            await bo.sees("no open ticket waits")


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
                await screen.sees("Assign to")
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
            await back(screen)
            await screen.until(lambda: numbers[1] not in screen.inbox.tickets.numbers)
            assert screen.cursor == numbers[3]


class TestNews:
    async def test_what_a_colleague_does_to_my_ticket_is_told_quietly(self, desk: Desk) -> None:
        one, two = fill(desk, "Printer", "Parcel")
        assign(desk, two, ANA)
        async with showing(desk) as screen:
            await screen.sees("Parcel")
            set_status(acting_as(desk, "bo"), two, Status.WAITING)
            await screen.sees(f"bo set {two} waiting · u does not undo that")
        assert one

    async def test_what_a_colleague_does_after_they_asked_for_the_agent_is_told(self, desk: Desk) -> None:
        one, two = fill(desk, "Printer", "Parcel")
        assign(desk, two, ANA)
        bo = acting_as(desk, "bo")
        async with showing(desk) as screen:
            await screen.sees("Parcel")
            add_note(bo, two, "@ana?")
            await screen.sees(f"bo asks for you on {two}: g @")
            tag(bo, two, ["bank"])
            screen.app.say("")
            await screen.sees(f"bo tagged {two}: +bank")
            assert f"bo left a note on {two}" not in screen.text
        assert one

    async def test_what_a_colleague_does_elsewhere_is_not_told(self, desk: Desk) -> None:
        _, two, three = fill(desk, "Printer", "Parcel", "Refund")
        assign(desk, three, ANA)
        bo = acting_as(desk, "bo")
        async with showing(desk) as screen:
            await screen.sees("Refund")
            assign(bo, two, BO)
            add_note(bo, three, "seen this?")
            await screen.sees(f"bo left a note on {three}")
            assert f"bo took {two}" not in screen.text

    async def test_much_at_once_is_one_line(self, desk: Desk) -> None:
        numbers = fill(desk, *(f"Matter {at}" for at in range(6)))
        for number in numbers:
            assign(desk, number, ANA)
        bo = acting_as(desk, "bo")
        async with showing(desk) as screen:
            await screen.sees("Matter 5")
            with desk.store.transaction():
                for number in numbers:
                    tag(bo, number, ["bank"])
            await screen.sees("and 5 things more")


class TestPresence:
    async def test_the_list_says_in_words_who_answers_and_how_many_more_are_there(self, tmp_path: Path) -> None:
        with open_desk(tmp_path / "three", "ana", "bo", "eve") as desk:
            one, two = fill(desk, "Printer", "Parcel")
            for handle, screen_name, number, doing in (
                ("bo", "a", one, Doing.ANSWERING),
                ("bo", "b", one, Doing.READING),
                ("eve", "c", one, Doing.READING),
                ("bo", "d", two, Doing.READING),
            ):
                attend(replace(acting_as(desk, handle), screen=screen_name), number, doing)
            async with showing(desk, NARROW) as screen:
                await screen.sees("bo +1 is answering: Printer")
                assert "bo is reading" not in screen.text
            async with showing(desk, (230, 40)) as screen:
                await screen.sees("bo +1 is answering: Printer", "bo is reading: Parcel")

    async def test_a_row_shows_that_a_note_there_asks_for_me(self, desk: Desk) -> None:
        one, _ = fill(desk, "Printer", "Parcel")
        async with showing(desk) as screen:
            await screen.sees("* Printer", "* Parcel")
            add_note(acting_as(desk, "bo"), one, "@ana?")
            await screen.sees("* @ Printer", "* Parcel")
            await screen.press("enter", "q")
            await screen.sees("  Printer", "* Parcel")


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

    async def test_it_is_handed_over_with_a_remark_and_read_at_the_next_start(self, desk: Desk) -> None:
        (one,) = fill(desk, "Printer")
        assign(desk, one, ANA)
        async with showing(desk) as screen:
            await screen.sees("Printer")
            await screen.press("g", "h")
            await screen.sees("End of shift")
            await screen.press("e")
            await screen.type("The bank calls at 5.")
            await screen.press("escape", "q")
            await back(screen)
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
            await back(screen)
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
