"""Keys that come faster than the screen, and pasted texts that arrive as keys."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from textual import events

from desk.desk import Desk
from desk.ticket import Status
from tests.desks import receive
from tests.tui.apps import open_desk
from tests.tui.composing import ONE, area, begun, drafts, ended, inbox, outbox, write
from tests.tui.held_up import slow_writes
from tui.screens.compose import ComposeScreen
from tui.screens.inbox import InboxScreen
from tui.screens.macro_picker import MacroPicker
from tui.widgets.filter import FilterInput


async def test_what_is_typed_while_the_composer_opens_arrives_in_it(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        for character in "rABCDEFGHIJ":
            screen.send(character)  # at a pace of its own
            await asyncio.sleep(0.01)
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.sees("ABCDEFGHIJ")


async def test_what_is_typed_while_the_composer_opens_goes_on_with_a_text_that_was_kept(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "n")
        write(screen, "Before ")
        await screen.press("escape", "p")
        await ended(screen)
        with slow_writes(screen):
            screen.send("n")
            await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
            screen.send("X", "Y", "Z")
        await screen.until(lambda: area(screen).text == "Before XYZ")


async def test_an_answer_that_is_sent_while_the_composer_opens_is_signed(desk: Desk) -> None:
    receive(desk)
    me = replace(desk.me, signature="Ana of Acme")
    desk.store.agents.put(me)
    async with inbox(replace(desk, acting=me)) as screen:
        with slow_writes(screen):
            screen.send("r")
            await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
            screen.send("H", "i", "escape", "y")
        await screen.until(lambda: len(outbox(desk)) == 1)
        assert "Ana of Acme" in outbox(desk)[0].draft


async def test_keys_that_wait_for_the_composer_and_a_letter_with_alt_come_in_their_turn(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        with slow_writes(screen):
            screen.send("n")
            await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
            for key in ("H", "i", "escape", "e", "X"):
                screen.send(key)
                await asyncio.sleep(0.01)
            screen.app.post_message(events.Key("alt+e", "e"))
            await asyncio.sleep(0.01)
            screen.send("Y")
        await screen.until(lambda: area(screen).text == "HiXY")


async def test_a_short_text_pasted_over_the_list_closes_nothing(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.type("hello")
        await screen.sees("a pasted text was dropped")
        await screen.pilot.pause(0.1)
        assert desk.ticket(ONE).status is Status.OPEN


@pytest.mark.parametrize("text", ["jjee", "jjjee", "eeej"])
async def test_a_paste_that_begins_with_keys_that_move_closes_nothing_either(desk: Desk, text: str) -> None:
    numbers = [receive(desk, subject=f"Subject {at}").number for at in range(6)]
    async with inbox(desk) as screen:
        await screen.type(text)
        await screen.sees("a pasted text was dropped")
        await screen.pilot.pause(0.1)
        assert {desk.ticket(number).status for number in numbers} == {Status.OPEN}


async def test_a_bunch_of_keys_that_move_moves_and_what_is_typed_behind_it_acts(desk: Desk) -> None:
    numbers = [receive(desk, subject=f"Subject {at}").number for at in range(6)]
    async with inbox(desk) as screen:
        here = screen.cursor
        screen.send("j", "j", "j", "j", "j")
        await screen.until(lambda: screen.cursor not in (here, None) and screen.cursor in (numbers[0], numbers[-1]))
        last = screen.cursor
        await screen.press("e")
        await screen.until(lambda: [each for each in numbers if desk.ticket(each).status is Status.CLOSED] == [last])


async def test_what_is_chosen_at_a_stroke_is_taken_behind_keys_that_move_too(desk: Desk) -> None:
    receive(desk, subject="Cable")
    receive(desk, subject="Zebra")
    async with inbox(desk) as screen:
        screen.send("j", "j", "j", ":", *"compact", "enter")
        await screen.at_the_list()
        await screen.sees("compact")


async def test_escape_is_heard_however_soon_it_is_pressed_after_a_pasted_text(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("g", "o")
        await screen.misses("Refund")
        await screen.type("hello")
        await screen.sees("a pasted text was dropped")
        while not isinstance(screen.app.screen, InboxScreen):
            screen.send("escape")
            await asyncio.sleep(0.15)


async def test_a_pasted_line_feed_begins_a_new_line(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "r")
        await screen.press("a", "ctrl+j", "b")
        assert area(screen).text == "a\nb"


async def test_what_corrects_a_text_comes_in_its_turn_when_a_slow_line_brings_keys_together(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "n")
        screen.send("a", "b", "backspace", "c", "d", "left", "e", "ctrl+j", "f")
        await screen.until(lambda: area(screen).text == "ace\nfd")


async def test_letters_behind_tab_fill_the_gap_that_it_goes_to_when_a_slow_line_brings_keys_together(
    desk: Desk,
) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "n")
        write(screen, "Dear ⟦name⟧, we pay ⟦amount⟧ now")
        area(screen).move_cursor((0, 0))
        screen.send("tab", "A", "n", "tab", "9", "9", "end", "!")
        await screen.until(lambda: area(screen).text == "Dear An, we pay 99 now!")


async def test_what_corrects_a_filter_comes_in_its_turn_too(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("/")
        screen.send("a", "b", "backspace", "c", "ctrl+u", "d", "e")
        await screen.until(lambda: screen.app.screen.query_one(FilterInput).value == "de")


async def test_a_text_pasted_over_the_review_bar_is_not_sent(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "r")
        await screen.press("a", "escape")
        await screen.type("ouyYwX")
        await screen.sees("a pasted text was dropped")
        assert outbox(desk) == []
        assert isinstance(screen.app.screen, ComposeScreen)
        while not outbox(desk):
            await screen.press("y")
            await asyncio.sleep(0.6)


@pytest.mark.parametrize("undo_seconds", [10, 0])
async def test_a_letter_with_alt_sends_a_text_only_where_that_can_be_taken_back(
    tmp_path: Path, undo_seconds: int
) -> None:
    with open_desk(tmp_path, undo_seconds=undo_seconds) as desk:
        receive(desk)
        async with inbox(desk) as screen:
            await begun(screen, "r")
            await screen.type("Half a sent")
            screen.app.post_message(events.Key("alt+y", "y"))
            await screen.sees("queued for Dana" if undo_seconds else "send+close")
            await screen.pilot.pause()
            assert len(outbox(desk)) == (1 if undo_seconds else 0)


async def test_a_letter_behind_escape_is_for_the_review_and_never_for_the_text(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "r")
        screen.send("a", "b", "escape", "Y")
        await screen.until(lambda: bool(outbox(desk)))
        assert outbox(desk)[0].draft.strip() == "ab"


async def test_a_macro_is_sent_by_keys_that_come_before_the_composer_stands(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        for key in (",", "k", "escape", "Y"):
            screen.send(key)  # at a pace of its own
            await asyncio.sleep(0.02)
        await screen.until(lambda: bool(outbox(desk)))


async def test_a_letter_behind_escape_in_a_picker_is_for_the_list(desk: Desk) -> None:
    receive(desk, subject="First")
    receive(desk, subject="Second")
    async with inbox(desk) as screen:
        here = screen.cursor
        await screen.press("a")
        screen.send("x", "y", "escape", "j")
        await screen.until(lambda: screen.cursor != here)


async def test_a_letter_behind_the_key_that_leaves_a_composer_is_for_the_list(desk: Desk) -> None:
    receive(desk, subject="First")
    receive(desk, subject="Second")
    async with inbox(desk) as screen:
        here = screen.cursor
        await begun(screen, "r")
        screen.send("escape", "j")
        await ended(screen)
        await screen.until(lambda: screen.cursor != here)
        assert not drafts(desk, here or 0)


async def test_letters_behind_the_key_that_adds_a_note_are_for_the_list(desk: Desk) -> None:
    first, second = receive(desk, subject="First").number, receive(desk, subject="Second").number
    async with inbox(desk) as screen:
        here = screen.cursor
        other = second if here == first else first
        await begun(screen, "n")
        write(screen, "Hello")
        await screen.press("escape")
        with slow_writes(screen):
            screen.send("y")
            await asyncio.sleep(0.05)
            screen.send("j")
            await asyncio.sleep(0.05)
            screen.send("e")
            await asyncio.sleep(0.05)
        await screen.until(lambda: desk.ticket(other).status is Status.CLOSED)
        assert desk.ticket(first if other == second else second).status is Status.OPEN


async def test_a_macro_is_taken_that_was_chosen_before_it_was_known_which_there_are(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        gate = Event()
        screen.app.look("gate", lambda _: gate.wait(60.0), lambda _: None)
        screen.send("m")
        await screen.until(lambda: isinstance(screen.app.screen, MacroPicker))
        screen.send(*"plain", "enter", "X", "Y")
        await screen.pilot.pause(0.05)
        gate.set()
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.until(lambda: area(screen).text.endswith("XY"))


async def test_a_letter_behind_the_key_that_leaves_a_filter_is_for_what_it_found(desk: Desk) -> None:
    receive(desk, subject="Cable")
    receive(desk, subject="Zebra")
    async with inbox(desk) as screen:
        for key in ("tab", "shift+tab", "down", "enter"):
            await screen.press("/")
            screen.send("backspace", *"zebr", key, "r")
            await begun(screen)
            await screen.sees("2 Zebra")
            await screen.press("escape", "escape")
            await ended(screen)
            await screen.sees("Cable")


async def test_a_letter_behind_the_key_that_goes_on_to_another_ticket_is_for_that_one(desk: Desk) -> None:
    first, second = receive(desk, subject="First").number, receive(desk, subject="Second").number
    async with inbox(desk) as screen:
        await screen.press("enter")
        await screen.until(lambda: screen.shown == first)
        screen.send("space", "e")
        await screen.until(lambda: desk.ticket(second).status is Status.CLOSED)
        assert desk.ticket(first).status is Status.OPEN


async def test_a_letter_with_alt_is_for_the_review_though_the_composer_is_only_opening(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        screen.send("r")
        await asyncio.sleep(0.03)
        screen.send(*"abc")
        screen.app.post_message(events.Key("alt+shift+y", "Y"))
        await screen.until(lambda: bool(outbox(desk)))
        assert outbox(desk)[0].draft.split("\n")[0] == "abc"
