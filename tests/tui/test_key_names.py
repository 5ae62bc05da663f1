"""Keys in sentences, bars and the sidebar: with another keymap none of them names a key that does nothing any more."""

from __future__ import annotations

import re

import pytest

from desk.actions.status import set_status
from desk.desk import Desk
from desk.ticket import Status
from tests.desks import receive
from tests.messages import template
from tests.tui.apps import Screen
from tests.tui.composing import begun, write
from tests.tui.dressing import dressed, rebound
from tui.keys import ACTIONS, Context, use
from tui.keys.keymap import Rebinding, keymap
from tui.keys.naming import instead_of, key_of, presses, with_keys
from tui.settings import ScreenSettings

_PLACE = re.compile(r"\{key_(\w+)\}")
_ACTS = (
    "takes|puts|tells|says|shows|keeps|opens|goes|writes|does|leaves|closes|marks|brings|sends|adds|throws|again|now"
)
_NAMED = re.compile(
    rf"(?:ctrl\+|\^)[a-z]\b|(?:^|[ (:;])(?:[A-Za-z!?/]|[gvasyz] [a-z@]) (?:{_ACTS})\b|\b(?:Enter|Esc|Tab|PgDn|PgUp|F1) "
)
"""A key, and what it does, as sentences say it."""


def english() -> list[str]:
    """Every sentence of the screen."""
    forms = [
        each.id if isinstance(each.id, tuple | list) else (each.id,) for each in template() if each.context is None
    ]
    return [str(form) for each in forms for form in each]


def test_no_sentence_names_a_key_that_the_keymap_may_change() -> None:
    assert [each for each in english() if _NAMED.search(each)] == []


def test_every_key_that_a_sentence_asks_for_is_that_of_an_action() -> None:
    known = {each.id.replace("-", "_") for each in ACTIONS}
    asked = {name for each in english() for name in _PLACE.findall(each)}
    assert asked
    assert asked - known == set()


def test_a_sentence_takes_the_quickest_key_and_that_of_its_place() -> None:
    assert with_keys("{key_undo} takes {what} back", what="it") == "u takes it back"
    assert key_of("status-spam") == "!"
    use(keymap([Rebinding("undo", ("f6",)), Rebinding("save", ("f7",), "customer_form")]))
    assert with_keys("{key_undo}, {key_save}", Context.CUSTOMER_FORM) == "F6, F7"
    assert with_keys("{key_save}", Context.COMPOSER) == "^s"
    assert presses("undo") == {"f6"}


def test_an_action_without_a_key_is_named_as_the_palette_finds_it() -> None:
    use(keymap([Rebinding("undo", ())]))
    assert with_keys("{key_undo} takes it back") == ": undo takes it back"
    assert instead_of("u", Context.LIST) == ""


def test_a_brace_may_be_a_key() -> None:
    use(keymap([Rebinding("undo", ("{",))]))
    assert with_keys("{key_undo} takes {what} back", what="{it}") == "{ takes {it} back"


@pytest.fixture
def changed() -> ScreenSettings:
    return rebound(
        ("undo", "f6"), ("close", "f7"), ("back", "f8"), ("view-waiting", "f9"), ("send", "f10"), ("tag", "f2"),
        ("insert-macro", "f11"),
    )  # fmt: skip


async def test_the_list_its_sidebar_and_what_is_said_name_the_keys_as_they_are(
    desk: Desk, changed: ScreenSettings
) -> None:
    receive(desk)
    set_status(desk, receive(desk).number, Status.WAITING)
    async with dressed(desk, changed) as screen:
        await screen.press("f7")
        await screen.sees("1: closed, F6 takes it back", "F9 shows what waits for customers")
        await screen.press("`")
        await screen.sees("F9 Waiting")
        await screen.press("`", "f8")
        await screen.sees("leave Tandem? F8 again")
        await screen.press("f8")
        await screen.until(lambda: not screen.app.is_running)


async def test_the_composer_and_its_review_name_the_keys_as_they_are(desk: Desk, changed: ScreenSettings) -> None:
    receive(desk)
    async with dressed(desk, changed) as screen:
        await screen.until(lambda: screen.cursor is not None)
        await begun(screen, "r")
        await screen.sees("F11 macro")
        write(screen, "Good day")
        await screen.press("escape")
        await screen.sees("F10 send")
        assert " y send" not in screen.text


async def test_what_is_refused_names_the_keys_as_they_are(desk: Desk, changed: ScreenSettings) -> None:
    set_status(desk, receive(desk).number, Status.OPEN)
    async with dressed(desk, changed) as screen:
        await said(screen, "T", "F2 does")
        screen.app.fall_silent()
        await said(screen, "d", "F7 closes; both are taken back with F6")


async def said(screen: Screen, key: str, words: str) -> None:
    await screen.until(lambda: screen.cursor is not None)
    await screen.press(key)
    await screen.sees(words)
