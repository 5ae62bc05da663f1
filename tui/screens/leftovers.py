"""Offering the texts that an editor had when Tandem was killed, and those that the store could not take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static

from desk.draft import DraftKind
from desk.safe import safe, safe_line
from tui.composer.leftovers import Leftover
from tui.host import host
from tui.keys import Context
from tui.screens.pickers import Choices, Picker
from tui.words.telling import moment
from tui.words.tongue import mark, tr

_LINES = 8
"""Lines of a text that are shown."""
_AGAIN = mark("{key_throw_away} again throws this text away for good")
_KINDS = {
    DraftKind.REPLY: mark("reply"),
    DraftKind.FORWARD: mark("forward"),
    DraftKind.NOTE: mark("note"),
    DraftKind.EDIT: mark("note"),
}


class LeftoverPicker(Picker[tuple[Leftover, Literal["keep", "drop"]]]):
    """Gives a text and what is to become of it; None: it stays where it is."""

    PLACE = Context.LEFTOVERS
    HEADING = mark("Tandem ended before a text was saved")
    HINT = mark("{key_choose} goes on with it   {key_throw_away} throws it away   {key_leave} leaves it for later")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+x", "drop", "throw away", show=False, priority=True)]

    def __init__(self, found: Sequence[Leftover]) -> None:
        super().__init__()
        self._found = {str(at): each for at, each in enumerate(reversed(found))}
        self._asked: str | None = None

    def body(self) -> ComposeResult:
        yield Choices()
        yield Static(id="glimpse")

    def offer(self, typed: str) -> None:
        rows = {name: self._row(each) for name, each in self._found.items()}
        fitting = [(name, row) for name, row in rows.items() if typed.strip().casefold() in row.plain.casefold()]
        self.query_one(Choices).offer(fitting)
        self.tell_empty()

    def choose(self) -> None:
        if self.chosen is not None:
            self.dismiss((self._found[self.chosen], "keep"))

    def action_drop(self) -> None:
        """Throw the text away, once this was asked for twice: it cannot be taken back."""
        if self.chosen is None:
            return
        if self._asked != self.chosen:
            self._asked = self.chosen
            self.hint(self.told(_AGAIN), warns=True)
            return
        self.dismiss((self._found[self.chosen], "drop"))

    @on(OptionList.OptionHighlighted)
    def glimpse(self, event: OptionList.OptionHighlighted) -> None:
        """Show how the marked text begins, and where it is."""
        event.stop()
        self._asked = None
        self.hint()
        if event.option.id is not None:
            self.query_one("#glimpse", Static).update(self._words(self._found[event.option.id]))

    def _row(self, leftover: Leftover) -> Content:
        saved = moment(leftover.saved, host(self).desk.clock())
        what = f"{leftover.number} {tr(_KINDS[leftover.kind])}" if leftover.number is not None else tr("a new mail")
        first = next((line for line in leftover.text.splitlines() if line.strip()), "")
        return Content.assemble((f"{saved:<13} ", "$muted"), (f"{what:<14} ", "bold"), safe_line(first))

    def _words(self, leftover: Leftover) -> Content:
        lines = safe(leftover.text).splitlines()
        more = [Content.styled("…", "$muted")] if len(lines) > _LINES else []
        beside = [Content.styled(self._beside(leftover), "$warning")] if leftover.others else []
        return Content("\n").join([*map(Content, lines[:_LINES]), *more, *beside])

    def _beside(self, leftover: Leftover) -> str:
        names = ", ".join(safe_line(each.name) for each in leftover.others)
        words = tr("the editor left {names} beside it, in {folder}: what was not saved may be there")
        return words.format(names=names, folder=safe_line(str(leftover.path.parent)))
