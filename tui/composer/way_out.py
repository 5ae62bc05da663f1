"""How a composer is left: with its text kept, or thrown away with one key, since an undo brings it back.

Without a store, throwing away is asked twice.
"""

from __future__ import annotations

from functools import partial
from typing import Protocol

from desk.actions.attend import leave
from tui.composer.holding import Holding
from tui.composer.manuscript import Manuscript
from tui.composer.page import Page
from tui.composer.sending import Finished
from tui.front import front
from tui.host import host
from tui.keys.naming import with_keys
from tui.words.tongue import tr


class WayOutPage(Page, Protocol):
    """What this asks of its screen."""

    @property
    def is_active(self) -> bool:
        """Whether it is on top of the others, or just below what is about to go."""
        ...

    def dismiss(self, result: Finished) -> object:
        """Close the screen."""
        ...

    def put_down(self) -> str:
        """Put the text into a file, since it cannot be saved. Returns where, in words; nothing where it did not."""
        ...


class WayOut:
    """The end of one composer. `finished`: it has come, and the screen goes as soon as it can."""

    def __init__(self, page: WayOutPage, manuscript: Manuscript, holding: Holding) -> None:
        self._page, self._manuscript, self._holding = page, manuscript, holding
        self.is_going = self._may_discard = False
        """Whether it is being left, once the text is kept or thrown away, unless writing goes on meanwhile."""
        self.is_discarding = False
        self.finished: Finished | None = None

    def review(self) -> None:
        """What was asked before the text was looked at again is not asked any more."""
        self._may_discard = False

    def stay(self) -> None:
        """Go on with the text, also where leaving was asked for and waits for the store."""
        self.is_going = False

    def keep(self) -> None:
        """Leave once the text is kept for the next time; where it cannot be kept, stay."""
        has_text = bool(self._manuscript.text.strip())
        if front(self._page.screen).is_outdated:
            if (words := self._page.put_down()) or not has_text:
                self.leave(sent=False, words=words)
            return
        kept = tr("what you wrote is kept aside") if self._holding.standing.lost else tr("the draft is kept")
        self.save_and_leave(kept if has_text else "")

    def save_and_leave(self, words: str) -> None:
        """Leave with these words once the text is kept, unless writing goes on meanwhile."""
        self.is_going, text = True, self._manuscript.text
        self._manuscript.save(lambda: self._go_from(text, words), self.stay)

    def discard(self) -> None:
        """Leave and throw the text away, but nobody else's, and nothing that was set aside."""
        if self.is_discarding:
            return
        if not front(self._page.screen).is_outdated:
            self._throw_away()
        elif self._manuscript.text.strip() and not self._may_discard:
            self._may_discard = True
            words = tr("{key_discard} again throws the text away; {key_keep} keeps it in a file")
            host(self._page.screen).say(with_keys(words), "warn")
        else:  # nothing can be forgotten any more
            self.leave(sent=False)

    def leave(self, *, sent: bool, closed: bool = False, words: str = "") -> None:
        """Leave with these words; `sent`: the text is with the desk, which has `closed` the ticket."""
        host(self._page.screen).be_seen(leave)
        host(self._page.screen).say(words)
        self.finished = Finished(sent, closed, self._page.opened.ticket.number)
        self.go()

    def go(self) -> None:
        """Close the screen when its work is done, unless another one is on top of it."""
        if self.finished is not None and self._page.is_active:
            self._page.dismiss(self.finished)

    def _throw_away(self) -> None:
        manuscript, text = self._manuscript, self._manuscript.text
        self.is_going = self.is_discarding = True
        work = partial(manuscript.keeper.throw_away, written=manuscript.written, is_read=manuscript.is_read)
        front(self._page.screen).act(
            manuscript.name,
            work,
            lambda comes_back: self._thrown_away(text, comes_back=comes_back),
            self._stay_with_it,
        )

    def _thrown_away(self, text: str, *, comes_back: bool) -> None:
        self._manuscript.count_as_gone()
        self.is_discarding = False
        gone = tr("the draft is gone") if text.strip() else ""
        self._go_from(text, with_keys(tr("the draft is gone, {key_undo} brings it back")) if comes_back else gone)

    def _stay_with_it(self) -> None:
        self.is_going = self.is_discarding = False

    def _go_from(self, text: str, words: str) -> None:
        """Leave what is kept or forgotten by now, unless writing went on meanwhile."""
        if self.is_going and self._manuscript.text == text:
            self.leave(sent=False, words=words)
        self.is_going = False
