"""Writing a reply, a forward or a note: the text, what goes with it, and the review bar from which alone it leaves.

This is where it is laid out and hears of what happens. What its keys do is in tui/actions/composing.py; what it has are
the parts in tui/composer/, each with one subject. Every write goes through the app's one writer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import TextArea

from desk.draft import DraftKind
from desk.people import Handle
from desk.wording import Wording
from macros.fill import Filled
from tui.composer.handles import handles_of_others
from tui.composer.parts import Parts
from tui.composer.sending import PutDown, note_down
from tui.composer.standing import Beginning, Standing
from tui.composer.surroundings import show_around
from tui.front import front
from tui.host import stands
from tui.reader.opened import OpenTicket
from tui.screens.composing_page import ComposingPage
from tui.widgets.answered import Answered
from tui.widgets.compose_keys import ComposeKeys
from tui.widgets.compose_title import ComposeTitle, Heading
from tui.widgets.draft import DraftArea
from tui.widgets.envelope import Envelope
from tui.widgets.held import HeldBar, HeldDraft, HeldLine
from tui.widgets.meanwhile import Meanwhile
from tui.widgets.procedure import Procedure
from tui.widgets.review import ReviewBar
from tui.widgets.writing_line import WritingLine

AUTOSAVE = 2.0
"""Seconds between two looks whether the text must be kept."""
ATTEND = 15.0
"""Seconds between two signs to colleagues that this agent is answering."""


class ComposeScreen(ComposingPage):
    """A reply, a forward or an internal note. `text` is typed in already; `filled` is a macro that was chosen.

    `in_editor` begins in the agent's own editor, with the heads above the text: unchanged means that nothing was meant.
    `wording` is what is chosen already, `cursor` the row and column to go on from (None: the end).
    """

    CSS_PATH = "compose.tcss"
    AUTO_FOCUS = "DraftArea"

    def __init__(
        self,
        opened: OpenTicket,
        kind: DraftKind,
        text: str = "",
        filled: Filled | None = None,
        *,
        in_editor: bool = False,
        wording: Wording | None = None,
        cursor: tuple[int, int] | None = None,
    ) -> None:
        super().__init__()
        self.opened = opened
        self.put_note_down: PutDown = note_down
        self.kind, self._brought, self._filled, self._place = kind, text, filled, cursor
        self._turn = asyncio.Lock()
        self.parts = Parts(self, self.keeper(), text, wording, in_editor=in_editor)

    @property
    def is_at_work(self) -> bool:
        """Whether it goes as soon as its text is kept, or was sent a moment ago, or a text or file is about to come.

        Not while that, or giving it away, takes long: who presses keys because of that means them for this screen.
        """
        is_kept_first = self.parts.way_out.is_going and not self.is_leaving
        is_soon = self.parts.dispatch.is_soon_sent or self.parts.enclosing.is_soon_read
        return is_kept_first or is_soon or self._turn.locked()

    def compose(self) -> ComposeResult:
        yield ComposeTitle(Heading(kind=self.kind, ticket=self.opened.ticket, others=self.opened.presences))
        yield Envelope()
        yield HeldLine()
        with Horizontal(id="desk"):
            yield DraftArea(self._brought)
            with Vertical(id="side"):
                yield Answered(front(self).desk.clock, front(self).signs)
                with Vertical(id="told"):
                    yield HeldDraft()
                    yield Meanwhile(self.opened.newest)
                    yield Procedure()
        with Vertical(id="foot"):
            yield WritingLine()
            yield ReviewBar(self.kind)
            yield HeldBar()
            yield ComposeKeys()

    def on_mount(self) -> None:
        self.set_class(self.kind is DraftKind.NOTE, "-note")
        self.set_class(self.kind is DraftKind.FORWARD, "-forward")
        self.area.let_pass(front(self).undoing.keys_of_text())
        self.area.go_to_end()
        if self._place is not None:
            self.area.move_cursor(self._place)
        if self._filled is not None:
            self.parts.expanding.put(self._filled)
        if self.kind is DraftKind.NOTE:
            front(self).read("agents", handles_of_others, self._can_call)
        self.show()
        self.parts.holding.start()
        self.set_interval(AUTOSAVE, self.parts.manuscript.autosave)
        self.set_interval(ATTEND, self._attend)
        self.set_interval(1.0, self.parts.attending.tell)

    def on_screen_resume(self) -> None:
        self.parts.way_out.go()
        self._attend()

    def on_resize(self) -> None:
        self.show()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.show()

    def on_draft_area_calls(self, event: DraftArea.Calls) -> None:
        event.stop()
        self.parts.expanding.call(event.called, event.row)

    def on_draft_area_turned(self, event: DraftArea.Turned) -> None:
        event.stop()
        self.parts.expanding.turn()
        self.parts.manuscript.turn()

    def begin(self, beginning: Beginning) -> None:
        """Name the recipients, bring what was kept, and open what the writing begins with, if it comes in time."""
        if not stands(self):
            return
        is_typing = self.parts.holding.is_written_on or not self.is_active
        self.parts.reviewing.surround(beginning.head, beginning.signatures)
        self.parts.holding.begin(beginning)
        self.parts.addressing.begin(is_typing=is_typing)
        self.parts.editing.begin(is_typing=is_typing)

    def news(self, opened: OpenTicket) -> None:
        """Take in a newer state of the ticket while writing: who is at it, and what was written meanwhile."""
        if self.is_mounted and stands(self):
            self.opened, self.parts.attending.company = opened, opened.presences
            self.parts.attending.tell()
            self.query_one(Meanwhile).show(opened)
            self.parts.holding.look()
            self.parts.addressing.look()

    def stand(self, standing: Standing) -> None:
        self.parts.holding.stand(standing)

    def only_read(self, *, is_so: bool) -> None:
        self.parts.reviewing.only_read(is_so=is_so)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.parts.reviewing.led_to(event.widget)

    def go_about(self, job: Coroutine[None, None, None]) -> None:
        self.run_worker(self._in_turn(job))

    async def _in_turn(self, job: Coroutine[None, None, None]) -> None:
        """Wait for the job before this one: an editor that has the terminal must not be stopped half way."""
        try:
            async with self._turn:
                await job
        finally:
            job.close()

    def _attend(self) -> None:
        if self.parts.way_out.finished is None:
            self.parts.attending.attend()

    def _can_call(self, handles: tuple[Handle, ...]) -> None:
        if stands(self):
            self.area.handles = handles
            self.show()

    def show(self) -> None:
        show_around(self, self.parts)
        if self.is_reviewing:
            self.call_after_refresh(self.tell_more)
