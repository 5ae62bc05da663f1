"""What the keys of a composer do; its parts do it (tui/composer/)."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen

from desk.quoting import last_words
from tui.composer.parts import Parts
from tui.composer.sending import Finished
from tui.host import host, stands
from tui.reader.opened import OpenTicket
from tui.widgets.answered import Answered
from tui.widgets.draft import DraftArea
from tui.widgets.review import READ_NEWS, READ_ON, ReviewBar
from tui.words.tongue import tr


class ComposingActions(Screen[Finished]):
    """A screen that a text is written on. `opened` is its ticket as it was last read, `parts` what it has."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "review", "review", show=False),
        Binding("ctrl+t", "insert_macro", "macro", show=False),
        Binding("ctrl+o", "quote", "quote", show=False),
        Binding("ctrl+g,f4", "editor", "editor", show=False),
        Binding("ctrl+s", "save", "save", show=False),
        Binding("ctrl+r", "bring_draft", "draft", show=False),
    ]

    opened: OpenTicket
    parts: Parts

    @property
    def area(self) -> DraftArea:
        """Where the text stands."""
        return self.query_one(DraftArea)

    def action_review(self) -> None:
        """Stop typing and show what can be done with the text; where nothing was written, leave."""
        self.parts.reviewing.review()

    def action_edit(self) -> None:
        """Go on writing, also where leaving was asked for and waits for the store."""
        self.parts.enclosing.stay()
        self.parts.reviewing.edit()

    def action_quote(self) -> None:
        """Put what the customer last wrote, quoted, below the text; of a mail, what those it goes to have seen."""
        to = () if self.parts.manuscript.drafting.is_note else self.parts.addressing.head.heads.to
        if (last := self.opened.last_known_to(to)) is None:
            host(self).say(tr("there is no mail of the customer to quote"), "warn")
        else:
            self.area.append(last_words(last, None))

    def action_tick(self, number: int) -> None:
        """Tick a step of the procedure off, or take the tick back."""
        self.parts.retracting.tick(number - 1)

    def action_tick_next(self) -> None:
        """Tick the first step off that is not done."""
        undone = (at for at, each in enumerate(self.parts.manuscript.drafting.checklist) if not each.done)
        if (index := next(undone, None)) is not None:
            self.parts.retracting.tick(index)

    def action_read_on(self, lines: int) -> None:
        """Move on in what stands beside the text, then down a low screen, then in the text.

        Back in the text and on the screen first; beside the text in what is new before what is answered, which begins
        with its end.
        """
        in_sight = self.size.height - self.query_one("#foot").size.height
        beside = [(each, each.size.height) for each in (self._beside, self._answered) if each.is_on_screen]
        own = [(self, in_sight), (self.area, self.area.size.height)]
        for part, rows in [*beside, *own] if lines > 0 else [*reversed(own), *beside]:
            if part.scroll_y < part.max_scroll_y if lines > 0 else part.scroll_y > 0:
                most = max(rows - 1, 1)
                part.scroll_relative(y=max(min(lines, most), -most), animate=False)
                return

    def tell_more(self) -> None:
        """Say in the review that there is more to read than fits."""
        if stands(self):
            is_long = self._answered.is_on_screen and self._answered.max_scroll_y > 0
            fits = not (self.max_scroll_y or self.area.max_scroll_y or is_long)
            more = READ_NEWS if self._beside.max_scroll_y else "" if fits else READ_ON
            self.query_one(ReviewBar).tell_more(more, is_back=is_long)

    @property
    def _answered(self) -> Answered:
        return self.query_one(Answered)

    @property
    def _beside(self) -> Vertical:
        return self.query_one("#told", Vertical)

    def action_insert_macro(self) -> None:
        """Choose a macro; its text goes in at the cursor."""
        self.parts.expanding.choose()

    def action_editor(self) -> None:
        """Write on in the agent's own editor, also where leaving was asked for and waits for the store."""
        self.parts.enclosing.stay()
        self.parts.way_out.stay()
        self.parts.editing.open()

    def action_save(self) -> None:
        """Keep the text now, and go on."""
        self.parts.manuscript.save()

    def action_keep(self) -> None:
        """Leave once the text is kept for the next time."""
        self.parts.enclosing.after_reading("keep", self.parts.way_out.keep)

    def action_discard(self) -> None:
        """Leave and throw the text away."""
        self.parts.way_out.discard()

    def action_bring_draft(self) -> None:
        """Put what was set aside below the text, or take the draft over."""
        self.parts.holding.bring_draft()

    def action_take_over(self) -> None:
        """Hold the draft here."""
        self.parts.holding.take_over()

    def action_ask_for_it(self) -> None:
        """Take a draft over that is only read."""
        self.parts.holding.ask_for_it()

    def action_say_read_only(self) -> None:
        """Tell somebody who types that nothing is written."""
        self.parts.holding.say_read_only()

    def action_recipients(self) -> None:
        """Choose who gets the mail, and what it is called."""
        self.parts.addressing.ask()

    def action_attach(self) -> None:
        """Choose a file that goes along."""
        self.parts.enclosing.attach()

    def action_detach(self) -> None:
        """Let a file stay here after all."""
        self.parts.enclosing.detach()

    def action_give(self) -> None:
        """Put the text into a colleague's hands."""
        self.parts.enclosing.after_reading("give", self.parts.giving.give)

    def action_send(self, status: str = "") -> None:
        """Send the mail, with a status for its ticket, or add the note."""
        self.parts.dispatch.send(status)

    def action_send_snoozed(self) -> None:
        """Send the mail and put its ticket off."""
        self.parts.dispatch.send_snoozed()

    def action_take_back(self) -> None:
        """Take back what was chosen here last."""
        self.parts.retracting.take_back()
        self.parts.addressing.stay()
