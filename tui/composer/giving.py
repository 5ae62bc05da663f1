"""How an unfinished text goes to a colleague: `h` in the review, and `u` takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from desk.draft import Draft
from desk.errors import DraftMoved, TandemError
from desk.people import Agent, Handle
from desk.safe import safe_line
from tui.composer.drafting import Drafting
from tui.composer.handing import partners
from tui.composer.holding import Holding
from tui.composer.manuscript import Manuscript
from tui.composer.page import Page
from tui.composer.standing import told_lost
from tui.composer.way_out import WayOut
from tui.front import front
from tui.host import host, stands
from tui.keys.naming import with_keys
from tui.words.tongue import tr


class GivingPage(Page, Protocol):
    """What this asks of its screen."""

    @property
    def is_current(self) -> bool:
        """Whether no other screen is on top of it."""
        ...

    @property
    def is_reviewing(self) -> bool:
        """Whether what can be done with the text is shown."""
        ...


class Giving:
    """Hands one text over, after which its screen is left. `is_giving`: it is on its way to the desk."""

    def __init__(self, page: GivingPage, manuscript: Manuscript, holding: Holding, way_out: WayOut) -> None:
        self._page, self._manuscript, self._holding, self._way_out = page, manuscript, holding, way_out
        self.is_giving = False

    def give(self) -> None:
        """Put the text into a colleague's hands; of several, which one is asked."""
        if not self.is_giving:
            front(self._page.screen).read("partners", partners, self._choose)

    def _choose(self, others: Sequence[Agent]) -> None:
        if not (self._page.is_current and self._page.is_reviewing):
            return
        if len(others) == 1:
            self._give(others[0].handle)
            return
        from tui.screens.agent_picker import AgentPicker

        host(self._page.screen).push_screen(AgentPicker(others, tr("Hand the unfinished text to")), self._give)

    def _give(self, to: Handle | None) -> None:
        if to is None or self.is_giving:
            return
        self.is_giving = True
        text = self._manuscript
        work = partial(text.keeper.give, to=to, written=text.written)
        given = partial(self._given, (text.text, text.drafting))
        front(self._page.screen).act(text.name, work, given, self._stay_given_to_nobody)

    def _stay_given_to_nobody(self) -> None:
        self.is_giving = False

    def _given(self, gone: tuple[str, Drafting], outcome: Draft | TandemError) -> None:
        """Leave, unless writing went on meanwhile: what was written since is not the colleague's, and is kept aside."""
        self.is_giving = False
        if isinstance(outcome, DraftMoved):
            self._holding.look()
            what = told_lost(outcome.lost, host(self._page.screen).desk.clock())
            host(self._page.screen).say(tr("not handed over: {what}").format(what=what), "warn")
        elif isinstance(outcome, TandemError):
            host(self._page.screen).say(str(outcome), "error")
        elif (self._manuscript.text, self._manuscript.drafting) != gone:
            self._holding.look()
        elif stands(self._page.screen):
            self._manuscript.count_as_kept()
            words = tr("the draft on {number} is {agent}'s now, {key_undo} takes it back")
            number, agent = self._page.opened.ticket.number, safe_line(outcome.author)
            self._way_out.leave(sent=False, words=with_keys(words, number=number, agent=agent))
