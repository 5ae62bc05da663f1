"""What bars and hints say in words of their own is what the one table says that these keys do there."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
from textual.binding import Binding

import tui.screens
from desk.desk import Desk
from tests.desks import receive
from tests.tui.apps import Screen
from tests.tui.composing import begun, inbox, write
from tui.keys import ACTIONS, Action, Context, acting_in, shown
from tui.screens.pickers import Picker
from tui.widgets.bar_words import STRONG, key_line, marked_line
from tui.widgets.compose_keys import KEYS
from tui.widgets.keyed import keyed
from tui.widgets.review import CHOICES, TAKE_OVER, ReviewBar

_NAMED = re.compile(r"\{key_(\w+)\}")
_ELSEWHERE = {"discard"}
"""What a hint names for another place, and says so."""


def doing(key: str, place: Context) -> Action:
    """What a key does there."""
    [action] = [each for each in acting_in(place) if key in each.keys]
    return action


@pytest.mark.parametrize("choice", [*CHOICES, TAKE_OVER], ids=lambda each: each.action)
def test_the_review_calls_its_keys_as_help_does(choice: object) -> None:
    [found] = [each for each in (*CHOICES, TAKE_OVER) if each is choice]
    assert doing(found.key, Context.REVIEW).label == found.label


def test_the_line_below_a_text_calls_its_keys_as_help_does() -> None:
    assert [doing(key, Context.COMPOSER).label in (long, short) for key, long, short in KEYS] == [True] * len(KEYS)


def test_every_key_of_the_review_is_told_by_help() -> None:
    bound = {key for each in ReviewBar.BINDINGS if isinstance(each, Binding) for key in each.key.split(",")}
    assert bound
    told = {key for each in acting_in(Context.REVIEW) for key in each.keys}
    assert bound - told - set("23456789") == set()


def test_hints_name_only_keys_of_their_own_place() -> None:
    for module in pkgutil.iter_modules(tui.screens.__path__):
        importlib.import_module(f"tui.screens.{module.name}")
    pickers = _below(Picker)
    wrong = {
        (each.__name__, name)
        for each in pickers
        for name in _NAMED.findall(each.HINT)
        if name not in _ELSEWHERE | {action.id.replace("-", "_") for action in acting_in(each.PLACE)}
    }
    assert len(pickers) > 5
    assert wrong == set()


@pytest.mark.parametrize("place", sorted({each for action in ACTIONS if action.rank for each in action.contexts}))
def test_a_key_line_names_no_key_twice_and_each_as_help_does(place: Context) -> None:
    line = key_line(place, 2_000).plain
    named = [each for each in acting_in(place) if each.rank and each.keys]
    assert all(f" {each.shown_key} {each.title} " in line for each in named)
    keys = [each.shown_key for each in named]
    assert sorted(set(keys)) == sorted(keys)


def test_what_is_named_for_marked_tickets_acts_on_all_of_them() -> None:
    line = marked_line(Context.LIST, 2_000, 3).plain
    bulk = {shown(key.split(" ")[0]) for each in acting_in(Context.LIST) if each.bulk for key in each.keys[:1]}
    told = {part.split(" ")[0] for part in line.partition(": ")[2].strip().split(" · ")}
    assert told - {"Esc"} == bulk


async def _is_named(screen: Screen, *words: str) -> None:
    await screen.until(lambda: all(word in _last(screen) for word in words))


def _last(screen: Screen) -> str:
    return screen.text.rstrip().split("\n")[-1]


async def test_the_last_line_follows_to_where_keys_act(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk, size=(120, 30)) as screen:
        await _is_named(screen, "r reply", "? help")
        await screen.press("/")
        await _is_named(screen, "Enter keep", "Esc clear", "F1 help")
        await screen.press("escape", "x")
        await _is_named(screen, "1 marked", "Esc clears")
        await screen.press("escape", "`")
        await _is_named(screen, "Enter", "? help")
        await screen.press("`", "enter")
        await _is_named(screen, "q back", "? help")
        await screen.press("/")
        await _is_named(screen, "Enter go on", "F1 help")
        await screen.press("escape")
        await begun(screen, "r")
        await _is_named(screen, "Esc review", "F1 help")
        write(screen, "Hello")
        await screen.press("escape")
        await _is_named(screen, "? help")
        await screen.press("e")
        await _is_named(screen, "Esc review")


async def test_a_customer_without_another_ticket_has_no_key_that_opens_one(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("w")
        await _is_named(screen, "e edit", "y copy address")
        await screen.misses("Enter open")


def _below(kind: type[Any]) -> list[type[Picker[Any]]]:
    return [each for below in kind.__subclasses__() for each in (below, *_below(below))]


def test_a_sentence_of_keys_shows_them_as_the_last_line_does() -> None:
    told = keyed("{key_choose} takes it   {key_leave} leaves", Context.PICKER)
    strong = [told.plain[each.start : each.end] for each in told.spans if each.style == STRONG]
    assert told.plain == "Enter takes it   Esc leaves"
    assert strong == ["Enter", "Esc"]


async def test_where_one_mail_only_can_be_split_off_no_key_chooses_another(desk: Desk) -> None:
    receive(desk, message_id="<1@corp.example>", text="My printer is broken")
    receive(desk, message_id="<2@corp.example>", text="And the lamp", answers=("<1@corp.example>",), subject="Lamp")
    async with inbox(desk) as screen:
        await screen.press("enter", "%")
        await screen.sees("Enter splits   Esc leaves")


async def test_the_review_of_a_hand_over_names_only_what_can_be_done_with_it(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "N")
        write(screen, "Please call the bank")
        await screen.press("escape")
        await screen.sees("y hand over to bo", "X discard")
        composer, bar = screen.app.screen, screen.app.screen.query_one(ReviewBar)
        bound = {each.key: each.action for each in ReviewBar.BINDINGS if isinstance(each, Binding)}
        told = re.findall(r"(?:^| )(\S) [a-z]", bar.lines(80)[-1].plain)
        assert told == ["y", "e", "E", "p", "X", "?"]
        assert all(composer.check_action(bound[key].removeprefix("screen."), ()) for key in told[:-1])
        assert not composer.check_action("give", ())


async def test_what_enter_does_in_a_folder_is_told_as_it_is(desk: Desk, tmp_path: Path) -> None:
    receive(desk)
    (tmp_path / "there" / "folder").mkdir(parents=True)
    (tmp_path / "there" / "paper.txt").write_text("hello", "utf-8")
    async with inbox(desk) as screen:
        await begun(screen, "r")
        write(screen, "Hello")
        await screen.press("escape", "a")
        await screen.sees("Attach a file")
        await screen.type(f"{tmp_path}/there/")
        await screen.sees("folder", "paper.txt", "Enter goes into it")
        await screen.press("down")
        await screen.sees("Enter attaches")
