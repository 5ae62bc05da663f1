"""A text pasted without brackets arrives as keys: none of it acts, wherever letters do; and each paste is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input, TextArea

from desk.desk import Desk
from desk.ticket import Status, TicketNumber
from tests.desks import receive
from tests.terminal import need_tmux
from tests.tui.apps import Screen, open_desk
from tests.tui.composing import ONE, answering, area, begun, inbox, outbox, write
from tests.tui.programs import edited_with, say_hello
from tui.keys import Context
from tui.screens.compose import ComposeScreen
from tui.screens.plans import MergeScreen

PASTES = (
    "what we want to say to them",
    "where is my order?",
    "yes please send the parcel",
    "yes",
    "you",
    "Yes, thank you.\rpay it",
    "please",
    "everything",
    "X marks the spot",
    "how are you",
    "E-mail us",
)
_DROPPED = "a pasted text was dropped"


@pytest.mark.parametrize("text", PASTES)
async def test_a_text_pasted_over_the_review_presses_none_of_its_keys(desk: Desk, text: str) -> None:
    receive(desk)
    async with answering(desk, "Hello Dana") as screen:
        await screen.press("escape")
        await screen.sees("y send")
        paste(screen, text)
        await screen.sees(_DROPPED, "e goes on writing", "y send")
        await screen.pilot.pause(0.1)
        assert isinstance(screen.app.screen, ComposeScreen)
        assert screen.app.screen.is_reviewing
        assert outbox(desk) == []
        assert area(screen).text == area(screen).text.replace(text, "")
        await screen.pilot.pause(0.6)
        await screen.press("w")
        await screen.until(lambda: len(outbox(desk)) == 1)


async def test_a_text_pasted_right_behind_the_escape_that_opens_the_review_presses_none_either(desk: Desk) -> None:
    receive(desk)
    async with answering(desk, "Hello Dana") as screen:
        screen.send("escape")
        paste(screen, PASTES[0])
        await screen.sees(_DROPPED, "y send")
        assert outbox(desk) == []


async def test_a_text_pasted_where_one_types_is_typed(desk: Desk) -> None:
    receive(desk)
    async with answering(desk, "") as screen:
        paste(screen, PASTES[0])
        await screen.until(lambda: area(screen).text.startswith(PASTES[0]))
        await screen.press("escape")
        await screen.press("e", "end")
        paste(screen, " yes please")
        await screen.until(lambda: "yes please" in area(screen).text)


async def test_a_text_pasted_over_what_a_merge_would_do_merges_nothing(desk: Desk) -> None:
    receive(desk, subject="First")
    receive(desk, subject="Second")
    async with inbox(desk) as screen:
        await screen.press(":")
        await screen.type("merge")
        await screen.press("enter")
        await screen.sees("with which ticket")
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, MergeScreen))
        await screen.pilot.pause()
        paste(screen, "x marks the spot\rquite so")
        await screen.pilot.pause(0.1)
        assert isinstance(screen.app.screen, MergeScreen)
        await screen.press("escape")
        await screen.at_the_list()
        assert {desk.ticket(ONE).status, desk.ticket(TicketNumber(2)).status} == {Status.OPEN}


def test_a_text_that_a_terminal_pastes_without_brackets_over_the_review_is_not_sent(tmp_path: Path) -> None:
    need_tmux()
    with edited_with(tmp_path, "true") as terminal:
        say_hello(terminal)
        for text in PASTES[:4]:
            terminal.press("Escape")
            terminal.wait_for("y send", gone=_DROPPED)
            terminal.paste(text)
            terminal.wait_for(_DROPPED, "y send")
            terminal.press("Escape")
            terminal.wait_for("Esc review")
            terminal.paste(" typed")
            terminal.wait_for("typed")
        with open_desk(tmp_path / "desk") as desk:
            assert desk.store.outbox.all() == []


_FIRST_LINE = "of what was pasted only the first line is here"
_WHERE_LETTERS_ACT = {
    "list": (),
    "reader": ("enter",),
    "customer": ("w",),
    "source": ("enter", "v", "r"),
    "sidebar": ("`",),
    "outbox": ("g", "o"),
    "parked": ("g", "p"),
    "stats": ("g", "s"),
    "shift": ("g", "h"),
    "review": ("r", "escape"),
}


@pytest.mark.parametrize("keys", _WHERE_LETTERS_ACT.values(), ids=_WHERE_LETTERS_ACT)
async def test_a_text_that_a_terminal_marks_as_pasted_is_dropped_and_told_too_where_letters_act(
    desk: Desk, keys: tuple[str, ...]
) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await go(screen, keys)
        assert _DROPPED not in screen.text
        screen.app.post_message(events.Paste("yes"))
        await screen.sees(_DROPPED)


async def test_a_marked_text_pasted_over_a_plan_or_over_the_tour_is_told(desk: Desk) -> None:
    receive(desk, subject="First")
    receive(desk, subject="Second")
    async with inbox(desk) as screen:
        await screen.press("=")
        await screen.sees("with which ticket")
        await screen.press("enter")
        await screen.sees("Enter merges")
        screen.app.post_message(events.Paste("x"))
        await screen.sees(_DROPPED)
        await screen.press("escape")
        await screen.at_the_list()
        screen.app.action_tour()
        await screen.sees("goes one ticket down")
        await screen.misses(_DROPPED)
        screen.app.post_message(events.Paste("jx"))
        await screen.sees(_DROPPED)


_WHERE_ONE_TYPES_A_LINE = {
    "filter": ("/",),
    "find": ("enter", "/"),
    "palette": (":",),
    "help": ("?",),
    "tags": ("t",),
    "snooze": ("b",),
    "promise": ("P",),
    "save view": ("g", "+"),
    "customer": ("w", "e"),
    "recipients": ("r", "escape", "c"),
    "attach": ("r", "escape", "a"),
}


@pytest.mark.parametrize("marked", [False, True])
@pytest.mark.parametrize("keys", _WHERE_ONE_TYPES_A_LINE.values(), ids=_WHERE_ONE_TYPES_A_LINE)
async def test_of_a_text_of_several_lines_the_first_stays_in_the_line_and_is_not_taken(
    desk: Desk, keys: tuple[str, ...], *, marked: bool
) -> None:
    number = receive(desk).number
    ticket = desk.ticket(number)
    async with inbox(desk) as screen:
        await go(screen, keys)
        await screen.until(lambda: isinstance(screen.app.focused, Input))
        field, top = screen.app.focused, screen.app.screen
        assert isinstance(field, Input)
        before = field.value
        if marked:
            screen.app.post_message(events.Paste("Dana\nHead of buying\nSofia"))
        else:
            paste(screen, "Dana\rHead of buying\rSofia")
        await screen.sees(_FIRST_LINE)
        assert (screen.app.focused, screen.app.screen, field.value) == (field, top, f"{before}Dana")
    assert not desk.store.profiles.of(["dana@corp.example"])
    now = desk.ticket(number)
    assert (now.status, now.tags, now.snoozed_until) == (ticket.status, ticket.tags, None)


async def test_a_pasted_signature_does_not_save_a_customer_until_enter_is_pressed(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("w", "e")
        await screen.until(lambda: isinstance(screen.app.focused, Input))
        paste(screen, " Petrova\rHead of buying\rSofia")
        await screen.sees(f"{_FIRST_LINE}: Enter takes it")
        await screen.pilot.pause(0.6)
        assert not desk.store.profiles.of(["dana@corp.example"])
        await screen.press("enter")
        await screen.until(lambda: bool(desk.store.profiles.of(["dana@corp.example"])))
    (profile,) = desk.store.profiles.of(["dana@corp.example"])
    assert "Petrova" in profile.name
    assert "Head" not in f"{profile.name}{profile.company}{profile.notes}"


async def test_lines_pasted_into_the_notes_on_a_customer_are_lines_of_them(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("w", "e")
        await screen.until(lambda: isinstance(screen.app.focused, Input))
        await screen.press("shift+tab")
        await screen.until(lambda: isinstance(screen.app.focused, TextArea))
        paste(screen, "Pays late\rCalls often\rLikes tea")
        notes = screen.app.focused
        assert isinstance(notes, TextArea)
        await screen.until(lambda: notes.text == "Pays late\nCalls often\nLikes tea")


async def test_a_key_that_is_held_down_acts_though_a_slow_line_brings_it_several_times_at_once(desk: Desk) -> None:
    numbers = [receive(desk, subject=f"Subject {at}").number for at in range(5)]
    async with inbox(desk) as screen:
        screen.send(*"eeee")
        await screen.until(lambda: sum(desk.ticket(each).status is Status.CLOSED for each in numbers) == 4)
        screen.send(*"uuuu")
        await screen.until(lambda: {desk.ticket(each).status for each in numbers} == {Status.OPEN})
        assert _DROPPED not in screen.text


async def test_an_answer_by_a_macro_that_a_slow_line_brings_at_once_is_sent(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        screen.send(",", "p")
        screen.app.post_message(events.Key("alt+shift+y", "Y"))  # Esc and Y, as the line tells them
        await screen.until(lambda: bool(outbox(desk)))
        await screen.until(lambda: desk.ticket(ONE).status is Status.CLOSED)


async def test_a_tab_within_a_text_pasted_as_keys_is_a_letter_of_it(desk: Desk) -> None:
    receive(desk)
    async with answering(desk, "") as screen:
        await screen.press("ctrl+home")
        paste(screen, "a\tb\rc\td\r")
        await screen.until(lambda: area(screen).text.startswith("a\tb\nc\td\n"))
        await screen.press("tab", "x")
        await screen.until(lambda: area(screen).text.startswith("a\tb\nc\td\nx"))


async def go(screen: Screen, keys: tuple[str, ...]) -> None:
    """Press keys, each once what the one before opens is there."""
    for at, key in enumerate(keys):
        if at == 0 and key == "r":
            await begun(screen, key)
            write(screen, "Hello")
        else:
            await screen.press(key)
        if key == "enter":
            await screen.until(lambda: screen.shown is not None and screen.app.here() is Context.READER)


def paste(screen: Screen, text: str) -> None:
    """Press what a terminal sends of a text that is pasted without brackets."""
    screen.send(*({" ": "space", "\r": "enter", "\t": "tab"}.get(character, character) for character in text))
