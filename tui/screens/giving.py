"""A screen from which an unfinished text goes to a colleague: `h` in the review, and `u` takes it back."""

from __future__ import annotations

from collections.abc import Sequence

from desk.draft import Draft
from desk.errors import DraftMoved, TandemError
from desk.people import Agent, Handle
from desk.safe import safe_line
from tui.composer.handing import partners
from tui.composer.keeping import told_lost
from tui.front import front
from tui.host import host, stands
from tui.keys.naming import with_keys
from tui.screens.writing import WritingScreen
from tui.words.tongue import tr


class GivingScreen(WritingScreen):
    """Hands its text over, and is left then."""

    _is_giving = False

    def action_give(self) -> None:
        """Put the text into a colleague's hands; of several, which one is asked."""
        if not self._is_giving:
            front(self).read("partners", partners, self._choose)

    def _choose(self, others: Sequence[Agent]) -> None:
        if not self.is_current or not self.has_class("-review"):
            return
        if len(others) == 1:
            self._give(others[0].handle)
            return
        from tui.screens.pickers import AgentPicker  # noqa: PLC0415 - not needed to write

        picker = AgentPicker(others)
        picker.HEADING = tr("Hand the unfinished text to")
        host(self).push_screen(picker, self._give)

    def given(self, words: str) -> None:
        """Leave, because the text is somebody else's now."""
        raise NotImplementedError

    def _give(self, to: Handle | None) -> None:
        if to is None or self._is_giving:
            return
        self._is_giving = True
        text, drafting, keeper = self.text, self._drafting, self._keeper
        front(self).act(
            self.draft_name,
            lambda desk: keeper.give(desk, to, text, drafting.plan, drafting.wording),
            self._given,
            self._stay_given_to_nobody,
        )

    def _stay_given_to_nobody(self) -> None:
        self._is_giving = False

    def _given(self, outcome: Draft | TandemError) -> None:
        self._is_giving = False
        if isinstance(outcome, DraftMoved):
            self._look()
            words = tr("not handed over: {what}").format(what=told_lost(outcome.lost, host(self).desk.clock()))
            host(self).say(words, "warn")
        elif isinstance(outcome, TandemError):
            host(self).say(str(outcome), "error")
        elif stands(self):
            self._kept = (self.text, self._drafting)
            words = tr("the draft on {number} is {agent}'s now, {key_undo} takes it back")
            self.given(with_keys(words, number=self.number, agent=safe_line(outcome.author)))
