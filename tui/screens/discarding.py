"""Throwing away what is written: with one key, since an undo brings it back; without a store, once asked twice."""

from __future__ import annotations

from tui.composer.drafting import Drafting
from tui.front import front
from tui.host import host
from tui.keys.naming import with_keys
from tui.screens.putting_off import PuttingOffScreen
from tui.words.tongue import tr


class DiscardingScreen(PuttingOffScreen):
    """A text that can be thrown away; how the screen is left, its subclass says."""

    _is_discarding = False

    def action_discard(self) -> None:
        """Leave and throw the text away, but nobody else's, and nothing that was set aside."""
        if self._is_discarding:
            return
        if not front(self).is_outdated:
            self._discard()
        elif self.text.strip() and not self._may_discard:
            self._may_discard = True
            words = tr("{key_discard} again throws the text away; {key_keep} keeps it in a file")
            host(self).say(with_keys(words), "warn")
        else:  # nothing can be forgotten any more
            self._leave(sent=False)

    def _discard(self) -> None:
        text, drafting, is_read, keeper = self.text, self._drafting, self._is_read, self._keeper
        self._is_going = self._is_discarding = True
        front(self).act(
            self.draft_name,
            lambda desk: keeper.throw_away(desk, text, drafting.plan, wording=drafting.wording, is_read=is_read),
            lambda comes_back: self._discarded(text, comes_back=comes_back),
            self._stay_with_it,
        )

    def _discarded(self, text: str, *, comes_back: bool) -> None:
        self._kept, self._is_discarding = ("", Drafting(kind=self._kind)), False
        gone = tr("the draft is gone") if text.strip() else ""
        self._go_from(text, with_keys(tr("the draft is gone, {key_undo} brings it back")) if comes_back else gone)

    def _stay_with_it(self) -> None:
        self._is_going = self._is_discarding = False

    def _go_from(self, text: str, words: str) -> None:
        """Leave what is kept or forgotten by now, unless writing went on meanwhile."""
        if self._is_going and self.text == text:
            self._leave(sent=False, words=words)
        self._is_going = False

    def _leave(self, *, sent: bool, closed: bool = False, words: str = "") -> None:
        raise NotImplementedError
