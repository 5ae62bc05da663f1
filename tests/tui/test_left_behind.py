"""What reaches a screen that was left, or is not on top, comes to nothing; a defect is said, and the screen goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size
from textual.screen import Screen as TextualScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from desk.desk import Desk
from desk.draft import DraftKind
from desk.errors import RefusedError
from tests.desks import receive
from tests.tui.apps import NARROW, WIDE, Screen
from tests.tui.composing import begun, inbox
from tui.keys import Context
from tui.reader.opened import OpenTicket
from tui.screens.compose import ComposeScreen
from tui.screens.help import HelpScreen
from tui.screens.inbox import InboxScreen
from tui.screens.macro_picker import MacroPicker

_GONE = "#gone"


class Sheet(TextualScreen[int]):
    """A screen that asks for a part of itself."""

    def compose(self) -> ComposeResult:
        yield Static("a sheet", id="gone")

    def action_ask(self, part: str = _GONE) -> None:
        self.query_one(part)

    async def ask_later(self, part: str = _GONE) -> None:
        await asyncio.sleep(0)
        self.query_one(part)


class Slow(Vertical):
    """A part that is not put together before it may finish."""

    def __init__(self, *parts: Widget) -> None:
        super().__init__(*parts)
        self.finish = asyncio.Event()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Compose):
            await self.finish.wait()
        await super().on_event(event)


class Rising(Sheet):
    """A screen whose part is put together late."""

    def compose(self) -> ComposeResult:
        with Slow():
            yield Static("a sheet", id="gone")


class Hasty(Sheet):
    """One that asks as soon as it is there."""

    def on_mount(self) -> None:
        self.action_ask()


class Unfit(Sheet):
    """One that cannot be put together."""

    def compose(self) -> ComposeResult:
        raise ZeroDivisionError


class Lame(Sheet):
    """One that cannot be shown."""

    def on_mount(self) -> None:
        self.action_ask("#never")


Way = Callable[[Screen, Sheet, str], Awaitable[object]]


async def by_an_action(screen: Screen, sheet: Sheet, part: str) -> None:
    screen.app.call_later(screen.app.run_action, ("", "ask", (part,)), sheet)


async def by_a_callback(screen: Screen, sheet: Sheet, part: str) -> None:
    screen.app.call_later(sheet.action_ask, part)


async def by_a_change(screen: Screen, sheet: Sheet, part: str) -> None:
    screen.inbox.call_next(sheet.action_ask, part)


async def by_a_timer(screen: Screen, sheet: Sheet, part: str) -> None:
    screen.app.set_timer(0.001, lambda: sheet.action_ask(part))


async def by_a_worker(screen: Screen, sheet: Sheet, part: str) -> None:
    screen.app.run_worker(sheet.ask_later(part))


WAYS: tuple[Way, ...] = (by_an_action, by_a_callback, by_a_change, by_a_timer, by_a_worker)


@asynccontextmanager
async def showing_nothing_wrong(screen: Screen) -> AsyncGenerator[None]:
    """Whatever happens here, nothing is said, and the application goes on."""
    yield
    await screen.press("?")
    await screen.until(lambda: isinstance(screen.app.screen, HelpScreen))
    await screen.press("escape")
    assert "went wrong" not in screen.text
    assert screen.app.broken is None


@pytest.fixture
def one(desk: Desk) -> Desk:
    receive(desk)
    return desk


@pytest.mark.parametrize("ask", WAYS, ids=lambda way: way.__name__)
async def test_what_reaches_a_screen_that_was_left_comes_to_nothing(one: Desk, ask: Way) -> None:
    async with inbox(one) as screen:
        sheet = Sheet()
        await screen.app.push_screen(sheet)
        screen.app.pop_screen()
        await screen.until(lambda: not sheet.query(_GONE))
        async with showing_nothing_wrong(screen):
            await ask(screen, sheet, _GONE)


@pytest.mark.breaks
@pytest.mark.parametrize("ask", WAYS, ids=lambda way: way.__name__)
async def test_the_same_is_a_defect_on_a_screen_that_stands(
    one: Desk, ask: Way, caplog: pytest.LogCaptureFixture
) -> None:
    async with inbox(one) as screen:
        sheet = Sheet()
        await screen.app.push_screen(sheet)
        await ask(screen, sheet, "#never")
        await screen.until(lambda: "went wrong: NoMatches; nothing you wrote is lost" in screen.app.said.text)
        screen.app.pop_screen()
        await screen.at_the_list()
        await screen.press("?")
        await screen.until(lambda: isinstance(screen.app.screen, HelpScreen))
    assert [each.getMessage() for each in caplog.records if each.exc_info] == ["the screen stumbled"]


async def test_what_reaches_a_screen_before_its_parts_are_there_comes_to_nothing(one: Desk) -> None:
    async with inbox(one) as screen, showing_nothing_wrong(screen):
        sheet = Rising()
        standing = screen.app.push_screen(sheet)
        await wait_without_pilot(lambda: bool(sheet.query(Slow)))
        assert not sheet.query(_GONE)
        asking = screen.app.run_worker(sheet.ask_later())
        await wait_without_pilot(lambda: asking.is_finished)
        sheet.query_one(Slow).finish.set()
        await standing
        assert sheet.query(_GONE)
        screen.app.pop_screen()


async def test_a_screen_left_before_it_stands_goes_without_a_word(one: Desk) -> None:
    async with inbox(one) as screen, showing_nothing_wrong(screen):
        screen.app.push_screen(Hasty())
        screen.app.pop_screen()


async def test_a_composer_left_before_it_stands_goes_without_a_word(one: Desk) -> None:
    async with inbox(one) as screen, showing_nothing_wrong(screen):
        left: list[TextualScreen[object]] = []

        def write_and_leave() -> None:
            screen.inbox.on_ticket(write)

        def write(opened: OpenTicket) -> None:
            screen.inbox.write(opened, DraftKind.REPLY)
            left.append(screen.app.screen)
            screen.app.pop_screen()

        screen.app.call_later(write_and_leave)
        await screen.until(lambda: bool(left))
        assert isinstance(left[0], ComposeScreen)


@pytest.mark.breaks
@pytest.mark.parametrize("kind", [Unfit, Lame])
async def test_a_screen_that_cannot_be_put_together_is_taken_away(one: Desk, kind: type[Sheet]) -> None:
    async with inbox(one) as screen:
        screen.app.push_screen(kind())
        await screen.at_the_list()
        await screen.sees("something went wrong")
        await screen.press("?")
        await screen.until(lambda: isinstance(screen.app.screen, HelpScreen))


@pytest.mark.breaks
async def test_who_waits_for_a_screen_that_cannot_be_put_together_hears_nothing(one: Desk) -> None:
    given: list[int | None] = []
    async with inbox(one) as screen:

        async def ask() -> None:
            given.append(await screen.app.push_screen_wait(Unfit()))

        asking = screen.inbox.run_worker(ask())
        await screen.until(lambda: asking.is_finished)
        assert given == [None]
        await screen.at_the_list()


@pytest.mark.breaks
async def test_what_is_to_be_done_behind_something_that_breaks_is_done(one: Desk) -> None:
    def breaks() -> None:
        raise ZeroDivisionError

    async def is_cancelled() -> None:
        raise asyncio.CancelledError

    done: list[str] = []
    async with inbox(one) as screen:
        later = {
            "app": screen.app.call_next,
            "screen": screen.inbox.call_next,
            "frame": screen.inbox.call_after_refresh,
        }
        for name, call in later.items():
            for each in (breaks, is_cancelled, partial(done.append, name)):
                call(each)
        await screen.until(lambda: sorted(done) == sorted(later))


async def test_a_size_that_the_terminal_had_before_changes_a_screen_no_more(one: Desk) -> None:
    async with inbox(one, size=WIDE) as screen:
        await screen.pilot.resize_terminal(*NARROW)
        await screen.until(lambda: screen.inbox.size == Size(*NARROW))
        screen.inbox.post_message(events.Resize(Size(*WIDE), Size(*WIDE)))
        await screen.pilot.pause()
        assert screen.inbox.has_class("-narrow")
        assert screen.inbox.size == Size(*NARROW)
        await screen.pilot.resize_terminal(*WIDE)
        await screen.until(lambda: screen.inbox.size == Size(*WIDE) and screen.inbox.has_class("-wide"))


async def test_a_refusal_that_nobody_took_is_said(one: Desk) -> None:
    def refuse() -> None:
        raise RefusedError("it cannot be", "do something else")

    async with inbox(one) as screen:
        for _ in range(150):  # as of a key that is held down
            screen.inbox.call_later(refuse)
        await screen.sees("it cannot be (do something else)")
        await screen.press("?")
        await screen.until(lambda: isinstance(screen.app.screen, HelpScreen))


async def test_a_screen_that_is_left_takes_none_that_lies_over_it_and_goes_after_it(one: Desk) -> None:
    given: list[int | None] = []
    async with inbox(one) as screen:
        below, above = Sheet(), HelpScreen(Context.LIST)
        await screen.app.push_screen(below, given.append)
        await screen.app.push_screen(above)
        below.dismiss(1)
        below.dismiss(2)
        await screen.pilot.pause()
        assert screen.app.screen is above
        assert given == []
        above.dismiss(None)
        await screen.at_the_list()
        assert given == [2]


async def test_a_screen_that_was_left_is_not_left_again(one: Desk) -> None:
    given: list[int | None] = []
    async with inbox(one) as screen:
        below, sheet = Sheet(), Sheet()
        await screen.app.push_screen(below)
        await screen.app.push_screen(sheet, given.append)
        sheet.dismiss(1)
        sheet.dismiss(2)
        await screen.until(lambda: not sheet.is_running)
        assert screen.app.screen is below
        assert given == [1]


async def test_enter_and_a_page_key_that_reach_a_picker_as_it_closes_leave_the_text_below_it(
    one: Desk, macros: Path
) -> None:
    async with inbox(one, macros) as screen, showing_nothing_wrong(screen):
        await begun(screen, "r")
        composer = screen.app.screen
        await screen.press("ctrl+t")
        picker = await picking(screen)
        field = picker.query_one(Input)
        picker.dismiss(None)
        field.post_message(Input.Submitted(field, ""))
        screen.app.call_later(screen.app.run_action, ("", "read_on", (1,)), picker)
        await screen.until(lambda: not picker.is_running)
        screen.app.call_later(screen.app.run_action, ("", "read_on", (1,)), picker)
        await screen.pilot.pause()
        assert screen.app.screen is composer
        await screen.press("escape", "q")
        await screen.at_the_list()


@pytest.mark.parametrize("slug", ["plain", "asks"])
async def test_a_macro_that_is_chosen_as_its_picker_is_left_neither_asks_nor_leaves_another_screen(
    one: Desk, macros: Path, slug: str
) -> None:
    async with inbox(one, macros) as screen, showing_nothing_wrong(screen):
        await screen.press("m")
        picker = await picking(screen)
        await screen.type({"plain": "plain answer", "asks": "asking"}[slug])
        await screen.until(lambda: picker.chosen == slug)
        picker.choose()
        picker.dismiss(None)
        await screen.until(lambda: not picker.is_running)
        assert isinstance(screen.app.screen, InboxScreen)


async def test_what_waits_for_something_that_is_cancelled_does_not_end_the_screen(one: Desk) -> None:
    async with inbox(one) as screen, showing_nothing_wrong(screen):
        sheet = Sheet()
        await screen.app.push_screen(sheet)

        async def wait_for_one_that_is_cancelled() -> None:
            ended = asyncio.create_task(asyncio.sleep(60))
            asyncio.get_running_loop().call_soon(ended.cancel)
            await ended

        for node in (screen.app, sheet):
            node.call_next(wait_for_one_that_is_cancelled)
            node.call_later(wait_for_one_that_is_cancelled)
        await screen.pilot.pause()
        assert sheet.is_running
        screen.app.pop_screen()


class Form(TextualScreen[None]):
    """A field, and what was submitted of it."""

    AUTO_FOCUS = "Input"

    def __init__(self) -> None:
        super().__init__()
        self.submitted: list[str] = []

    def compose(self) -> ComposeResult:
        yield Input("typed")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.submitted.append(event.value)


@pytest.mark.parametrize("is_left", [False, True], ids=["standing", "left"])
async def test_enter_submits_a_field_unless_its_screen_was_left_meanwhile(one: Desk, *, is_left: bool) -> None:
    async with inbox(one) as screen:
        form, busy = Form(), asyncio.Event()
        await screen.app.push_screen(form)
        await screen.until(lambda: isinstance(form.focused, Input))
        form.query_one(Input).call_later(busy.wait)
        screen.send("enter")
        await wait_without_pilot(screen.app.is_settling)  # it would wait for the field, which is busy
        if is_left:
            screen.app.pop_screen()
        busy.set()
        await screen.until(lambda: not form.is_running if is_left else bool(form.submitted))
        assert form.submitted == ([] if is_left else ["typed"])


async def wait_without_pilot(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(3000):
        if holds():
            return
        await asyncio.sleep(0.01)


async def picking(screen: Screen) -> MacroPicker:
    """The picker of macros, once it offers some."""
    await screen.until(lambda: isinstance(screen.app.screen, MacroPicker) and "With gap" in screen.text)
    picker = screen.app.screen
    assert isinstance(picker, MacroPicker)
    return picker
