"""The end of a shift: the remark that can be written, and below it what changed, what waits and what was promised."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from desk.actions.hand_shift_over import (
    hand_shift_over,
    keep_remark,
    kept_remark,
    see_shifts,
    take_shift_back,
)
from desk.actions.promise import keep_promise
from desk.desk import Desk
from desk.handovers import Handover
from desk.people import Handle
from desk.promises import PromiseId
from desk.shift import end_of_shift, lately_handed_to
from desk.ticket import TicketNumber
from tui.draft_text import plain
from tui.front import front
from tui.handing import partners
from tui.keys import Context
from tui.messages import StoreChanged
from tui.screens.side import Onward, SideScreen
from tui.shift_rows import Paper, Row, began, rows
from tui.tongue import tr
from tui.widgets.bars import Heading, KeyLine, StatusLine
from tui.widgets.remark import Remark

AUTOSAVE = 2.0
"""Seconds between two looks whether the remark must be kept."""
_FRAME = 3
"""Columns that the list needs beside its rows."""


class ShiftScreen(SideScreen):
    """An agent's shift as it stands."""

    PLACE: ClassVar[Context] = Context.SHIFT
    CSS_PATH = "side.tcss"
    AUTO_FOCUS = "OptionList"

    def __init__(self) -> None:
        super().__init__()
        self._paper: Paper | None = None
        self._rows: list[Row] = []
        self._is_handing = False
        self._kept = ""

    def compose(self) -> ComposeResult:
        yield Heading(tr("End of shift"))
        yield Remark()
        yield OptionList(markup=False)
        yield StatusLine()
        yield KeyLine(Context.SHIFT)

    def on_mount(self) -> None:
        front(self).changed.subscribe(self, self._store_changed)
        self.set_interval(AUTOSAVE, self._autosave)
        self._refresh()

    @property
    def context(self) -> Context | None:
        """Where keys act here: nowhere while the remark is written."""
        return None if isinstance(self.focused, Remark) else self.PLACE

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)

    def action_page_down(self) -> None:
        self._move(self.size.height // 2)

    def action_page_up(self) -> None:
        self._move(-self.size.height // 2)

    def action_bottom(self) -> None:
        self._move(len(self._rows))

    def action_top(self) -> None:
        self._move(-len(self._rows))
        self.query_one(OptionList).scroll_home(animate=False)

    def _move(self, by: int) -> None:
        """Go by so many tickets, no further than to the first and the last."""
        there, shown = [at for at, each in enumerate(self._rows) if each.ticket is not None], self.query_one(OptionList)
        if there:
            here = there.index(shown.highlighted) if shown.highlighted in there else 0
            shown.highlighted = there[min(max(here + by, 0), len(there) - 1)]

    def action_open(self) -> None:
        if (row := self._current()) is not None and row.ticket is not None:
            self.dismiss(row.ticket)

    def action_remark(self) -> None:
        """Write the remark."""
        self.query_one(Remark).focus()

    def action_end_remark(self) -> None:
        """Stop writing the remark, which is kept until it is handed over."""
        self._autosave()
        self.query_one(OptionList).focus()

    @property
    def number(self) -> TicketNumber:
        """A remark is on no ticket."""
        return TicketNumber(0)

    @property
    def text(self) -> str:
        """The remark."""
        return self.query_one(Remark).text

    @property
    def is_kept(self) -> bool:
        """Whether the store has the remark as it is."""
        return self.text == self._kept

    def call_back(self) -> bool:
        """No editor has it."""
        return False

    def action_save(self) -> None:
        """Keep the remark until it is handed over."""
        text = self.text
        front(self).act("remark", lambda desk: keep_remark(desk, text), lambda _: self._saved(text))

    def _saved(self, text: str) -> None:
        self._kept = text

    def _autosave(self) -> None:
        if not (self.is_kept or self._paper is None):
            self.action_save()

    def dismiss(self, result: Onward = None) -> AwaitComplete:
        """Leave; the remark is kept."""
        self._autosave()
        return super().dismiss(result)

    def action_kept(self) -> None:
        """Say that a promise was kept."""
        row = self._current()
        if row is None or row.promise is None:
            front(self).say(tr("put the cursor on a promise first"), "warn")
            return
        front(self).act("promise", partial(_keep, row.promise), lambda _: front(self).say(tr("kept, u takes it back")))

    def action_hand_shift(self) -> None:
        """Hand the shift to the partner; first to whom, where there are several."""
        from tui.screens.pickers import AgentPicker  # noqa: PLC0415 - seldom needed

        others = partners(front(self).desk)
        if len(others) == 1:
            self._hand(others[0].handle)
        else:
            front(self).push_screen(AgentPicker(others), self._hand)

    def action_undo(self) -> None:
        """Take the shift back as long as it was not read; else what was done last."""
        if self._is_handing:
            front(self).act("shift", take_shift_back, self._taken_back)
        else:
            super().action_undo()

    @on(OptionList.OptionSelected)
    def open_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the ticket that was clicked."""
        event.stop()
        self.action_open()

    def on_descendant_focus(self) -> None:
        self.query_one(KeyLine).show(self.PLACE)

    def _hand(self, to: Handle | None) -> None:
        if to is not None:
            text = self.text
            work = partial(_hand_over, to, plain(text))
            front(self).act("shift", work, partial(self._handed, text))

    def _handed(self, text: str, handed: Handover) -> None:
        self._is_handing, self._kept = True, ""
        if self.text == text:
            self._bring("")
        front(self).say(tr("{agent} has it at the next start at the latest; u takes it back").format(agent=handed.to))
        self._refresh()

    def _taken_back(self, handed: Handover) -> None:
        self._is_handing = False
        if not self.text.strip():
            self._bring(handed.remark)
        front(self).say(tr("taken back: {agent} is not told any more").format(agent=handed.to))
        self._refresh()

    def _store_changed(self, change: StoreChanged) -> None:
        if change.touches("tickets", "promises", "handovers"):
            self._refresh()

    def _refresh(self) -> None:
        front(self).read("shift", _read, self._show)

    def _show(self, paper: Paper) -> None:
        if not self.is_attached:
            return
        is_first, self._paper = self._paper is None, paper
        if is_first and not self.text:
            self._bring(paper.remark)
        self.query_one(Heading).show(f"{tr('End of shift')}, {began(paper.shift)}")
        self._draw()
        if is_first and any(each.seen is None for each in paper.handed):
            front(self).act("shift", see_shifts)

    def _bring(self, remark: str) -> None:
        """Put a remark there that was kept."""
        self._kept = self.query_one(Remark).text = remark

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._paper is None:
            return
        shown, self._rows = self.query_one(OptionList), rows(self._paper, self.size.width - _FRAME)
        place = shown.highlighted
        shown.clear_options()
        shown.add_options([Option(each.words, disabled=each.ticket is None) for each in self._rows])
        if place is not None and self._rows:
            shown.highlighted = min(place, len(self._rows) - 1)
        self._move(0)

    def _current(self) -> Row | None:
        at = self.query_one(OptionList).highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None


def _read(desk: Desk) -> Paper:
    with desk.store.snapshot():
        shift, handed = end_of_shift(desk), lately_handed_to(desk, desk.me.handle)
        named = {each.ticket for there in (shift.done, *(each.done for each in handed)) for each in there}
        tickets = desk.store.tickets.many(sorted(named))
        found = {each.number: each for each in tickets}
        return Paper(shift=shift, handed=handed, tickets=found, remark=kept_remark(desk))


def _hand_over(to: Handle, remark: str, desk: Desk) -> Handover:
    return hand_shift_over(desk, to, remark)


def _keep(promise: PromiseId, desk: Desk) -> None:
    keep_promise(desk, promise)
