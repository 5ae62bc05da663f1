"""Two agents on one desk: who asks for whom, what the other does meanwhile, and where they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desk.actions.assign import assign
from desk.actions.attend import attend
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.desk import Desk
from desk.people import Handle
from desk.presence import Doing
from desk.ticket import Status
from tests.desks import acting_as
from tests.tui.apps import NARROW, WIDE, open_desk, showing
from tests.tui.composing import notes
from tests.tui.filling import fill
from tui.widgets.draft import DraftArea

pytestmark = pytest.mark.real_time

ANA, BO = Handle("ana"), Handle("bo")


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

    async def test_who_writes_is_not_told_what_no_key_undoes_there_nor_twice_of_a_note(self, desk: Desk) -> None:
        one, two = fill(desk, "Printer", "Parcel")
        assign(desk, two, ANA)
        bo = acting_as(desk, "bo")
        async with showing(desk) as screen:
            await screen.sees("Parcel")
            await screen.press("r")
            await screen.sees("Reply to")
            number = one if screen.cursor == one else two
            add_note(bo, number, "seen at the depot")
            await screen.sees("seen at the depot")
            tag(bo, number, ["bank"])
            await screen.sees(f"bo tagged {number}: +bank")
            assert "does not undo" not in screen.text
            assert "left a note on" not in screen.text

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
