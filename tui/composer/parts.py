"""The parts of one composer, put together: each has one subject, and says what it asks of the screen."""

from __future__ import annotations

from typing import Protocol

from desk.draft import DraftKind
from desk.wording import Wording
from tui.composer.addressing import Addressing, AddressingPage
from tui.composer.attending import Attending, AttendingPage
from tui.composer.dispatch import Dispatch, DispatchPage
from tui.composer.editing import Editing, EditingPage
from tui.composer.enclosing import Enclosing
from tui.composer.expanding import Expanding, ExpandingPage
from tui.composer.giving import Giving, GivingPage
from tui.composer.holding import Holding, HoldingPage
from tui.composer.keeping import Keeper
from tui.composer.manuscript import Manuscript, ManuscriptPage
from tui.composer.retracting import Retracting
from tui.composer.reviewing import Reviewing, ReviewingPage
from tui.composer.signatures import Signatures
from tui.composer.way_out import WayOut, WayOutPage


class ComposerPage(
    AddressingPage,
    AttendingPage,
    DispatchPage,
    EditingPage,
    ExpandingPage,
    GivingPage,
    HoldingPage,
    ManuscriptPage,
    ReviewingPage,
    WayOutPage,
    Protocol,
):
    """All that they ask of it."""


class Parts:
    """What a composer has: its text, whose that is, where it goes, and how it gets there."""

    def __init__(
        self, page: ComposerPage, keeper: Keeper, text: str, wording: Wording | None, *, in_editor: bool
    ) -> None:
        self.manuscript = Manuscript(page, keeper, text, wording)
        self.holding = Holding(page, self.manuscript)
        self.retracting = Retracting(page, self.manuscript)
        self.addressing = Addressing(page, self.manuscript, self.retracting)
        self.enclosing = Enclosing(page, self.manuscript, self.retracting)
        self.expanding = Expanding(page, self.manuscript)
        is_above = keeper.kind is DraftKind.FORWARD  # what is passed on, as it begins
        self.signatures = Signatures(page, is_signed=is_above)
        self.editing = Editing(page, self.manuscript, self.addressing, self.signatures, begins=in_editor)
        self.way_out = WayOut(page, self.manuscript, self.holding)
        self.reviewing = Reviewing(page, text, self.manuscript, self.addressing, self.signatures, self.way_out)
        self.giving = Giving(page, self.manuscript, self.holding, self.way_out)
        self.dispatch = Dispatch(page, self.manuscript, self.holding, self.addressing, self.enclosing, self.way_out)
        self.attending = Attending(page, page.opened.presences)
