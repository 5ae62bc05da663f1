"""How macros get into a text: chosen from all of them, or by a name that is typed, `:refund` and Tab.

What a macro does goes with its text: where the text is taken back, so is that.
"""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from desk.desk import Desk
from desk.errors import TandemError
from macros.facts import Facts
from macros.fill import Filled
from macros.script import Macro
from tui.composer.draft_text import Called
from tui.composer.drafting import Drafting
from tui.composer.manuscript import Manuscript
from tui.composer.offering import meant
from tui.composer.page import Page
from tui.front import front
from tui.host import host, stands
from tui.screens.ask import asked
from tui.screens.macro_picker import MacroPicker
from tui.widgets.draft import DraftArea
from tui.words.tongue import tr


class ExpandingPage(Page, Protocol):
    """What this asks of its screen."""

    def macro_picker(self) -> MacroPicker:
        """What macros are chosen from."""
        ...

    def facts(self, desk: Desk) -> Facts:
        """What a macro may say here.

        Raises:
            NoSuchTicket: the ticket is gone.
        """
        ...

    def go_about(self, job: Coroutine[None, None, None]) -> None:
        """Do a job beside the screen, after the one before it."""
        ...


@dataclass(frozen=True, slots=True)
class _Put:
    """A macro that was put into a text: the text, and what went with it, before and after."""

    before: tuple[str, Drafting]
    after: tuple[str, Drafting]


@dataclass(frozen=True, slots=True)
class _Place:
    """A name that a macro is to take the place of, as it was typed."""

    called: Called
    row: int


class Expanding:
    """Puts macros into one text, each as one change."""

    def __init__(self, page: ExpandingPage, manuscript: Manuscript) -> None:
        self._page, self._manuscript = page, manuscript
        self._puts: tuple[_Put, ...] = ()

    def choose(self) -> None:
        """Choose a macro; its text goes in at the cursor."""
        host(self._page.screen).push_screen(self._page.macro_picker(), self._insert)

    def call(self, called: Called, row: int) -> None:
        """Put the macro that is named into the place of its name; a name that is no macro's stays as it is."""
        library, facts = front(self._page.screen).library, self._page.facts
        front(self._page.screen).prepare(
            lambda desk: (meant(library.macros(), called.name), facts(desk)),
            partial(self._ask_for, _Place(called, row)),
            from_files=True,
        )

    def turn(self) -> None:
        """Let what a macro does go with its text, back and on again; who gets the mail, and its files, stay."""
        manuscript = self._manuscript
        now = manuscript.drafting
        for put in reversed(self._puts):
            for was, becomes in ((put.after, put.before), (put.before, put.after)):
                is_there = (now.use, now.steps) == (was[1].use, was[1].steps)
                if manuscript.text == becomes[0] and is_there and was[1] != becomes[1]:
                    manuscript.drafting = replace(becomes[1], wording=now.wording)
                    self._page.show()
                    return

    def put(self, filled: Filled, place: _Place | None = None) -> None:
        """Put a macro's text in, at the cursor or where its name still stands, and what it does beside it."""
        area, manuscript = self._page.area, self._manuscript
        before = (manuscript.text, manuscript.drafting)
        manuscript.drafting = manuscript.drafting.with_macro(filled)
        start = end = area.cursor_location
        if place is not None and _stands(area, place):
            start, end = (place.row, place.called.start), (place.row, place.called.end)
        area.put(filled.text, start, end)
        self._puts = (*self._puts, _Put(before, (manuscript.text, manuscript.drafting)))

    def _ask_for(self, place: _Place, found: tuple[Macro, Facts]) -> None:
        if stands(self._page.screen):
            self._page.go_about(self._expand(*found, place))

    async def _expand(self, macro: Macro, facts: Facts, place: _Place) -> None:
        """Ask what the macro asks, unless an editor or a second Tab did away with its name before its turn came."""
        if not _stands(self._page.area, place):
            return
        try:
            self._insert(await asked(host(self._page.screen), macro, facts), place)
        except TandemError as error:
            host(self._page.screen).say(str(error), "error")

    def _insert(self, filled: Filled | None, place: _Place | None = None) -> None:
        if filled is None or not stands(self._page.screen):
            return
        if filled.macro.reply == "note" and not self._manuscript.drafting.is_note:
            words = tr("“{name}” is an internal note, not for the customer").format(name=filled.macro.name)
            host(self._page.screen).say(words, "warn")
            return
        self.put(filled, place)
        self._page.show()


def _stands(area: DraftArea, place: _Place) -> bool:
    """Whether the name is where it was when its macro was asked for."""
    lines, called = area.document.lines, place.called
    return place.row < len(lines) and lines[place.row][called.start : called.end] == f":{called.name}"
