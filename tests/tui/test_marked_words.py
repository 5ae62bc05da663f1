"""Marks and words: a note and a macro without words act on all marked tickets, an answer on one, which is said."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from desk.desk import Desk
from desk.ticket import Status, TicketNumber
from tests.desks import receive
from tests.tui.apps import NARROW, WIDE, Screen
from tests.tui.composing import begun, drafts, ended, inbox, notes
from tests.tui.filling import several
from tests.tui.held_up import slow_writes
from tui.actions.deeds import AT_ONCE
from tui.screens.macro_picker import MacroPicker

QUIET = """---
name: Chase the courier
reply: none
do:
  - tag: [+late]
  - note: "Asked the courier for {{ ticket.number }}"
---
"""
LOUD = "---\nname: Thanks\n---\nThank you!\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (there := tmp_path / "own").mkdir()
    (there / "chase.md").write_text(QUIET.replace("reply: none", "reply: none\nkey: q"))
    (there / "thanks.md").write_text(LOUD)
    return there


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_one_note_is_left_on_all_marked_tickets_and_one_undo_takes_it_back(
    desk: Desk, size: tuple[int, int]
) -> None:
    numbers = [receive(desk, subject=f"Subject {each}").number for each in range(3)]
    async with inbox(desk, size=size) as screen:
        await screen.press("space", "space")
        await screen.sees("2 marked:", "n note")
        await begun(screen, "n")
        await screen.sees("on 2 tickets, only agents see it")
        await screen.type("Courier is on strike")
        await screen.press("escape")
        await screen.sees("y add note", "p keep draft")
        assert "hand over" not in screen.text  # which would do nothing there
        await screen.press("y")
        await ended(screen)
        await screen.sees("noted on 2 tickets")
        assert [notes(desk, number) for number in numbers] == [["Courier is on strike"]] * 2 + [[]]
        await screen.press("u")
        await screen.until(lambda: not any(notes(desk, number) for number in numbers))
        await screen.sees("on 2 tickets, only agents see it", "Courier is on strike")
        await screen.press("escape", "y")
        await ended(screen)
        assert all(notes(desk, number) for number in numbers[:2])
        assert drafts(desk) == []


async def test_a_macro_without_words_is_filled_in_for_each_marked_ticket(desk: Desk, folder: Path) -> None:
    numbers = [receive(desk, subject=f"Subject {each}").number for each in range(3)]
    async with inbox(desk, folder) as screen:
        await screen.press("space", "space", ",", "q")
        await screen.until(lambda: all(notes(desk, each) for each in numbers[:2]))
        await screen.sees("2 tickets: Chase the courier")
        assert [notes(desk, each)[0] for each in numbers[:2]] == [f"Asked the courier for {n}" for n in numbers[:2]]
        assert [desk.ticket(each).tags for each in numbers] == [("late",), ("late",), ()]
        await screen.press("u")
        await screen.until(lambda: not any(notes(desk, each) for each in numbers))
        assert [desk.ticket(each).tags for each in numbers] == [()] * 3


async def test_a_macro_with_words_is_refused_for_several_tickets_before_anything_is_asked(
    desk: Desk, folder: Path
) -> None:
    for each in range(3):
        receive(desk, subject=f"Subject {each}")
    async with inbox(desk, folder, WIDE) as screen:
        await screen.press("space", "space", "m")
        await screen.sees("Macros for 2 tickets", "Chase the courier")
        await screen.type("thanks")
        await screen.press("enter")
        await screen.sees("“Thanks” has words, so it is for one ticket, and 2 are marked")
        assert isinstance(screen.app.screen, MacroPicker)


async def test_an_answer_is_for_the_ticket_under_the_cursor_which_is_said_and_the_marks_stay(desk: Desk) -> None:
    for each in range(3):
        receive(desk, subject=f"Subject {each}")
    async with inbox(desk) as screen:
        await screen.press("space", "space", "r")
        await screen.sees("Subject 2", f"this is for {screen.cursor} alone; the marks stay")
        await screen.press("escape")
        await ended(screen)
        await screen.sees("2 marked:")


@pytest.mark.parametrize("keys", ["u", "gou"], ids=["in the list", "in the outbox"])
async def test_an_undo_while_many_are_being_closed_ends_that_and_takes_all_of_it_back(desk: Desk, keys: str) -> None:
    async with inbox(many(desk)) as screen:
        await screen.press("*")
        await screen.sees(f"{AT_ONCE + 5} marked:")
        with slow_writes(screen):
            await screen.press("e", *keys)
        await screen.sees("taken back")
        await written(screen)
        assert Status.CLOSED not in statuses(desk)


async def test_an_undo_of_something_else_lets_the_rest_of_many_be_closed(desk: Desk) -> None:
    async with inbox(many(desk)) as screen:
        await screen.press("*")
        await screen.sees(f"{AT_ONCE + 5} marked:")
        with slow_writes(screen):
            await screen.press("e", "g", "a")
            await screen.until(lambda: screen.cursor is not None)
            await screen.press("!", "u")
        await screen.sees(f"{AT_ONCE + 5} tickets: closed")
        assert set(statuses(desk)) == {Status.CLOSED}


def many(desk: Desk) -> Desk:
    """A desk with more tickets than are changed in one commit."""
    roomy = replace(desk, settings=replace(desk.settings, flood=0))
    with desk.store.transaction():
        several(roomy, AT_ONCE + 5)
    return roomy


def statuses(desk: Desk) -> list[Status]:
    numbers = [TicketNumber(each) for each in range(1, AT_ONCE + 6)]
    return [each.status for each in desk.store.tickets.many(numbers)]


async def written(screen: Screen) -> None:
    """Wait until nothing is left to be written: what a write asks for when it is done is asked for again."""
    for _ in range(3):
        done = Event()
        screen.app.act("wait", partial(_set, done))
        await screen.until(done.is_set)


def _set(done: Event, _: Desk) -> None:
    done.set()
