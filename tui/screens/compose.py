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

from desk.desk import Desk
from desk.draft import DraftKind
from desk.outgoing import Answer
from desk.people import Handle
from desk.ticket import TicketNumber
from desk.wording import Wording
from macros.facts import Facts, facts_for
from macros.fill import Filled
from tui.actions.composing import ComposingActions
from tui.composer.handles import handles_of_others
from tui.composer.heads import heads_left
from tui.composer.keeping import Beginning, Keeper, Standing
from tui.composer.letterhead import LetterHead
from tui.composer.parts import Parts
from tui.composer.sending import Outcome, PutDown, note_down, send
from tui.composer.surroundings import show_around
from tui.front import front
from tui.host import stands
from tui.keys.naming import with_keys
from tui.reader.opened import OpenTicket
from tui.screens.macro_picker import MacroPicker
from tui.widgets.compose_keys import ComposeKeys
from tui.widgets.compose_title import ComposeTitle, Heading
from tui.widgets.draft import DraftArea
from tui.widgets.envelope import Envelope
from tui.widgets.held import HeldBar, HeldDraft, HeldLine
from tui.widgets.meanwhile import Meanwhile
from tui.widgets.procedure import Procedure
from tui.widgets.review import ReviewBar
from tui.widgets.writing_line import WritingLine
from tui.words.composing import asked_for_recipients, told_name, told_unchanged
from tui.words.tongue import tr

AUTOSAVE = 2.0
"""Seconds between two looks whether the text must be kept."""
ATTEND = 15.0
"""Seconds between two signs to colleagues that this agent is answering."""
_WATCHING = frozenset({"review", "take_over", "ask_for_it", "say_read_only", "bring_draft", "read_on", "keep"})
"""What can be done while a draft that is held elsewhere is only read."""
_FOR_MAIL = frozenset({"recipients", "attach", "detach"})
"""What makes no sense for a note."""


class ComposeScreen(ComposingActions):
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
        self._kind, self._brought, self._filled, self._place = kind, text, filled, cursor
        self._turn = asyncio.Lock()
        self.parts = Parts(self, self.keeper(), text, wording, in_editor=in_editor)

    def keeper(self) -> Keeper:
        """What keeps the text."""
        return Keeper(self.opened.ticket.number, self._kind)

    @property
    def number(self) -> TicketNumber:
        """The ticket that is written on."""
        return self.opened.ticket.number

    @property
    def heading(self) -> ComposeTitle:
        return self.query_one(ComposeTitle)

    @property
    def text(self) -> str:
        """What is written so far."""
        return self.area.text

    @property
    def head(self) -> LetterHead:
        """What stands around the text, as it would leave now."""
        return self.parts.addressing.head

    @property
    def file_name(self) -> str:
        """The name of a file with this text."""
        return f"{self.number or 'new'}-{self._kind}.txt"

    @property
    def is_kept(self) -> bool:
        """Whether the store has all that is written here, or it has left."""
        return self.parts.way_out.finished is not None or self.parts.manuscript.is_kept

    @property
    def is_leaving(self) -> bool:
        return (
            self.parts.dispatch.is_sending
            or self.parts.way_out.is_discarding
            or self.parts.giving.is_giving
            or self.parts.way_out.finished is not None
        )

    @property
    def is_watching(self) -> bool:
        """Whether a draft that is held elsewhere is only read here."""
        return self.has_class("-watching")

    @property
    def is_reviewing(self) -> bool:
        """Whether the bar with all that can be done with the text is shown."""
        return self.has_class("-review")

    @property
    def is_beginning(self) -> bool:
        """Whether the form of recipients may be about to open, or a kept text to come: what is typed is for that."""
        return self.parts.addressing.is_beginning and not self.parts.holding.is_written_on

    @property
    def is_at_work(self) -> bool:
        """Whether it goes as soon as its text is kept, or was sent a moment ago, or a text or file is about to come.

        Not while that, or giving it away, takes long: who presses keys because of that means them for this screen.
        """
        is_kept_first = self.parts.way_out.is_going and not self.is_leaving
        is_soon = self.parts.dispatch.is_soon_sent or self.parts.enclosing.is_soon_read
        return is_kept_first or is_soon or self._turn.locked()

    @property
    def asks_first(self) -> bool:
        return self._kind is DraftKind.FORWARD

    @property
    def form_heading(self) -> str:
        return asked_for_recipients(self._kind, self.opened.ticket)

    @property
    def sending_name(self) -> str:
        return told_name(self._kind, self.number)

    @property
    def note_added(self) -> str:
        return with_keys(tr("note added to {number}, {key_undo} takes it back"), number=self.number)

    def compose(self) -> ComposeResult:
        yield ComposeTitle(Heading(kind=self._kind, ticket=self.opened.ticket, others=self.opened.presences))
        yield Envelope()
        yield HeldLine()
        with Horizontal(id="desk"):
            yield DraftArea(self._brought)
            with Vertical(id="side"):
                yield HeldDraft()
                yield Meanwhile(self.opened.newest)
                yield Procedure()
        with Vertical(id="foot"):
            yield WritingLine()
            yield ReviewBar(self._kind)
            yield HeldBar()
            yield ComposeKeys()

    def on_mount(self) -> None:
        self.set_class(self._kind is DraftKind.NOTE, "-note")
        self.set_class(self._kind is DraftKind.FORWARD, "-forward")
        self.area.let_pass(front(self).undoing.keys_of_text())
        self.area.go_to_end()
        if self._place is not None:
            self.area.move_cursor(self._place)
        if self._filled is not None:
            self.parts.expanding.put(self._filled)
        if self._kind is DraftKind.NOTE:
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

    def macro_picker(self) -> MacroPicker:
        return MacroPicker(self.opened)

    def facts(self, desk: Desk) -> Facts:
        return facts_for(desk, self.number, now=desk.clock().astimezone())

    def send_mail(self, desk: Desk, answer: Answer) -> Outcome:
        return send(desk, self.parts.manuscript.keeper, answer)

    def missing(self, text: str) -> str:
        drafting = self.parts.manuscript.drafting
        return drafting.missing(text) or ("" if drafting.is_note else self.parts.signatures.missing or heads_left(text))

    def abort(self) -> None:
        self.parts.way_out.save_and_leave(told_unchanged(self._kind, self.text))

    def put_down(self) -> str:
        return front(self).put_down([self])

    def call_back(self) -> bool:
        """Take in what is saved in an editor by now, and tell it to end."""
        return self.parts.editing.call_back()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """No key acts while the text is on its way to the desk or after it has left; a note is added in one way."""
        if self.is_watching and action not in _WATCHING:
            return False
        is_for_mail = (action == "send" and bool(parameters)) or action in _FOR_MAIL
        has_left = self.parts.dispatch.is_sending or self.parts.way_out.finished is not None
        is_going = action == "editor" and self.parts.giving.is_giving  # the screen would be gone when it comes back
        return not (has_left or is_going or (is_for_mail and self._kind is DraftKind.NOTE))

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
