"""What stands around a text that is written: whose the draft is, the mail's head, the procedure, and what is left."""

from __future__ import annotations

from typing import Protocol, TypeVar

from textual.widget import Widget

from desk.draft import DraftKind
from desk.mentions import named_in
from desk.safe import safe_line
from tui.composer.letterhead import leads_elsewhere, newcomers, takes_no_forward
from tui.composer.page import Page
from tui.composer.parts import Parts
from tui.host import host
from tui.widgets.answered import Answered
from tui.widgets.compose_keys import ComposeKeys
from tui.widgets.envelope import Envelope, Shown
from tui.widgets.held import BELOW, BESIDE, HeldDraft, HeldLine, held_title, held_words
from tui.widgets.meanwhile import Meanwhile
from tui.widgets.procedure import Procedure
from tui.widgets.review import ReviewBar
from tui.widgets.writing_line import WritingLine
from tui.words.tongue import tr

ROOMY, HIGH = 120, 30
"""Columns from which on what is answered stands beside the text, and rows from which on below what else does."""
W = TypeVar("W", bound=Widget)


class SurroundedPage(Page, Protocol):
    """What this asks of the screen."""

    @property
    def is_watching(self) -> bool:
        """Whether a draft that is held elsewhere is only read here."""
        ...

    @property
    def is_reviewing(self) -> bool:
        """Whether the bar with all that can be done with the text is shown."""
        ...

    @property
    def answers(self) -> bool:
        """Whether it goes on with the talk on one ticket."""
        ...

    def missing(self, text: str) -> str:
        """What stands between this text and its sending, in words; empty when nothing does."""
        ...

    def query_one(self, selector: type[W]) -> W:
        """Its only widget of a kind."""
        ...

    def has_class(self, *class_names: str) -> bool:
        """Whether it looks so."""
        ...

    def set_class(self, add: bool, *class_names: str) -> object:  # noqa: FBT001 - Textual's own
        """Let it look so, or not."""
        ...


def show_around(page: SurroundedPage, parts: Parts) -> None:
    """Bring everything around the text up to date."""
    _show_held(page, parts)
    _show_head(page, parts)
    drafting, meanwhile, procedure = parts.manuscript.drafting, page.query_one(Meanwhile), page.query_one(Procedure)
    meanwhile.reach_back(page.opened, parts.manuscript.seen)
    procedure.show(drafting, brief=page.has_class("-narrow") and not page.is_reviewing)
    lost = parts.holding.standing.lost
    page.query_one(ReviewBar).show(
        len(drafting.checklist),
        is_lost=lost is not None,
        is_merged=lost is not None and lost.has_moved,
        has_files=bool(parts.enclosing.files),
        is_first=not page.opened.ticket.number,
    )
    page.set_class(procedure.display or meanwhile.display or page.query_one(HeldDraft).display, "-beside")
    page.set_class(bool(meanwhile.display), "-news")
    _show_answered(page, meanwhile)
    is_told, text = page.is_reviewing or drafting.use is not None, parts.manuscript.text
    page.query_one(WritingLine).show((page.missing(text) or _doubt(page, parts, text)) if is_told else "")


def _show_answered(page: SurroundedPage, meanwhile: Meanwhile) -> None:
    """Show what is answered where the terminal is wide, and high enough for all that stands beside the text."""
    width, height = page.screen.size
    has_room = page.answers and width >= ROOMY
    page.set_class(has_room, "-answering")
    page.set_class(has_room and height < HIGH and page.has_class("-beside"), "-crowded")
    if has_room:
        page.query_one(Answered).show(page.opened, meanwhile.arrived)


def _doubt(page: SurroundedPage, parts: Parts, text: str) -> str:
    """What may be a slip, in words, though nothing stands in the way: a note that calls somebody whom nobody knows."""
    handles, me = page.area.handles, page.opened.me
    if parts.manuscript.drafting.is_note and me and (unknown := named_in(text, (*handles, me)).unknown):
        names = ", ".join(f"@{safe_line(each)}" for each in unknown)
        return tr("nobody here is called {names}").format(names=names)
    return ""


def _show_held(page: SurroundedPage, parts: Parts) -> None:
    """Say what became of a draft that is not held here, and show it."""
    standing, now = parts.holding.standing, host(page.screen).desk.clock()
    page.query_one(ComposeKeys).show(is_aside=bool(standing.aside) and standing.lost is None)
    line, draft = page.query_one(HeldLine), page.query_one(HeldDraft)
    if (lost := standing.lost) is None:
        line.show("", "")
        draft.show(None)
        return
    typing = lost.now is not None and parts.attending.is_answering(lost.now.author)
    line.show(*held_words(lost, now, typing=typing, watching=page.is_watching))
    title = held_title(lost.now, page.opened.me, now) if lost.now else ""
    most = BELOW if page.has_class("-narrow") else BESIDE
    draft.show(lost.now, title, None if page.is_watching else most)


def _show_head(page: SurroundedPage, parts: Parts) -> None:
    """Say who writes to whom; of a note there is nothing to say."""
    lost = parts.holding.standing.lost
    head, stays = parts.addressing.around(lost.now if page.is_watching and lost is not None else None)
    page.heading.tell(recipients=(head.heads.to, head.heads.cc))
    if not parts.manuscript.drafting.is_note:
        is_forward = parts.manuscript.keeper.kind is DraftKind.FORWARD
        refused = takes_no_forward(page.opened, head.heads) if is_forward else ""
        warning = refused or stays or leads_elsewhere(page.opened, head.heads)
        if page.is_reviewing and not warning:
            warning = newcomers(page.opened, head.heads)
        page.query_one(Envelope).show(Shown(head, warning, is_whole=page.is_reviewing))
