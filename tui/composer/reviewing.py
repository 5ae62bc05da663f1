"""Which keys a composer has: those of the text, those of the review, or those for a draft that is only read."""

from __future__ import annotations

from typing import Protocol, TypeVar

from textual.widget import Widget

from desk.draft import DraftKind
from tui.composer.addressing import Addressing
from tui.composer.letterhead import LetterHead
from tui.composer.manuscript import Manuscript
from tui.composer.page import Page
from tui.composer.signatures import Signatures
from tui.composer.way_out import WayOut
from tui.front import front
from tui.host import stands
from tui.widgets.held import HeldBar
from tui.widgets.review import ReviewBar

W = TypeVar("W", bound=Widget)


class ReviewingPage(Page, Protocol):
    """What this asks of its screen."""

    @property
    def is_watching(self) -> bool:
        """Whether a draft that is held elsewhere is only read here."""
        ...

    @property
    def is_reviewing(self) -> bool:
        """Whether the bar with all that can be done with the text is shown."""
        ...

    def query_one(self, selector: type[W]) -> W:
        """Its only widget of a kind."""
        ...

    def add_class(self, *class_names: str) -> object:
        """Let it look so."""
        ...

    def remove_class(self, *class_names: str) -> object:
        """Let it look so no longer."""
        ...

    def set_class(self, add: bool, *class_names: str) -> object:  # noqa: FBT001 - Textual's own
        """Let it look so, or not."""
        ...


class Reviewing:
    """Turns one composer from typing to its review and back. `brought` is the text that it began with."""

    def __init__(
        self,
        page: ReviewingPage,
        brought: str,
        manuscript: Manuscript,
        addressing: Addressing,
        signatures: Signatures,
        way_out: WayOut,
    ) -> None:
        self._page, self._brought, self._manuscript = page, brought, manuscript
        self._addressing, self._signatures, self._way_out = addressing, signatures, way_out

    def review(self) -> None:
        """Stop typing and show what can be done with the text; where nothing was written, leave."""
        if self._is_to_nobody():
            self._way_out.leave(sent=False)
        elif not self._manuscript.is_begun:
            self._way_out.keep()
        else:
            self._signatures.put()
            if self._signatures.known is None:  # the desk is busy
                front(self._page.screen).read("around", self._manuscript.keeper.around, self._read_around)
            self._manuscript.autosave()
            self._way_out.review()
            self._page.add_class("-review")
            self._page.screen.set_focus(self._page.query_one(ReviewBar))
            self._page.show()

    def surround(self, head: LetterHead, signatures: tuple[str, ...]) -> None:
        """Take in what stands around the text and below it."""
        self._addressing.name(head)
        self._signatures.known = signatures
        if self._page.is_reviewing:
            self._signatures.put()
        self._page.show()

    def _read_around(self, around: tuple[LetterHead, tuple[str, ...]]) -> None:
        if stands(self._page.screen) and self._signatures.known is None:
            self.surround(*around)

    def edit(self) -> None:
        """Go on writing, also where leaving was asked for and waits for the store."""
        self._way_out.stay()
        self._page.remove_class("-review")
        self._page.area.focus()
        self._page.show()

    def only_read(self, *, is_so: bool) -> None:
        """Only read the draft that is held elsewhere, or write again."""
        if is_so != self._page.is_watching:
            self._page.set_class(is_so, "-watching")
            self._page.remove_class("-review")
            (self._page.query_one(HeldBar) if is_so else self._page.area).focus()

    def led_to(self, widget: Widget) -> None:
        """Go on writing where Tab or a click leads into the text, so that no key types under a bar that says another.

        What is only read has no keys of its own: those of the bar act on.
        """
        if widget is not self._page.area or self._page.screen.focused is not widget:  # told late: it was left since
            return
        if self._page.is_watching:
            self._page.query_one(HeldBar).focus()
        elif self._page.is_reviewing:
            self.edit()

    def _is_to_nobody(self) -> bool:
        """Whether it is a forward to nobody, of which nothing was written."""
        is_untouched = not self._page.is_watching and self._manuscript.text == self._brought
        is_forward = self._manuscript.keeper.kind is DraftKind.FORWARD
        return is_forward and is_untouched and not self._addressing.head.heads.to
