"""The end of a shift: the remark that can be written, and below it what changed, what waits and what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from desk.actions.hand_shift_over import (
    hand_shift_over,
    kept_remark,
    see_shifts,
    take_shift_back,
)
from desk.actions.promise import keep_promise
from desk.desk import Desk
from desk.errors import RefusedError
from desk.handovers import Handover
from desk.people import Agent, Handle
from desk.promises import PromiseId
from desk.shift import end_of_shift, lately_handed_to
from tui.composer.draft_text import plain
from tui.composer.handing import partners
from tui.front import front
from tui.host import stands
from tui.keys import Context
from tui.keys.naming import instead_of, with_keys
from tui.lists.shift_rows import Paper, Row, began, rows
from tui.messages import StoreChanged
from tui.screens.remarking import RemarkingScreen
from tui.threads.later import later
from tui.widgets.bars import Heading, KeyLine, StatusLine
from tui.widgets.remark import Remark
from tui.words.heard import heard
from tui.words.tongue import tr

_REST = 0.3
"""Seconds that changes are gathered for before all of it is read again."""
_FRAME = 3
"""Columns that the list needs beside its rows."""


class ShiftScreen(RemarkingScreen):
    """An agent's shift as it stands."""

    PLACE: ClassVar[Context] = Context.SHIFT
    CSS_PATH = "side.tcss"
    AUTO_FOCUS = "OptionList"

    def __init__(self) -> None:
        super().__init__()
        self._paper: Paper | None = None
        self._rows: list[Row] = []
        self._is_handing = False
        self._is_due = False

    def compose(self) -> ComposeResult:
        yield Heading(tr("End of shift"))
        yield Remark()
        yield OptionList(markup=False)
        yield StatusLine()
        yield KeyLine(Context.SHIFT)

    def on_mount(self) -> None:
        front(self).changed.subscribe(self, self._store_changed)
        self._refresh()

    @property
    def context(self) -> Context | None:
        """Where keys act here: nowhere while the remark is written."""
        return None if isinstance(self.focused, Remark) else self.PLACE

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)

    def action_half_down(self) -> None:
        self._move(self.size.height // 2)

    def action_half_up(self) -> None:
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

    def action_kept(self) -> None:
        """Say that a promise was kept."""
        row = self._current()
        if row is None or row.promise is None:
            front(self).say(tr("put the cursor on a promise first"), "warn")
            return
        kept = with_keys(tr("kept, {key_undo} takes it back"))
        front(self).act(tr("promise"), partial(_keep, row.promise), lambda _: front(self).say(kept))

    def action_hand_shift(self) -> None:
        """Hand the shift to the partner; first to whom, where there are several."""
        front(self).prepare(partners, self._choose_partner)

    def _choose_partner(self, others: Sequence[Agent]) -> None:
        from tui.screens.agent_picker import AgentPicker

        if len(others) == 1:
            self._hand(others[0].handle)
        else:
            front(self).push_screen(AgentPicker(others, tr("Hand the shift to")), self._hand)

    def action_undo(self) -> None:
        """Take the shift back as long as it was not read; else what was done last."""
        if self._is_handing:
            front(self).act(tr("hand-over of the shift"), _take_back, self._taken_back)
        else:
            super().action_undo()

    @on(OptionList.OptionHighlighted)
    def show_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Name the key that keeps a promise only where the cursor is on one."""
        event.stop()
        row, kept = self._current(), instead_of("x", self.PLACE)
        is_promise = row is not None and row.promise is not None
        self.query_one(KeyLine).leave_out(frozenset() if is_promise else frozenset({kept}))

    @on(OptionList.OptionSelected)
    def open_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the ticket that was clicked."""
        event.stop()
        self.action_open()

    def on_descendant_focus(self) -> None:
        self.query_one(KeyLine).show(self.context or Context.REMARK)

    def _hand(self, to: Handle | None) -> None:
        if to is not None:
            text = self.text
            work = partial(_hand_over, to, plain(text))
            front(self).act(tr("hand-over of the shift"), work, partial(self._handed, text))

    def _handed(self, text: str, handed: Handover) -> None:
        words = tr("{agent} has it at the next start at the latest; {key_undo} takes it back")
        front(self).say(with_keys(words, agent=handed.to))
        if not stands(self):
            return
        self._is_handing = True
        self._kept = text if self.text == text else ""
        if self.is_kept:
            self._bring("")
        self._refresh()

    def _taken_back(self, handed: Handover | RefusedError) -> None:
        if isinstance(handed, RefusedError):  # for good
            self._is_handing = False
            front(self).undoing.refuse(heard(str(handed)), "error")
            return
        front(self).say(tr("taken back: {agent} is not told any more").format(agent=handed.to))
        if not stands(self):
            return
        self._is_handing = False
        if not self.text.strip():
            self._bring(handed.remark)
        self._refresh()

    def _store_changed(self, change: StoreChanged) -> None:
        if change.touches("tickets", "promises", "handovers") and not self._is_due:
            self._is_due = True
            later(self, _REST, self._refresh)

    def _refresh(self) -> None:
        self._is_due = False
        front(self).read("shift", _read, self._show)

    def _show(self, paper: Paper) -> None:
        if not stands(self):
            return
        is_first, self._paper = self._paper is None, paper
        if is_first:
            self._bring(paper.remark)
        self.query_one(Heading).show(f"{tr('End of shift')}, {began(paper.shift)}")
        self._draw()
        if is_first and any(each.seen is None for each in paper.handed):
            front(self).act("", see_shifts)

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        """Show the rows that are new or changed; the cursor stays at its ticket, and the list where it is."""
        if self._paper is None:
            return
        shown, before, old = self.query_one(OptionList), self._current(), self._rows
        self._rows = rows(self._paper, self.size.width - _FRAME)
        if [(each.words, each.ticket) for each in self._rows] == [(each.words, each.ticket) for each in old]:
            return
        place, top = shown.highlighted or 0, shown.scroll_offset.y
        shown.clear_options()
        shown.add_options([Option(each.words, disabled=each.ticket is None) for each in self._rows])
        same = (at for at, each in enumerate(self._rows) if before is not None and each.place == before.place)
        shown.highlighted = min(next(same, place), len(self._rows) - 1)
        self._move(0)
        shown.scroll_to(y=top, animate=False)

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


def _take_back(desk: Desk) -> Handover | RefusedError:
    try:
        return take_shift_back(desk)
    except RefusedError as error:
        return error


def _keep(promise: PromiseId, desk: Desk) -> None:
    keep_promise(desk, promise)
