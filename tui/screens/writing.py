"""A screen on which a text is typed: its quotation, editor and procedure, and the bar under the finished text.

How macros get into it is in tui/screens/expanding.py, how it is kept in tui/screens/holding.py; where it goes, the
subclass says (tui/screens/compose.py).
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import TextArea

from desk.draft import DraftKind
from desk.drafts import Fate
from desk.quoting import last_words
from desk.safe import safe_line
from desk.signing import signed
from desk.wording import Wording
from tui.composer.editor import Editor
from tui.composer.heads import Read, heads_left, read_heads
from tui.composer.heads import with_heads as above
from tui.composer.keeping import Beginning
from tui.composer.leftovers import whose
from tui.front import front
from tui.host import host, stands
from tui.reader.opened import OpenTicket
from tui.screens.expanding import ExpandingScreen
from tui.widgets.compose_keys import ComposeKeys
from tui.widgets.compose_title import ComposeTitle, Heading
from tui.widgets.draft import DraftArea
from tui.widgets.envelope import Envelope
from tui.widgets.held import HeldBar, HeldDraft, HeldLine
from tui.widgets.meanwhile import Meanwhile
from tui.widgets.procedure import Procedure
from tui.widgets.review import ReviewBar
from tui.widgets.writing_line import WritingLine
from tui.words.tongue import tr


class WritingScreen(ExpandingScreen):
    """The text and what goes with it. What was written meanwhile stands beside it."""

    AUTO_FOCUS = "DraftArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "review", "review", show=False),
        Binding("ctrl+t", "insert_macro", "macro", show=False),
        Binding("ctrl+o", "quote", "quote", show=False),
        Binding("ctrl+g,f4", "editor", "editor", show=False),
        Binding("ctrl+s", "save", "save", show=False),
        Binding("ctrl+r", "bring_draft", "draft", show=False),
    ]

    def __init__(
        self,
        opened: OpenTicket,
        kind: DraftKind,
        text: str,
        *,
        in_editor: bool = False,
        wording: Wording | None = None,
    ) -> None:
        super().__init__(opened, kind, text, wording)
        self._seen = opened.newest
        self._brought = text
        self._is_going = False
        self._may_discard = False
        self._editor: Editor | None = None
        self._has_heads = False
        self._is_signed = kind is DraftKind.FORWARD  # there it stands above what is passed on
        self._begins_in_editor = in_editor

    def compose(self) -> ComposeResult:
        yield ComposeTitle(Heading(kind=self._kind, ticket=self._opened.ticket, others=self._opened.presences))
        yield Envelope()
        yield HeldLine()
        with Horizontal(id="desk"):
            yield DraftArea(self._brought)
            with Vertical(id="side"):
                yield HeldDraft()
                yield Meanwhile(self._seen)
                yield Procedure()
        yield WritingLine()
        yield ReviewBar(self._kind)
        yield HeldBar()
        yield ComposeKeys()

    def on_resize(self) -> None:
        self._show()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._show()

    def action_keep(self) -> None:
        """Leave once the text is kept for the next time."""
        raise NotImplementedError

    def action_review(self) -> None:
        """Stop typing and show what can be done with the text; where nothing was written, leave."""
        if not self.text.strip() and self._drafting.use is None:
            self.action_keep()
            return
        self._sign()
        self._autosave()
        self._may_discard = False
        self.add_class("-review")
        self.query_one(ReviewBar).focus()
        self._show()

    def _sign(self) -> None:
        """Put the signatures below the text, once: who takes them off again does not want them."""
        if self._is_signed or not self.text.strip():
            return
        self._is_signed, area = True, self.query_one(DraftArea)
        if (text := signed(self.text, self._signatures)) != self.text:
            chosen = area.selection
            area.replace_all(text)
            area.selection = chosen

    def action_edit(self) -> None:
        """Go on writing, also where leaving was asked for and waits for the store."""
        self._is_going = False
        self.remove_class("-review")
        self.query_one(DraftArea).focus()
        self._show()

    def action_tick(self, number: int) -> None:
        """Tick a step of the procedure off, or take the tick back."""
        if number <= len(self._drafting.checklist):
            step = safe_line(self._drafting.checklist[number - 1].text)
            self._send_along(self._drafting.ticked(number - 1), tr("the tick at “{step}”").format(step=step))

    def action_tick_next(self) -> None:
        """Tick the first step off that is not done."""
        undone = (at for at, each in enumerate(self._drafting.checklist) if not each.done)
        if (index := next(undone, None)) is not None:
            self.action_tick(index + 1)

    def action_quote(self) -> None:
        """Put what the customer last wrote, quoted, below the text."""
        if (last := self._opened.last_from_customer) is None:
            host(self).say(tr("there is no mail of the customer to quote"), "warn")
        else:
            self.query_one(DraftArea).append(last_words(last, None))

    def action_editor(self) -> None:
        """Write on in the agent's own editor."""
        self._save()
        self.run_worker(self._edit(), exclusive=True)

    def call_back(self) -> bool:
        """Take in what is saved in an editor by now, and tell it to end."""
        if self._editor is None:
            return False
        self._take_in(self._editor.read())
        self._editor.call_back()
        return True

    async def _edit(self, *, with_heads: bool = False) -> None:
        """Give the text to the agent's editor; `with_heads` puts whom it goes to and its subject above it."""
        self._has_heads = with_heads
        before = above(self.head.heads, signed(self.text, self._signatures)) if with_heads else self.text
        self._is_signed = self._is_signed or with_heads
        self._editor = editor = Editor(before, whose(host(self).desk))
        edited = await editor.edit(host(self), f"{self.number or 'new'}-{self._kind}.txt")
        self._editor = None
        problem = edited.problem or self._take_in(edited.text)
        if host(self).is_ending:
            self._save(editor.forget)
            if editor.is_called_back:  # else that comes as soon as the signal is taken in
                front(self).keep_and_leave()
            return
        self.refresh(layout=True)
        if problem:
            host(self).say(problem, "warn")
        elif with_heads:
            self.action_review() if edited.text is not None else self.abort()
        elif edited.text is not None:
            self.action_edit()

    def missing(self, text: str) -> str:
        """What stands between this text and its sending, in words; empty when nothing does."""
        return self._drafting.missing(text) or ("" if self._drafting.is_note else heads_left(text))

    def doubt(self, text: str) -> str:  # noqa: ARG002 - for those who have one
        """What may be a slip, in words, though nothing stands in the way."""
        return ""

    def abort(self) -> None:
        """Leave, because nothing was changed in the editor that was opened to begin with."""
        raise NotImplementedError

    def _take_in(self, text: str | None) -> str:
        """Put what came back from an editor in the text's place, and what stands above it where it belongs.

        Returns what is wrong with that, in words.
        """
        if text is None:
            return ""
        read = read_heads(text, host(self).desk.composer.reaches) if self._has_heads else Read(text, None)
        if read.heads is not None:
            self._drafting = self._drafting.worded(self.head.chosen(read.heads))
        area = self.query_one(DraftArea)
        area.replace(read.text, area.document.start, area.document.end)
        self._show()
        return read.problem

    def _begin(self, beginning: Beginning) -> None:
        super()._begin(beginning)
        if self._begins_in_editor and stands(self) and not self.is_watching:
            self._begins_in_editor = False
            self.run_worker(self._edit(with_heads=True), exclusive=True)

    def _show(self) -> None:
        """Bring everything around the text up to date: the procedure, the review bar, and what is left to do."""
        super()._show()
        is_review = self.has_class("-review")
        self._show_head(is_whole=is_review)
        procedure, meanwhile = self.query_one(Procedure), self.query_one(Meanwhile)
        procedure.show(self._drafting, brief=self.has_class("-narrow") and not is_review)
        lost = self._standing.lost
        self.query_one(ReviewBar).show(
            len(self._drafting.checklist),
            is_lost=lost is not None,
            is_merged=lost is not None and lost.fate is Fate.MERGED,
            has_files=bool(self.head.wording.enclosures),
            is_first=not self.number,
            has_news=bool(meanwhile.display),
        )
        self.set_class(procedure.display or meanwhile.display or self.query_one(HeldDraft).display, "-beside")
        self.set_class(bool(meanwhile.display), "-news")
        is_told = is_review or self._drafting.use is not None
        self.query_one(WritingLine).show((self.missing(self.text) or self.doubt(self.text)) if is_told else "")
