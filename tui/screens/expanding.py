"""A screen on which macros get into a text: chosen from all of them, or by a name that is typed, `:refund` and Tab.

What a macro does goes with its text: where the text is taken back, so is that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from desk.desk import Desk
from desk.errors import TandemError
from macros.facts import Facts, facts_for
from macros.fill import Filled
from macros.script import Macro
from tui.composer.draft_text import Called
from tui.composer.drafting import Drafting
from tui.composer.offering import meant
from tui.front import front
from tui.host import host, stands
from tui.screens.ask import asked
from tui.screens.lettering import LetteringScreen
from tui.screens.macro_picker import MacroPicker
from tui.widgets.draft import DraftArea
from tui.words.tongue import tr


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


class ExpandingScreen(LetteringScreen):
    """Puts macros into the text, each as one change."""

    _puts: tuple[_Put, ...] = ()

    def action_insert_macro(self) -> None:
        """Choose a macro; its text goes in at the cursor."""
        host(self).push_screen(self.macro_picker(), self._insert)

    def macro_picker(self) -> MacroPicker:
        """What macros are chosen from."""
        return MacroPicker(self._opened)

    def facts(self, desk: Desk) -> Facts:
        """What a macro may say here.

        Raises:
            NoSuchTicket: the ticket is gone.
        """
        return facts_for(desk, self.number, now=desk.clock().astimezone())

    def on_draft_area_calls(self, event: DraftArea.Calls) -> None:
        """Put the macro that is named into the place of its name; a name that is no macro's stays as it is."""
        event.stop()
        place, library, facts = _Place(event.called, event.row), front(self).library, self.facts
        front(self).prepare(
            lambda desk: (meant(library.macros(), place.called.name), facts(desk)),
            partial(self._ask_for, place),
            from_files=True,
        )

    def on_draft_area_turned(self, event: DraftArea.Turned) -> None:
        """Let what a macro does go with its text, back and on again; who gets the mail, and its files, stay."""
        event.stop()
        for put in reversed(self._puts):
            for was, becomes in ((put.after, put.before), (put.before, put.after)):
                is_there = (self._drafting.use, self._drafting.steps) == (was[1].use, was[1].steps)
                if self.text == becomes[0] and is_there and was[1] != becomes[1]:
                    self._drafting = replace(becomes[1], wording=self._drafting.wording)
                    self._show()
                    return

    def _ask_for(self, place: _Place, found: tuple[Macro, Facts]) -> None:
        if stands(self):
            self.run_worker(self._expand(*found, place), exclusive=True)

    async def _expand(self, macro: Macro, facts: Facts, place: _Place) -> None:
        try:
            self._insert(await asked(host(self), macro, facts), place)
        except TandemError as error:
            host(self).say(str(error), "error")

    def _insert(self, filled: Filled | None, place: _Place | None = None) -> None:
        if filled is None or not stands(self):
            return
        if filled.macro.reply == "note" and not self._drafting.is_note:
            words = tr("“{name}” is an internal note, not for the customer").format(name=filled.macro.name)
            host(self).say(words, "warn")
            return
        self._take(filled, place)
        self._show()

    def _take(self, filled: Filled, place: _Place | None = None) -> None:
        """Put a macro's text in, at the cursor or where its name still stands, and what it does beside it."""
        area, before = self.query_one(DraftArea), (self.text, self._drafting)
        self._drafting = self._drafting.with_macro(filled)
        start = end = area.cursor_location
        if place is not None and _stands(area, place):
            start, end = (place.row, place.called.start), (place.row, place.called.end)
        area.put(filled.text, start, end)
        self._puts = (*self._puts, _Put(before, (self.text, self._drafting)))


def _stands(area: DraftArea, place: _Place) -> bool:
    """Whether the name is where it was when its macro was asked for."""
    lines, called = area.document.lines, place.called
    return place.row < len(lines) and lines[place.row][called.start : called.end] == f":{called.name}"
