"""Whom a mail that is written goes to, and what it is called: as the ticket says, or as somebody chose.

As the ticket said when the writing began, that is: a mail that comes meanwhile takes nobody's answer to somebody else.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Protocol

from desk.addressed import Asked, kept_to
from desk.draft import Draft, DraftKind
from desk.wording import Wording
from tui.composer.heads import Heads
from tui.composer.letterhead import AS_SAID, NO_MAIL, LetterHead, stays_elsewhere
from tui.composer.manuscript import Manuscript
from tui.composer.page import Page
from tui.composer.retracting import Retracting
from tui.front import front
from tui.host import host, stands
from tui.keys.naming import with_keys
from tui.words.tongue import tr

_PATIENCE, _PATIENCE_FOR_FORM = 1.0, 3.0
"""Seconds that keys wait at most for what the writing begins with: a text that was kept, or a form."""


class AddressingPage(Page, Protocol):
    """What this asks of its screen."""

    @property
    def asks_first(self) -> bool:
        """Whether it begins with the question whom the mail goes to."""
        ...

    @property
    def form_heading(self) -> str:
        """What stands over the form in which that is answered."""
        ...


class Addressing:
    """Who gets one mail. What is chosen is kept with the text, so that an undo or a colleague has it too."""

    def __init__(self, page: AddressingPage, manuscript: Manuscript, retracting: Retracting) -> None:
        self._page, self._manuscript, self._retracting = page, manuscript, retracting
        self._base, self._begun_for = NO_MAIL, Heads()
        self._has_begun, self._opened = False, time.monotonic()

    @property
    def head(self) -> LetterHead:
        """What stands around the text, as it would leave now."""
        return replace(self._base, wording=self._manuscript.drafting.wording or AS_SAID)

    @property
    def stays(self) -> str:
        """That the text goes to whom it was written though its ticket asks for others by now, in words; else empty."""
        kept, said = self._manuscript.stays_to, self._manuscript.drafting.wording
        return stays_elsewhere(self.head) if kept and said and said.to == kept.to else ""

    def around(self, read: Draft | None) -> tuple[LetterHead, str]:
        """The head and whom it stays to, in words: of the text, or of a draft that is only read in its place."""
        if read is None:
            return self.head, self.stays
        head = replace(self._base, wording=read.wording or AS_SAID)
        return head, stays_elsewhere(head) if read.stays_to else ""

    @property
    def is_beginning(self) -> bool:
        """Whether what it begins with has yet to come: what is typed is for a form, then, or for a text that was kept.

        That is waited for only so long: a desk that is locked stops nobody from typing.
        """
        patience = _PATIENCE_FOR_FORM if self._page.asks_first else _PATIENCE
        return not self._has_begun and time.monotonic() - self._opened < patience

    def name(self, base: LetterHead) -> None:
        """Take in what the ticket says; whom it first named the text is for, whomever it asks for later."""
        self._base = base
        if not self._begun_for.to:
            self._begun_for = base.usual
        self.stay()

    def stay(self) -> None:
        """Let the text go to whom it was begun for, where nobody else was chosen."""
        was, now = (Asked(each.to, each.cc, each.subject) for each in (self._begun_for, self._base.usual))
        if was.to and now.to and (kept := kept_to(self._manuscript.drafting.wording, was, now)) is not None:
            self._manuscript.stay_to(kept)
            self._page.show()

    def begin(self, *, is_typing: bool) -> None:
        """Ask whom it goes to, where that comes first and nobody is named; it is only told to somebody who is typing.

        A form that opened late would take half a sentence for an address.
        """
        self._has_begun = True
        if not self._page.asks_first or self.head.heads.to:
            return
        if is_typing:
            words = tr("nobody gets this yet: {key_review}, then {key_recipients} says whom")
            host(self._page.screen).say(with_keys(words), "warn")
        else:
            self.ask()

    def ask(self) -> None:
        """Choose who gets the mail, and what it is called."""
        from tui.screens.recipients import RecipientsScreen

        last, head = self._page.opened.last_from_customer, self.head
        is_answer = last is not None and self._manuscript.keeper.kind is DraftKind.REPLY
        form = RecipientsScreen(
            head.heads,
            host(self._page.screen).desk.composer.reaches,
            everybody=head.usual if is_answer else None,
            author=last.sender if is_answer and last is not None else None,
            heading=self._page.form_heading,
        )
        host(self._page.screen).push_screen(form, self._chosen)

    def look(self) -> None:
        """See whom an answer goes to by now: a newer mail may ask for somebody else."""
        if not self._manuscript.drafting.is_note:
            front(self._page.screen).read("letterhead", self._manuscript.keeper.head, self._looked)

    def take_in(self, heads: Heads) -> None:
        """Take over whom somebody named above the text."""
        self._manuscript.drafting = self._manuscript.drafting.worded(self._said(heads))

    def _said(self, heads: Heads) -> Wording:
        """What was chosen with these heads; once the ticket asks for others whom they name is said, be it the usual."""
        said = self.head.chosen(heads)
        return said if self._manuscript.stays_to is None else replace(said, to=heads.to, cc=heads.cc)

    def _chosen(self, heads: Heads | None) -> None:
        if heads is not None:
            self._retracting.word(self._said(heads), tr("who gets it and what it is called"))

    def _looked(self, head: LetterHead) -> None:
        if stands(self._page.screen) and head != self._base:
            self.name(head)
            self._page.show()
