"""The keys of the whole screen: taking back, finding one's way, how it looks, going back and leaving."""

from __future__ import annotations

from desk.people import Handle
from tests.journeys.key_cases import Case, Finding, Step, case, misses, sees
from tests.journeys.key_desk import PLAIN, kept
from tests.tui.apps import Screen
from tui.keys import Context
from tui.keys.action import LIST, READER, SIDEBAR

_PLACES = LIST | READER | SIDEBAR
_ANA = Handle("ana")


def _wears(theme: str) -> Finding:
    return lambda screen: screen.app.theme == f"tandem-{theme}"


def _in(theme: str) -> Step:
    """Have another theme on."""

    async def wear(screen: Screen) -> None:
        screen.app.wear(theme)

    return wear


async def _took_it(screen: Screen) -> None:
    """Take the first ticket, and be in the same place again."""
    is_beside = screen.inbox.context is Context.SIDEBAR
    await screen.press(*(["`"] if is_beside else []), "i")
    await screen.until(lambda: screen.app.desk.ticket(PLAIN).assignee == _ANA)
    await screen.press(*(["`"] if is_beside else []))


async def _took_it_back(screen: Screen) -> None:
    await _took_it(screen)
    await screen.press("u")
    await screen.until(lambda: screen.app.desk.ticket(PLAIN).assignee is None)


def _is_left(screen: Screen) -> bool:
    return screen.app.has_ended


CASES: tuple[Case, ...] = (
    *case(_PLACES, "undo", kept(PLAIN, lambda it: it.assignee is None), before=_took_it),
    *case(_PLACES, "redo", kept(PLAIN, lambda it: it.assignee == _ANA), before=_took_it_back),
    *case(_PLACES, "palette", sees("  Command  ")),
    *case(LIST, "help", sees("Keys", "in the list")),
    *case(READER, "help", sees("Keys", "in the reader")),
    *case(SIDEBAR, "help", sees("Keys", "among the views at the left")),
    *case(_PLACES, "sync", sees("looking for mail")),
    *case(LIST | SIDEBAR, "filter", sees("words  from:  tag:")),
    *case(LIST, "tour", sees("Tour")),
    *case(_PLACES, "theme", _wears("light"), before=_in("dark")),
    *case(_PLACES, "theme-dark", _wears("dark"), before=_in("light")),
    *case(_PLACES, "theme-light", _wears("light"), before=_in("dark")),
    *case(_PLACES, "theme-contrast", _wears("contrast"), before=_in("dark")),
    *case(_PLACES, "theme-ansi", _wears("ansi"), before=_in("dark")),
    *case(LIST, "back", sees("leave Tandem? q again")),
    *case(LIST, "back", sees("is:open -is:snoozed"), before="g m"),
    *case(READER, "back", lambda screen: not screen.inbox.is_reading),
    *case(SIDEBAR, "back", misses("z  Snoozed")),
    *case(LIST, "cancel", lambda screen: not screen.inbox.tickets.marked, before="x"),
    *case(LIST, "cancel", sees("is:open -is:snoozed"), before="g m"),
    *case(READER, "cancel", lambda screen: not screen.inbox.is_reading),
    *case(SIDEBAR, "cancel", misses("z  Snoozed")),
)

LEAVING: tuple[Case, ...] = case(_PLACES, "quit", _is_left)
