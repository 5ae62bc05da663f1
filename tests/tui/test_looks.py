"""How the screen looks under other settings: themes, no colours, plain signs, and sizes of all kinds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from threading import Event, Timer
from typing import cast

import pytest
from rich.segment import Segment

from desk.actions.note import add_note
from desk.desk import Desk, new_screen
from desk.errors import StoreUnreachable, TandemError
from desk.ports import Store, Watch
from macros.library import Library
from tests.desks import receive
from tests.tui.apps import WIDE, Screen, showing
from tests.tui.contrasts import contrast, least
from tests.tui.dressing import dressed
from tui.app import TandemApp
from tui.settings import ScreenSettings
from tui.style.theme import BY_WORD, PAINTED
from tui.threads.watch import watching
from tui.threads.workers import Rounds


def segments(screen: Screen) -> Iterator[Segment]:
    """Everything that is painted, after all filters."""
    for strip in screen.app.screen._compositor.render_strips():  # noqa: SLF001 - there is no public way to read the screen
        yield from strip


def look_around(desk: Desk) -> None:
    number = receive(desk, text="Hello\n\n> quoted\n> more\n> and more\n\nBest\n-- \nDana").number
    add_note(desk, number, "Bank says it is settled.")
    receive(desk, subject="Another one")


@pytest.mark.parametrize("theme", PAINTED, ids=lambda theme: theme.name)
async def test_every_painted_word_can_be_read_on_the_ground_that_it_stands_on(desk: Desk, theme: object) -> None:
    look_around(desk)
    chosen = next(each for each in PAINTED if each is theme)
    word = next(word for word, each in BY_WORD.items() if each is theme)
    async with dressed(desk, ScreenSettings(theme=word), WIDE) as screen:
        await screen.press("x", "enter")
        await screen.sees("Bank says")
        for keys in ((), ("escape", "n"), ("escape",)):
            await screen.press(*keys)
            await screen.pilot.pause()
            for text, style, _ in segments(screen):
                if not text.strip("·─│▏▎▁▂▃▄▅▆▇█ ") or style is None or style.color is None or style.bgcolor is None:
                    continue
                if style.color.triplet is None or style.bgcolor.triplet is None:
                    continue
                assert contrast(style.color.triplet.hex, style.bgcolor.triplet.hex) >= least(chosen), (
                    keys,
                    text,
                    style,
                )


async def test_without_colours_nothing_is_coloured_and_everything_is_still_told_apart(desk: Desk) -> None:
    look_around(desk)
    async with dressed(desk, ScreenSettings(colours=False), WIDE) as screen:
        for keys in ((), ("x",), ("enter",), ("?",), ("escape",), ("n",)):
            await screen.press(*keys)
            painted = [each.style for each in segments(screen) if each.style is not None]
            assert not [style for style in painted if style.color is not None or style.bgcolor is not None]
            assert not [style for style in painted if style.dim or style.italic]
            assert any(style.bold for style in painted)
            assert keys in {("enter",), ("escape",)} or any(style.reverse for style in painted), keys
        await screen.press("escape", "p")
        screen.app.action_theme("light")
        await screen.sees("NO_COLOR is set")


async def test_the_terminals_own_colours_are_sixteen_and_never_a_ground(desk: Desk) -> None:
    look_around(desk)
    async with dressed(desk, ScreenSettings(theme="ansi"), WIDE) as screen:
        await screen.press("x", "?")
        painted = [each.style for each in segments(screen) if each.style is not None]
        assert not [style for style in painted if style.bgcolor is not None]
        inks = {style.color.number for style in painted if style.color is not None}
        assert inks <= {1, 5}
        assert any(style.reverse for style in painted)


async def test_plain_signs_leave_only_letters_and_ascii(desk: Desk) -> None:
    look_around(desk)
    receive(desk, subject="Заказ 88213")
    async with dressed(desk, ScreenSettings(ascii=True), WIDE) as screen:
        await screen.press("k", "k", "enter")
        await screen.sees("Заказ")
        for keys in ((), ("?",), ("escape", ":"), ("escape", "n")):
            await screen.press(*keys)
            odd = {letter for each in segments(screen) for letter in each.text if not letter.isascii()}
            assert not {letter for letter in odd if not letter.isalpha()}


async def test_a_theme_that_was_chosen_is_remembered_until_the_settings_change(desk: Desk) -> None:
    receive(desk)
    async with dressed(desk, ScreenSettings()) as screen:
        await screen.press(":")
        await screen.type("high contrast")
        await screen.sees("theme: high contrast")
        await screen.press("enter")
        await screen.until(lambda: screen.app.theme == "tandem-contrast")
    async with dressed(desk, ScreenSettings()) as screen:
        assert screen.app.theme == "tandem-contrast"
    async with dressed(desk, ScreenSettings(is_theme_for_once=True)) as screen:
        assert screen.app.theme == "tandem-dark"
    async with dressed(desk, ScreenSettings(theme="light")) as screen:
        assert screen.app.theme == "tandem-light"


async def test_a_theme_that_was_chosen_right_before_the_end_is_remembered(desk: Desk) -> None:
    receive(desk)
    async with dressed(desk, ScreenSettings()) as screen:
        answers = Event()
        screen.app.look("slow", lambda _: answers.wait(60.0), lambda _: None)
        screen.app.action_theme("light")
        Timer(0.2, answers.set).start()
    async with dressed(desk, ScreenSettings()) as screen:
        assert screen.app.theme == "tandem-light"


@pytest.mark.parametrize("width", [12, 25, 39])
async def test_a_tiny_terminal_asks_for_more_room_and_no_key_acts(desk: Desk, width: int) -> None:
    number = receive(desk).number
    async with showing(desk) as screen:
        await screen.pilot.resize_terminal(width, 4)
        await screen.until(lambda: "Inbox" not in screen.text)
        assert screen.text.split() == ["make", "me", "a", "little", "bigger"]
        await screen.press("e", "q", "q", "x", "?")
        await screen.pilot.resize_terminal(80, 24)
        await screen.sees("Inbox 1", "? help")
        assert desk.ticket(number).status == "open"
        assert not screen.inbox.tickets.marked


@pytest.mark.parametrize("over", ["", "r", "?", "g"])
async def test_a_storm_of_sizes_ends_well_wherever_it_comes(desk: Desk, over: str) -> None:
    look_around(desk)
    chance = random.Random(7)
    async with showing(desk) as screen:
        if over:
            await screen.press(over)
        stack = [type(each) for each in screen.app.screen_stack]
        for _ in range(8):
            size = chance.choice([(12, 4), (300, 80), (40, 10), (39, 10), (40, 9), (80, 24), (100, 30), (1, 1)])
            await screen.pilot.resize_terminal(*size)
        await screen.pilot.resize_terminal(100, 30)
        await screen.until(lambda: [type(each) for each in screen.app.screen_stack] == stack)
        await screen.press("escape", "escape")
        await screen.until(lambda: bool(screen.text.strip()))


@pytest.mark.parametrize(
    "size", [(40, 10), (80, 24), (100, 30), (160, 50), (300, 80)], ids=lambda size: "x".join(map(str, size))
)
async def test_help_stands_at_the_right_end_of_every_size(desk: Desk, size: tuple[int, int]) -> None:
    look_around(desk)
    async with showing(desk, size) as screen:
        await screen.sees("? help")
        assert screen.text.splitlines()[-1].rstrip().endswith("? help")
        assert all(len(line) <= size[0] for line in screen.text.splitlines())


class _Falling:
    """A store that cannot be read for a while."""

    def __init__(self) -> None:
        self.is_there = True

    def watch(self) -> Watch:
        return self

    def poll(self) -> frozenset[tuple[str, int]]:
        if not self.is_there:
            raise StoreUnreachable("the disk does not answer", "look after the network drive")
        return frozenset()

    def rest(self) -> None:
        pass


def test_a_store_that_cannot_be_read_is_told_and_that_it_can_again() -> None:
    store, told = _Falling(), list[TandemError | None]()
    rounds: Rounds = watching(_as_store(store), lambda _: None, tell_lost=told.append)
    store.is_there = False
    rounds.start()
    try:
        while not told:
            rounds.hurry()
        assert isinstance(told[0], StoreUnreachable)
        store.is_there = True
        while told[-1] is not None:
            rounds.hurry()
    finally:
        rounds.stop()
        rounds.join(60.0)


def _as_store(falling: object) -> Store:
    return cast("Store", falling)


async def test_a_lost_store_stands_on_the_status_line_with_what_to_do_until_it_is_back(desk: Desk) -> None:
    receive(desk)
    async with showing(desk, WIDE) as screen:
        screen.app.tell_lost(StoreUnreachable("the desk's disk does not answer", "look after the network drive"))
        await screen.sees("the desk's disk does not answer (look after the network drive); it is tried again")
        screen.app.tell_lost(None)
        await screen.misses("does not answer")


async def test_the_wheel_scrolls_and_a_click_only_moves_the_cursor(desk: Desk) -> None:
    numbers = [receive(desk, subject=f"Mail {at}").number for at in range(40)]
    app = TandemApp(replace(desk, screen=new_screen()), Library(None), settings=ScreenSettings(mouse=True))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = Screen(app, pilot)
        await screen.until(lambda: len(screen.inbox.tickets.numbers) == len(numbers))
        first = screen.cursor
        await pilot.click("TicketList", offset=(10, 5))
        await screen.until(lambda: screen.cursor != first)
        clicked = screen.cursor
        await pilot.click("StatusLine")
        await pilot.click("KeyLine", offset=(5, 0))
        await pilot.click("TopLine", offset=(5, 0))
        await screen.pilot.pause()
        assert screen.cursor == clicked
        assert screen.app.screen is screen.inbox
    assert not [number for number in numbers if desk.ticket(number).status != "open"]
