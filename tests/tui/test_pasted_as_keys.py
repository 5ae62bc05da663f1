"""A text pasted without brackets arrives as keys: none of it acts, wherever letters do."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.desk import Desk
from desk.ticket import Status, TicketNumber
from tests.desks import receive
from tests.terminal import need_tmux
from tests.tui.apps import Screen, open_desk
from tests.tui.composing import ONE, answering, area, inbox, outbox
from tests.tui.programs import edited_with, say_hello
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
        await screen.sees(_DROPPED, "y send")
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


def paste(screen: Screen, text: str) -> None:
    """Press what a terminal sends of a text that is pasted without brackets."""
    screen.send(*({" ": "space", "\r": "enter"}.get(character, character) for character in text))
