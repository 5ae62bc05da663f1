"""Writing a reply or a note: the text, what goes with it, and the review bar from which alone it leaves.

What is being prepared is in tui/drafting.py, what the desk is asked in tui/sending.py. Every write goes through the
app's one writer, and so does the reading of a kept draft, so that it is never older than what was just saved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult as Widgets
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import TextArea

from desk.actions.attend import leave
from desk.actions.draft import save_draft
from desk.outgoing import quote
from desk.plan import Plan
from desk.presence import Draft, DraftKind
from desk.safe import safe, safe_line
from desk.ticket import Status, TicketNumber
from macros.fill import Filled
from tui.drafting import Drafting
from tui.editor import edit
from tui.host import host
from tui.keys import Context
from tui.opened import OpenTicket
from tui.screens.macro_picker import MacroPicker
from tui.sending import Beginning, Moved, Outcome, Sent, begin, note_down, send, stay
from tui.telling import moment
from tui.widgets.compose_keys import ComposeKeys
from tui.widgets.compose_title import ComposeTitle, Heading
from tui.widgets.draft import DraftArea
from tui.widgets.meanwhile import Meanwhile
from tui.widgets.procedure import Procedure
from tui.widgets.review import ReviewBar
from tui.widgets.writing_line import WritingLine

AUTOSAVE = 2.0
"""Seconds between two looks whether the text must be kept."""
ATTEND = 15.0
"""Seconds between two signs to colleagues that this agent is answering."""


@dataclass(frozen=True, slots=True)
class ComposeResult:
    """How writing ended: whether something was sent or noted, whether that closed the ticket, and which it was."""

    sent: bool
    closed: bool
    number: TicketNumber


class ComposeScreen(Screen[ComposeResult]):
    """A reply or an internal note on one ticket. `text` is typed in already; `filled` is a macro that was chosen."""

    CSS_PATH = "compose.tcss"
    AUTO_FOCUS = "DraftArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "review", "review", show=False),
        Binding("ctrl+t", "insert_macro", "macro", show=False),
        Binding("ctrl+o", "quote", "quote", show=False),
        Binding("ctrl+g,f4", "editor", "editor", show=False),
        Binding("ctrl+s", "save", "save", show=False),
        Binding("ctrl+r", "bring_draft", "draft", show=False),
        Binding("f1", "help", "help", show=False),
    ]

    def __init__(self, opened: OpenTicket, kind: DraftKind, text: str = "", filled: Filled | None = None) -> None:
        super().__init__()
        self._opened = opened
        self._kind = kind
        self._seen = opened.newest
        self._drafting = Drafting(kind=kind)
        self._start = text
        self._filled = filled
        self._kept = (text, self._drafting)
        self._set_aside: Draft | None = None
        self._is_sending = False
        self._may_discard = False
        self._result: ComposeResult | None = None

    @property
    def number(self) -> TicketNumber:
        """The ticket that is being answered."""
        return self._opened.ticket.number

    @property
    def text(self) -> str:
        """What is written so far."""
        return self.query_one(DraftArea).text

    def compose(self) -> Widgets:
        yield ComposeTitle(Heading(kind=self._kind, ticket=self._opened.ticket, others=self._opened.presences))
        with Horizontal(id="desk"):
            yield DraftArea(self._start)
            with Vertical(id="side"):
                yield Meanwhile(self._seen)
                yield Procedure()
        yield WritingLine()
        yield ReviewBar(self._kind)
        yield ComposeKeys()

    def on_mount(self) -> None:
        self.set_class(self._kind is DraftKind.NOTE, "-note")
        area = self.query_one(DraftArea)
        area.move_cursor(area.document.end)
        if self._filled is not None:
            self._take(self._filled)
        self._show()
        host(self).act(f"drafts of {self.number}", lambda desk: begin(desk, self.number, self._kind), self._begin)
        self.set_interval(AUTOSAVE, self._autosave)
        self.set_interval(ATTEND, self._attend)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """No key acts while the text is on its way to the desk or after it has left; a note is added in one way."""
        is_for_mail = action == "send" and bool(parameters)
        return not (self._is_sending or self._result is not None or (is_for_mail and self._drafting.is_note))

    def news(self, opened: OpenTicket) -> None:
        """Take in a newer state of the ticket while writing: who is at it, and what was written meanwhile."""
        if self.is_mounted and self.is_attached:
            self.query_one(ComposeTitle).tell(others=opened.presences)
            self.query_one(Meanwhile).show(opened)
            self._show()

    def on_resize(self) -> None:
        self._show()

    def on_screen_resume(self) -> None:
        self._go()
        self._attend()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._show()

    def action_review(self) -> None:
        """Stop typing and show what can be done with the text; where nothing was written, leave."""
        if not self.text.strip() and self._drafting.use is None:
            self.action_keep()
            return
        self._autosave()
        self._may_discard = False
        self.add_class("-review")
        self.query_one(ReviewBar).focus()
        self._show()

    def action_edit(self) -> None:
        """Go on writing."""
        self.remove_class("-review")
        self.query_one(DraftArea).focus()
        self._show()

    def action_tick(self, number: int) -> None:
        """Tick a step of the procedure off, or take the tick back."""
        self._drafting = self._drafting.ticked(number - 1)
        self._show()

    def action_tick_next(self) -> None:
        """Tick the first step off that is not done."""
        undone = (at for at, each in enumerate(self._drafting.checklist) if not each.done)
        if (index := next(undone, None)) is not None:
            self.action_tick(index + 1)

    def action_send(self, status: str = "") -> None:
        """Send the reply, or add the note; refused in words while something is left to do."""
        text = self.text
        if missing := self._drafting.missing(text):
            host(self).say(f"not {'added' if self._drafting.is_note else 'sent'}: {missing}", "warn")
            return
        self._is_sending = True
        number, drafting = self.number, self._drafting
        if drafting.is_note:
            host(self).act(f"note on {number}", lambda desk: note_down(desk, number, text, drafting), self._answered)
        else:
            answer = drafting.answer(text, Status(status) if status else None, self._seen)
            host(self).act(f"reply to {number}", lambda desk: send(desk, number, answer), self._answered)

    def action_keep(self) -> None:
        """Leave once the text is kept for the next time; where it cannot be kept, stay."""
        words = "the draft is kept" if self.text.strip() else ""
        self._save(lambda: self._leave(sent=False, words=words))

    def action_discard(self) -> None:
        """Leave and forget the text, once this was asked for twice: it cannot be taken back."""
        if self.text.strip() and not self._may_discard:
            self._may_discard = True
            host(self).say("X again throws the text away; p keeps it", "warn")
            return
        words = "the draft is gone" if self.text.strip() else ""
        self._keep_aside(lambda: self._leave(sent=False, words=words))

    def action_save(self) -> None:
        """Keep the text now, and go on."""
        self._save()

    def action_quote(self) -> None:
        """Put the customer's last mail, quoted, below the text."""
        if (last := self._opened.last_from_customer) is None:
            host(self).say("there is no mail of the customer to quote", "warn")
        else:
            self.query_one(DraftArea).append(quote(last.sender, last.at, safe(last.text.rstrip())))

    def action_insert_macro(self) -> None:
        """Choose a macro; its text goes in at the cursor."""
        host(self).push_screen(MacroPicker(self._opened), self._insert)

    def action_editor(self) -> None:
        """Write on in the agent's own editor."""
        self._save()
        self.run_worker(self._edit(), exclusive=True)

    def action_bring_draft(self) -> None:
        """Put a kept draft that was set aside below the text, with what went with it."""
        if self._set_aside is not None:
            self.query_one(DraftArea).append(self._set_aside.text)
            self._drafting = self._drafting.with_plan(self._set_aside.plan)
            self._set_aside = None
            self._show()

    def action_help(self) -> None:
        """The keys that act here."""
        from tui.screens.help import HelpScreen  # noqa: PLC0415 - seldom needed

        host(self).push_screen(HelpScreen(Context.REVIEW if self.has_class("-review") else Context.COMPOSER))

    async def _edit(self) -> None:
        edited = await edit(host(self), self.text, f"{self.number}-{self._kind}.txt")
        self.refresh(layout=True)
        if edited.problem:
            host(self).say(edited.problem, "warn")
        elif edited.text is not None:
            area = self.query_one(DraftArea)
            area.replace(edited.text, area.document.start, area.document.end)
            self.action_edit()

    def _begin(self, beginning: Beginning) -> None:
        """Name the recipients, and bring a kept draft back: into an empty text at once, else on demand."""
        if not self.is_attached:
            return
        self.query_one(ComposeTitle).tell(recipients=(beginning.to, beginning.cc))
        if (draft := beginning.draft) is None:
            return
        saved = moment(draft.saved, host(self).desk.clock())
        if self.text.strip() and self.text != draft.text:
            self._set_aside = draft
            host(self).say(f"your draft of {saved} is set aside, ctrl+r puts it below")
            return
        if not self.text:
            self.query_one(DraftArea).insert_here(draft.text)
            host(self).say(f"your draft of {saved} is back")
        self._drafting = self._drafting.with_plan(draft.plan)
        self._kept = (draft.text, self._drafting)
        self._show()

    def _insert(self, filled: Filled | None) -> None:
        if filled is None:
            return
        if filled.macro.reply == "note" and not self._drafting.is_note:
            host(self).say(f"“{filled.macro.name}” is an internal note, not for the customer", "warn")
            return
        self._take(filled)
        self._show()

    def _take(self, filled: Filled) -> None:
        self._drafting = self._drafting.with_macro(filled)
        self.query_one(DraftArea).insert_here(filled.text)

    def _answered(self, outcome: Outcome) -> None:
        """Leave when it is sent; stay when it is not, and say why."""
        self._is_sending = False
        match outcome:
            case Sent():
                words = _sent(self._opened, outcome)
                if self._set_aside is not None:
                    self._keep_aside(lambda: None)
                self._leave(sent=True, closed=outcome.closed, words=words)
            case Moved():
                self._stay(outcome)
            case refused:
                host(self).say(str(refused), "error")

    def _stay(self, moved: Moved) -> None:
        """Show what somebody wrote meanwhile; what is sent next was written with that on the screen."""
        self._opened, self._seen = moved.opened, moved.opened.newest
        self.news(moved.opened)
        host(self).say(f"not sent: {safe_line(moved.by)} wrote in the meantime; y sends it as it is", "warn")

    def _leave(self, *, sent: bool, closed: bool = False, words: str = "") -> None:
        host(self).act(f"presence at {self.number}", leave)
        host(self).say(words)
        self._result = ComposeResult(sent, closed, self.number)
        self._go()

    def _go(self) -> None:
        """Close this screen when its work is done, unless another one is on top of it."""
        if self._result is not None and self.is_active:
            self.dismiss(self._result)

    def _autosave(self) -> None:
        if not self._is_sending and self._result is None and (self.text, self._drafting) != self._kept:
            self._save()

    def _save(self, then: Callable[[], None] | None = None) -> None:
        """Keep the text, a draft that was set aside below it, and what goes with both; `then` when it is done."""
        text, drafting, aside = self.text, self._drafting, self._set_aside
        whole = "\n\n".join(filter(str.strip, (text, aside.text if aside else "")))
        plan = drafting.with_plan(aside.plan if aside else None).plan
        self._keep(whole, plan, lambda: self._saved(text, drafting, then))

    def _keep_aside(self, then: Callable[[], None]) -> None:
        """Keep nothing but a draft that was set aside."""
        aside = self._set_aside
        self._keep(aside.text if aside else "", aside.plan if aside else None, then)

    def _keep(self, text: str, plan: Plan | None, then: Callable[[], None]) -> None:
        number, kind = self.number, self._kind
        host(self).act(f"draft on {number}", lambda desk: save_draft(desk, number, kind, text, plan), lambda _: then())

    def _saved(self, text: str, drafting: Drafting, then: Callable[[], None] | None) -> None:
        self._kept = (text, drafting)
        if self.is_attached:
            at = host(self).desk.clock().astimezone()
            self.query_one(ComposeTitle).tell(kept=f"draft saved {at:%H:%M}" if text.strip() else "")
        if then is not None:
            then()

    def _attend(self) -> None:
        number = self.number
        if self._result is None:
            host(self).act(f"presence at {number}", lambda desk: stay(desk, number), self.news)

    def _show(self) -> None:
        """Bring everything around the text up to date: the procedure, the review bar, and what is left to do."""
        is_review = self.has_class("-review")
        procedure, meanwhile = self.query_one(Procedure), self.query_one(Meanwhile)
        procedure.show(self._drafting, brief=self.has_class("-narrow") and not is_review)
        self.query_one(ReviewBar).show(len(self._drafting.checklist))
        self.set_class(procedure.display or meanwhile.display, "-beside")
        is_told = is_review or self._drafting.use is not None
        self.query_one(WritingLine).show(self._drafting.missing(self.text) if is_told else "")


def _sent(opened: OpenTicket, sent: Sent) -> str:
    """What is said once a reply or note is with the desk."""
    if sent.entry is None:
        return f"note added to {opened.ticket.number}, u takes it back"
    label = safe_line(opened.ticket.customer.label)
    due = sent.entry.due
    window = f"leaves at {due.astimezone():%H:%M:%S}, u takes it back" if due > sent.entry.created else "leaves now"
    return f"queued for {label.split()[0] if label else 'the customer'}, {window}"
