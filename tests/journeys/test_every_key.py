"""Every key of the list, the reader and the views at the left does what its help says, and one `u` takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.actions.save_view import saved_views
from desk.conversation import Message, Note
from desk.desk import Desk
from desk.ticket import TicketNumber
from tests.journeys import keys_of_moving, keys_of_reading, keys_of_the_screen, keys_of_tickets, keys_of_views
from tests.journeys.key_cases import Case, play, without_case
from tests.journeys.key_desk import LAST, PLAIN, Background, at, key_desk
from tests.journeys.key_places import written
from tests.journeys.test_keys_on_the_wire import ON_A_TERMINAL
from tests.tui.apps import Screen, showing
from tui.keys import Context
from tui.screens.inbox import InboxScreen

_HERE = (Context.LIST, Context.READER, Context.SIDEBAR)
_SIZE = (140, 24)
_CASES = {
    "writing": keys_of_tickets.WRITING,
    "treating": keys_of_tickets.TREATING,
    "relating": keys_of_tickets.RELATING,
    "listing": keys_of_moving.LISTING,
    "between": keys_of_moving.BETWEEN,
    "moving-in-the-reader": keys_of_moving.READING,
    "reading": keys_of_reading.CASES,
    "going": keys_of_views.GOING,
    "ordering": keys_of_views.ORDERING,
    "beside": keys_of_views.BESIDE,
    "screen": keys_of_the_screen.CASES,
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with key_desk(tmp_path / "desk") as desk:
        yield desk


def standing(desk: Desk) -> list[object]:
    """What customers and colleagues would notice if it changed."""
    numbers = [TicketNumber(number) for number in range(1, LAST + 3)]
    tickets = [
        (
            each.number,
            each.status,
            each.assignee,
            each.tags,
            each.priority,
            each.snoozed_until,
            each.related,
            each.resembles,
            each.customer,
        )
        for each in desk.store.tickets.many(numbers)
    ]
    said = [
        (each.ticket, type(each), each.text if isinstance(each, Message) else each.note)
        for number in numbers
        for each in desk.store.conversations.of(number)
        if isinstance(each, Message | Note)
    ]
    return [tickets, said, list(desk.store.drafts.shared()), list(saved_views(desk))]


class Trying:
    """Goes from case to case, and takes back with one `u` what the key of the last one did."""

    def __init__(self, screen: Screen, context: Context) -> None:
        self._desk, self._context = screen.app.desk, context
        self._first = self._before = standing(self._desk)
        self._asked, self._rows = screen.inbox.asked, tuple(screen.inbox.tickets.numbers)

    async def ready(self, screen: Screen) -> None:
        """Remember how everything is before the key."""
        await written(screen)
        self._before = standing(self._desk)

    async def arrive(self, screen: Screen) -> None:
        """Be where the key is to be pressed, all as in the beginning."""
        await self._be_in_the_list(screen)
        if standing(self._desk) not in (self._first, self._before):
            await self._undo(screen)
            assert standing(self._desk) in (self._first, self._before), "one u did not take it back"
        while standing(self._desk) != self._first:
            await self._undo(screen)
        await self._be_in_the_list(screen)
        await screen.until(lambda: tuple(screen.inbox.tickets.numbers) == self._rows)
        await at(PLAIN)(screen)
        if self._context is not Context.LIST:
            await screen.press("enter" if self._context is Context.READER else "`")
            await screen.until(lambda: screen.inbox.context is self._context)
        screen.app.fall_silent()

    async def _undo(self, screen: Screen) -> None:
        await screen.press("u")
        await written(screen)

    async def _be_in_the_list(self, screen: Screen) -> None:
        await written(screen)
        while not isinstance(screen.app.screen, InboxScreen):
            await screen.app.pop_screen()
        while keys := self._back(screen):
            await screen.press(*keys.split())

    def _back(self, screen: Screen) -> str:
        """The keys that lead a step nearer to the list as it was; none there."""
        inbox = screen.inbox
        if inbox.context is not Context.LIST or inbox.tickets.marked or inbox.asked.query != self._asked.query:
            return "escape"
        if inbox.asked.words or inbox.query("Tour"):
            return "escape"
        if inbox.has_sidebar:
            return "`"
        if not inbox.is_wide:
            return "+"
        return "" if inbox.asked == self._asked else "S w"


def _together() -> list[tuple[Context, str]]:
    """Which cases are played in one opened screen."""
    return [
        (context, subject)
        for subject, cases in _CASES.items()
        for context in _HERE
        if context in {each.context for each in cases}
    ]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("context", "subject"), _together(), ids=[f"{context}-{subject}" for context, subject in _together()]
)
async def test_each_key_does_what_its_help_says_and_one_undo_takes_it_back(
    desk: Desk, context: Context, subject: str
) -> None:
    cases = [each for each in _CASES[subject] if each.context is context]
    async with showing(desk, _SIZE, background=Background()) as screen:
        await screen.until(lambda: screen.cursor == PLAIN)
        trying = Trying(screen, context)
        await play(screen, cases, trying.arrive, trying.ready)


@pytest.mark.parametrize("leaving", keys_of_the_screen.LEAVING, ids=lambda each: each.context.value)
async def test_one_key_leaves_from_everywhere(desk: Desk, leaving: Case) -> None:
    async with showing(desk, _SIZE) as screen:
        await screen.until(lambda: screen.cursor == PLAIN)
        await play(screen, [leaving], Trying(screen, leaving.context).arrive)


def test_every_action_has_a_case_and_every_case_an_action() -> None:
    cases = [*keys_of_the_screen.LEAVING, *(each for cases in _CASES.values() for each in cases)]
    assert without_case(_HERE, cases) == set(ON_A_TERMINAL)
