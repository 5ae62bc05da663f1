"""Choosing a macro: typed letters narrow the list, the preview shows what it would say and do on this ticket."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.worker import Worker

from desk.beginning import Beginning
from desk.desk import Desk
from desk.errors import MacroError, RefusedError, TandemError
from desk.safe import safe, safe_line
from macros.fill import Filled
from macros.script import Macro
from macros.suggest import narrow
from tui.composer.draft_text import gap_spans
from tui.composer.offering import Glimpse, Offer, glimpse, offer, offer_first, refuse_words_for_several
from tui.front import front
from tui.host import host, stands
from tui.keys import Context
from tui.reader.opened import OpenTicket
from tui.screens.ask import asked
from tui.screens.pickers import Choices, Picker
from tui.words.heard import heard
from tui.words.tongue import mark, tr


class MacroPicker(Picker[Filled]):
    """The macros for one ticket. Gives the chosen one filled in, its questions answered; None: none was chosen.

    `beginning` is a mail that is to open a ticket; there is none yet then.
    """

    PLACE = Context.MACROS
    HEADING = mark("Macros")
    HINT = mark("{key_choose} takes it   {key_read_on} reads on   {key_leave} leaves")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "read_on(1)", "read on", show=False),
        Binding("pageup", "read_on(-1)", "read back", show=False),
    ]

    def __init__(self, opened: OpenTicket, beginning: Beginning | None = None, *, several: int = 1) -> None:
        super().__init__()
        self._opened, self._several = opened, several
        self._beginning = beginning
        self._problems: tuple[MacroError, ...] = ()
        self._offer: Offer | None = None
        self._is_taken = False
        """Whether Enter was pressed before it was known what there is."""
        self._filling: Worker[None] | None = None

    def body(self) -> ComposeResult:
        with Horizontal(id="macros"):
            yield Choices()
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="words", markup=False)

    def on_mount(self) -> None:
        if self._several > 1:
            words = tr("Macros for {count} tickets").format(count=f"{self._several:,}")
            self.query_one("#heading", Static).update(Content(words))
        front(self).look("macros", self._read, self._offered)

    def _read(self, desk: Desk) -> tuple[Offer, tuple[MacroError, ...]]:
        """What is offered, and which files cannot be used; in another thread."""
        library, beginning = front(self).library, self._beginning
        macros = library.macros()
        if beginning is None:
            return offer(desk, macros, self._opened.ticket.number), library.problems()
        return offer_first(desk, macros, beginning), library.problems()

    def offer(self, typed: str) -> None:
        if self._offer is None:
            return
        found = narrow(self._offer.macros, typed) if typed.strip() else self._offer.macros
        today = host(self).desk.clock().date()
        self.query_one(Choices).offer((each.slug, self._row(each, today)) for each in found)
        if not found:
            self.query_one("#words", Static).update(Content(""))
            self.tell_empty()
            self._say_problems()

    def choose(self) -> None:
        self._is_taken = self._offer is None
        if (macro := self._macro(self.chosen)) is not None:
            self._filling = self._ask(macro)

    @property
    def is_at_work(self) -> bool:
        """Whether a macro is being taken or filled in: what is typed is for its text, or for what it asks."""
        return self._is_taken or (self._filling is not None and not self._filling.is_finished)

    def action_read_on(self, pages: int) -> None:
        """Move the preview on, or back, by a page."""
        preview = self.query_one("#preview")
        preview.scroll_relative(y=pages * (preview.size.height - 1), animate=False)

    @work(exclusive=True)
    async def _ask(self, macro: Macro) -> None:
        if self._offer is None:
            return
        try:
            refuse_words_for_several(macro, self._several)
            filled = await asked(host(self), macro, self._offer.facts)
        except RefusedError as refused:
            self.hint(str(refused) if self._several > 1 else refused.message, warns=True)
        except TandemError as error:
            self.hint(str(error), warns=True)
        else:
            self.dismiss(filled)

    @on(OptionList.OptionHighlighted)
    def preview(self, event: OptionList.OptionHighlighted) -> None:
        """Show what the marked macro would say and do."""
        event.stop()
        if (macro := self._macro(event.option.id)) is not None and self._offer is not None:
            self.query_one("#words", Static).update(preview_words(macro, glimpse(macro, self._offer.facts)))
            self.query_one("#preview").scroll_home(animate=False)
            self._say_problems()

    def _offered(self, read: tuple[Offer, tuple[MacroError, ...]]) -> None:
        if stands(self):
            self._offer, self._problems = read
            self.offer(self.query_one(Input).value)
            self._say_problems()
            if self._is_taken:
                self.choose()

    def _say_problems(self) -> None:
        """Say which macro files cannot be used, where there are any."""
        problems = [each.message.replace(each.path, Path(each.path).name) for each in self._problems]
        more = " " + tr("(and {count} more)").format(count=len(problems) - 1) if len(problems) > 1 else ""
        self.hint(heard(safe_line(problems[0])) + more if problems else "", warns=bool(problems))

    def _macro(self, slug: str | None) -> Macro | None:
        macros: tuple[Macro, ...] = self._offer.macros if self._offer else ()
        return next((each for each in macros if each.slug == slug), None)

    def _row(self, macro: Macro, today: date) -> Content:
        fits = self._offer is not None and macro.slug in self._offer.fitting
        key = f",{macro.key}" if macro.key else ""
        marks = [*([tr("fits")] if fits else []), *([tr("review overdue")] if _is_overdue(macro, today) else [])]
        return Content.assemble(
            (f"{safe_line(key):<4}", "bold $accent"),
            (safe_line(macro.name), "bold" if fits else ""),
            (f"  {', '.join(marks)}" if marks else "", "$muted"),
        )


def preview_words(macro: Macro, shown: Glimpse) -> Content:
    """A macro as its preview tells it: where it belongs, its text, its steps, what it asks and does."""
    facts = " · ".join(safe_line(each) for each in (macro.folder, macro.language, _kind(macro)) if each)
    title = Content.assemble((safe_line(macro.name), "bold $foreground"), (f"   {facts}" if facts else "", "$muted"))
    if shown.problem:
        return Content.assemble(title, "\n\n", (heard(safe(shown.problem)), "$warning"))
    told = [
        *([_steps(shown)] if shown.steps else []),
        *([tr("Asks: {words}").format(words=", ".join(map(safe_line, shown.asks)))] if shown.asks else []),
        *([tr("Then: {actions}").format(actions=_actions(shown))] if shown.actions else []),
    ]
    parts = [title, *([_with_gaps(safe(shown.text))] if shown.text else []), Content.styled("\n".join(told), "$muted")]
    return Content("\n\n").join(parts)


def _steps(shown: Glimpse) -> str:
    words = tr("Steps {count} ({required} required)") if shown.required else tr("Steps {count}")
    return words.format(count=shown.steps, required=shown.required)


def _actions(shown: Glimpse) -> str:
    return " · ".join(heard(safe_line(each)) for each in shown.actions)


def _with_gaps(text: str) -> Content:
    """A text with its gaps marked."""
    content = Content(text)
    for start, end in gap_spans(text):
        content = content.stylize("bold $gap", start, end)
    return content


def _kind(macro: Macro) -> str:
    return {"note": tr("an internal note"), "none": tr("actions only")}.get(macro.reply, "")


def _is_overdue(macro: Macro, today: date) -> bool:
    return macro.review_by is not None and macro.review_by < today
