"""The keys that lead from view to view, order and keep them, and those of the views at the left."""

from __future__ import annotations

from desk.actions.save_view import saved_views
from tests.journeys.key_cases import Case, Finding, Step, case, misses, sees
from tests.journeys.key_desk import (
    ASLEEP,
    CALLED,
    CLOSED,
    DRAFTED,
    LAST,
    LINKED,
    MINE,
    PLAIN,
    SPAM,
    WAITING,
    lists,
    shows,
)
from tests.tui.apps import Screen
from tui.keys import Context
from tui.keys.action import LIST, READER, SIDEBAR

_PLACES = LIST | READER | SIDEBAR
_SIDEBAR = "z  Snoozed"


def _chosen(name: str) -> Finding:
    return lambda screen: screen.inbox.sidebar.chosen == name


def _lists_everything(screen: Screen) -> bool:
    return len(screen.inbox.tickets.numbers) == LAST


def _forgotten(screen: Screen) -> bool:
    return not saved_views(screen.app.desk)


async def _elsewhere(screen: Screen) -> None:
    """Show another view, and let the keys act in the same place again."""
    context = screen.inbox.context
    await screen.press("g", "w")
    await screen.until(lambda: lists(WAITING, but=PLAIN)(screen))
    await screen.press(*{Context.READER: ["enter"], Context.SIDEBAR: ["`", "`"]}.get(context or Context.LIST, []))
    await screen.until(lambda: screen.inbox.context is context)


def _up_to_the_inbox(*keys: str) -> Step:
    """Have the cursor of the views on the first of them; then press more keys."""

    async def go(screen: Screen) -> None:
        while screen.inbox.sidebar.chosen != "inbox":
            await screen.press("k")
        await screen.press(*keys)

    return go


def _at_a_saved_view(screen: Screen) -> bool:
    return screen.inbox.sidebar.chosen.startswith("saved:")


async def _to_the_saved_view(screen: Screen) -> None:
    while not _at_a_saved_view(screen):
        await screen.press("j")


GOING: tuple[Case, ...] = (
    *case(_PLACES, "view-inbox", lists(PLAIN, but=WAITING), before=_elsewhere),
    *case(_PLACES, "view-mine", lists(MINE, but=PLAIN)),
    *case(_PLACES, "view-new", lists(PLAIN, but=MINE)),
    *case(_PLACES, "view-waiting", lists(WAITING, but=PLAIN)),
    *case(_PLACES, "view-snoozed", lists(ASLEEP, but=PLAIN)),
    *case(_PLACES, "view-drafts", lists(DRAFTED, but=PLAIN)),
    *case(_PLACES, "view-closed", lists(CLOSED, but=PLAIN)),
    *case(_PLACES, "view-spam", lists(SPAM, but=PLAIN)),
    *case(_PLACES, "view-all", _lists_everything),
    *case(_PLACES, "view-outbox", sees("Outbox", "queued, leaves in")),
    *case(_PLACES, "view-parked", sees("Parked", "parked: more than 1 mails")),
    *case(_PLACES, "view-mentions", lists(CALLED, but=PLAIN)),
    *case(_PLACES, "view-stats", sees("Last 7 days", "median")),
    *case(_PLACES, "view-shift", sees("End of shift")),
)

ORDERING: tuple[Case, ...] = (
    *case(LIST, "sort-waiting", sees("sort: waiting"), shows(PLAIN), before="S n"),
    *case(LIST, "sort-updated", sees("sort: updated"), shows(LINKED)),
    *case(LIST, "sort-created", sees("sort: created"), shows(LAST)),
    *case(LIST, "sort-id", sees("sort: number"), shows(LAST)),
    *case(LIST, "sort-wakes", sees("sort: wakes"), shows(ASLEEP), before="g a"),
    *case(LIST, "sort-reverse", sees("sort: waiting, reversed"), shows(LAST)),
    *case(LIST, "save-view", sees("Keep this search as a view", "search   is:open -is:snoozed")),
    *case(LIST, "forget-view", _forgotten, before="g r"),
)

BESIDE: tuple[Case, ...] = (
    *case(LIST | READER, "sidebar", sees(_SIDEBAR)),
    *case(SIDEBAR, "sidebar", misses(_SIDEBAR)),
    *case(SIDEBAR, "down", _chosen("mine"), before=_up_to_the_inbox()),
    *case(SIDEBAR, "up", _chosen("mine"), before=_up_to_the_inbox("j", "j")),
    *case(SIDEBAR, "top", _chosen("inbox"), before=_up_to_the_inbox("j", "j")),
    *case(SIDEBAR, "bottom", _at_a_saved_view, before=_up_to_the_inbox()),
    *case(SIDEBAR, "open", lists(MINE, but=PLAIN), before=_up_to_the_inbox("j")),
    *case(SIDEBAR, "forget-view", _forgotten, before=_to_the_saved_view),
)
