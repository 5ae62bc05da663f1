"""The keys of pickers, of the form that keeps a view, and of what is shown before a merge or a split."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from textual.widgets import Input

from desk.people import Handle
from tests.journeys.key_cases import Case, Finding, case, misses, sees
from tests.journeys.key_places import FOUR, ONE, THREE, Place, focused, highlighted, home, listed_at, on, read
from tests.journeys.keys_of_side import inbox_is_on_top
from tests.tui.apps import Screen
from tests.tui.composing import area
from tui.composer.leftovers import whose
from tui.composer.private import private_folder
from tui.keys import Context
from tui.screens.agent_picker import AgentPicker
from tui.screens.compose import ComposeScreen
from tui.screens.keep_view import KeepViewScreen
from tui.screens.leftovers import LeftoverPicker
from tui.screens.macro_picker import MacroPicker
from tui.screens.plans import MergeScreen
from tui.screens.save import SaveScreen
from tui.screens.snooze import SnoozeScreen
from tui.screens.tag_picker import TagPicker


def choosing(context: Context, place: str, chosen: Finding, *, leads_to: Finding = inbox_is_on_top) -> tuple[Case, ...]:
    """What keys do in every picker."""
    return (
        *case([context], "choose", chosen),
        *case([context], "choice-below", highlighted(1)),
        *case([context], "choice-above", highlighted(0), before="down"),
        *case([context], "leave", leads_to),
        *case([context], "keys", sees("Keys", place)),
    )


def _text(screen: Screen) -> str:
    field = screen.app.focused
    return field.value if isinstance(field, Input) else ""


async def _agents(screen: Screen) -> None:
    await listed_at(screen, ONE)
    await screen.press("a", "o")
    await screen.until(lambda: on(AgentPicker)(screen) and highlighted(0)(screen))


PICKER = Place(
    Context.PICKER,
    _agents,
    choosing(Context.PICKER, "where one chooses", lambda it: it.app.desk.ticket(ONE).assignee == Handle("ana")),
)


async def _tags(screen: Screen) -> None:
    await listed_at(screen, ONE)
    await screen.press("t")
    await screen.until(lambda: on(TagPicker)(screen) and highlighted(0)(screen))


def _applies(screen: Screen) -> bool:
    return inbox_is_on_top(screen) and "lamp" in screen.app.desk.ticket(ONE).tags


TAGS = Place(
    Context.TAGS,
    _tags,
    (
        *(each for each in choosing(Context.TAGS, "among tags", _applies) if each.action != "choose"),
        *case([Context.TAGS], "choose", _applies, before="l a m p"),
        *case([Context.TAGS], "toggle", sees("[x] lamp"), lambda screen: not _text(screen), before="l a m p"),
    ),
)


async def _naps(screen: Screen) -> None:
    await listed_at(screen, ONE)
    await screen.press("b")
    await screen.until(lambda: on(SnoozeScreen)(screen) and highlighted(0)(screen))


def _sleeps(screen: Screen) -> bool:
    return inbox_is_on_top(screen) and screen.app.desk.ticket(ONE).snoozed_until is not None


SNOOZE = Place(
    Context.SNOOZE,
    _naps,
    (
        *choosing(Context.SNOOZE, "while snoozing", _sleeps),
        *case([Context.SNOOZE], "through", sees("sleeps through answers")),
    ),
)


async def _paths(screen: Screen) -> None:
    """Save a file in a folder in which two files begin alike."""
    await read(screen, ONE)
    await screen.press("v", "f")
    await screen.sees("b.txt")
    await screen.press("s")
    await screen.until(lambda: on(SaveScreen)(screen) and _text(screen).endswith("a.txt"))
    folder = Path(os.environ["XDG_STATE_HOME"]).parent
    for name in ("alike-one", "alike-two"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "new.txt").unlink(missing_ok=True)
    field = screen.app.focused
    assert isinstance(field, Input)
    field.value = f"{folder}/al"
    await screen.until(lambda: sees("alike-one", "alike-two")(screen) and highlighted(0)(screen))


async def _new_file(screen: Screen) -> None:
    field = screen.app.focused
    assert isinstance(field, Input)
    field.value = field.value.removesuffix("al") + "new.txt"


PATH = Place(
    Context.PATH,
    _paths,
    (
        *(
            each
            for each in choosing(Context.PATH, "where a path is typed", on(SaveScreen), leads_to=misses("alike-one"))
            if each.action != "choose"
        ),
        *case([Context.PATH], "choose", sees("saved"), misses("alike-one"), before=_new_file),
        *case([Context.PATH], "complete", lambda screen: _text(screen).endswith("/alike-")),
    ),
    size=(120, 24),
)


async def _macros(screen: Screen) -> None:
    await listed_at(screen, ONE)
    await screen.press("m")
    await screen.until(lambda: on(MacroPicker)(screen) and highlighted(0)(screen))
    await screen.sees("All is well")


def _preview(find: Callable[[float], bool]) -> Finding:
    return lambda screen: on(MacroPicker)(screen) and find(screen.app.screen.query_one("#preview").scroll_y)


def _has_text(screen: Screen) -> bool:
    return on(ComposeScreen)(screen) and "well" in area(screen).text


MACROS = Place(
    Context.MACROS,
    _macros,
    (
        *choosing(Context.MACROS, "among macros", _has_text),
        *case([Context.MACROS], "read-on", _preview(lambda at: at > 0)),
        *case([Context.MACROS], "read-back", _preview(lambda at: at == 0), before="pagedown"),
    ),
)


async def _left(screen: Screen) -> None:
    await home(screen)
    folder = private_folder(mark=whose(screen.app.desk))
    for number in (ONE, THREE):
        (folder / f"{number}-reply.txt").write_text("Dear customer", encoding="utf-8")
    screen.inbox.action_leftovers()
    await screen.until(lambda: on(LeftoverPicker)(screen) and highlighted(0)(screen))


LEFTOVERS = Place(
    Context.LEFTOVERS,
    _left,
    (
        *choosing(Context.LEFTOVERS, "among unsaved texts", sees("Reply to", "Dear customer")),
        *case([Context.LEFTOVERS], "throw-away", sees("^x again throws this text away for good")),
    ),
)


async def _plans(screen: Screen) -> None:
    """Two tickets of one customer that look alike."""
    await listed_at(screen, FOUR)
    await screen.press("=")
    await screen.sees("looks like it")
    await screen.press("enter")
    await screen.until(lambda: on(MergeScreen)(screen) and sees("two matters")(screen))


def _goes_on(number: int) -> Finding:
    return lambda screen: on(MergeScreen)(screen) and f"→ {number}" in screen.text


PLAN = Place(
    Context.PLAN,
    _plans,
    (
        *case([Context.PLAN], "do", lambda screen: screen.app.desk.ticket(FOUR).merged_into == THREE),
        *case([Context.PLAN], "choice-below", _goes_on(FOUR)),
        *case([Context.PLAN], "choice-above", _goes_on(THREE), before="down"),
        *case([Context.PLAN], "read-on", _goes_on(FOUR)),
        *case([Context.PLAN], "read-back", _goes_on(THREE), before="down"),
        *case([Context.PLAN], "leave", inbox_is_on_top),
        *case([Context.PLAN], "apart", inbox_is_on_top, lambda screen: not screen.app.desk.ticket(FOUR).resembles),
        *case([Context.PLAN], "keys", sees("Keys", "before a merge or a split")),
    ),
    size=(120, 30),
)


async def _keeps_view(screen: Screen) -> None:
    await home(screen)
    await screen.press("g", "+")
    await screen.until(lambda: on(KeepViewScreen)(screen) and focused("view-name")(screen))


def _is_kept(screen: Screen) -> bool:
    return inbox_is_on_top(screen) and bool(screen.app.desk.store.views.all())


VIEW_FORM = Place(
    Context.VIEW_FORM,
    _keeps_view,
    (
        *case([Context.VIEW_FORM], "take-form", _is_kept, before="L a m p"),
        *case([Context.VIEW_FORM], "leave", inbox_is_on_top),
        *case([Context.VIEW_FORM], "next", focused("view-key")),
        *case([Context.VIEW_FORM], "before", focused("view-name"), before="tab"),
        *case([Context.VIEW_FORM], "sharing", sees("everybody on this desk")),
        *case([Context.VIEW_FORM], "keys", sees("Keys", "while keeping a view")),
    ),
)
