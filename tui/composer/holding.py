"""Whether a text is the ticket's draft: it is as long as this screen holds that.

While it does not, what happened stands above the text, the draft's own text beside it (or in its place, where nothing
is written here), and one key takes the draft over. The store's side of it is in tui/composer/keeping.py.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from desk.desk import Desk
from desk.errors import TandemError
from desk.safe import safe_line
from tui.composer.manuscript import Manuscript
from tui.composer.page import Page
from tui.composer.standing import Beginning, Standing, Taken, told_lost
from tui.front import front
from tui.host import host, stands
from tui.keys import Context
from tui.keys.naming import with_keys
from tui.threads.later import later
from tui.widgets.held import kept_there
from tui.words.telling import moment
from tui.words.tongue import tr

_AGAIN = 1.0
"""Seconds after which it is tried again to take up the draft, where the store was busy for too long."""


class HoldingPage(Page, Protocol):
    """What this asks of its screen."""

    @property
    def is_leaving(self) -> bool:
        """Whether the text is on its way to the desk, or gone: no draft is taken up then."""
        ...

    def begin(self, beginning: Beginning) -> None:
        """Take in what is known when writing begins."""
        ...

    def stand(self, standing: Standing) -> None:
        """Take in whether the text still is the draft."""
        ...

    def only_read(self, *, is_so: bool) -> None:
        """Only read the draft that is held elsewhere, or write again."""
        ...


class Holding:
    """How the text of one composer stands to the ticket's draft."""

    def __init__(self, page: HoldingPage, manuscript: Manuscript) -> None:
        self._page, self._manuscript = page, manuscript
        self.standing = Standing()
        self._before: str | None = None
        self._is_taking = False

    @property
    def is_written_on(self) -> bool:
        """Whether the text is another one than it was at the start; a screen on which nothing stands yet has none."""
        return self._before is not None and self._manuscript.text != self._before

    def start(self) -> None:
        """Take up the draft; to be called once the text that was brought along stands there."""
        text = self._manuscript
        self._before = text.text
        self._take_up(partial(text.keeper.begin, text=text.text))

    def _take_up(self, begin: Callable[[Desk], Beginning]) -> None:
        front(self._page.screen).act(self._manuscript.name, begin, self._page.begin, self._wait)

    def _wait(self) -> None:
        """Try it again in a while: the store was busy, which was said."""
        if stands(self._page.screen) and not front(self._page.screen).is_outdated:
            later(self._page.screen, _AGAIN, self._start_late)

    def _start_late(self) -> None:
        if self._page.is_leaving:  # it may come back yet
            self._wait()
        elif stands(self._page.screen):
            text = self._manuscript
            self._take_up(partial(text.keeper.begin_late, text=text.text))

    def begin(self, beginning: Beginning) -> None:
        """Bring a kept draft back: into an empty text at once, else on demand."""
        if beginning.draft is not None:
            self._manuscript.bring(beginning.draft)
        self.stand(beginning.standing, is_new=True)

    def look(self) -> None:
        """See whether the draft still is held here."""
        host(self._page.screen).act(self._manuscript.name, self._manuscript.keeper.look, self._page.stand)

    def stand(self, standing: Standing, *, is_new: bool = False) -> None:
        """Take in how the text stands now: words that nobody has saved are kept aside when the draft is lost.

        Only where a text is opened (`is_new`) does the screen turn to mere reading: later it would turn what is being
        typed into commands.
        """
        if not stands(self._page.screen):
            return
        known, self.standing = self.standing, standing
        if standing.stays_to is not None:
            self._manuscript.stay_to(standing.stays_to)
        is_begun = self._manuscript.is_begun
        if standing.lost is not None and standing.lost.now is None and not is_begun:
            host(self._page.screen).say(told_lost(standing.lost, host(self._page.screen).desk.clock()), "warn")
            self._page.only_read(is_so=False)
            self.start()
            return
        if standing.lost is not None and known.lost is None:
            self._page.heading.tell(kept=())
        if standing.lost is None:
            self._tell_aside(known, standing)
            if known.lost is not None and known.lost.has_moved and is_begun:
                self._manuscript.save()
        elif known.lost is None and is_begun:
            self._manuscript.autosave()
        elif is_new:
            self._page.only_read(is_so=True)
        self._page.show()

    def take_over(self) -> None:
        """Hold the draft here: what stands in it comes below what is written here."""
        if (lost := self.standing.lost) is None or self._is_taking:
            return
        if lost.has_moved:  # there is nothing to hold any more
            host(self._page.screen).say(kept_there(lost), "warn")
            return
        self._is_taking = True
        manuscript = self._manuscript
        front(self._page.screen).act(
            manuscript.name,
            partial(manuscript.keeper.take_over, written=manuscript.written),
            partial(self._taken, manuscript.text),
            self._stay_untaken,
        )

    def ask_for_it(self) -> None:
        """Take a draft over that is only read: asked twice, for a letter may be meant as a word."""
        lost = self.standing.lost
        whose = safe_line(lost.now.author) if lost is not None and lost.now is not None else tr("your colleague")
        question = tr("take over the draft that {agent} holds? {key_take_over} again")
        if front(self._page.screen).asked_again(with_keys(question, agent=whose), action="take-over"):
            self.take_over()

    def say_read_only(self) -> None:
        """Tell somebody who types that nothing is written."""
        words = tr(
            "nothing is written here: this draft is only read, {key_take_over} takes it over, {key_leave} leaves it"
        )
        host(self._page.screen).say(with_keys(words, Context.HELD), "warn")

    def bring_draft(self) -> None:
        """Put what was set aside below the text, with what went with it; or take the draft over."""
        if self.standing.lost is not None:
            self.take_over()
        elif self.standing.aside:
            self._manuscript.absorb(self.standing.aside)
            self.standing = Standing()

    def _tell_aside(self, known: Standing, standing: Standing) -> None:
        """Say that words of this agent's are kept beside the draft, when they are new there."""
        ids = {each.id for each in known.aside}
        if new := [each for each in standing.aside if each.id not in ids]:
            words = tr("your draft of {at} is set aside, {key_bring_draft} puts it below")
            at = moment(new[-1].saved, host(self._page.screen).desk.clock())
            host(self._page.screen).say(with_keys(words, at=at))

    def _stay_untaken(self) -> None:
        self._is_taking = False

    def _taken(self, text: str, taken: Taken | TandemError) -> None:
        self._is_taking = False
        if isinstance(taken, TandemError):
            host(self._page.screen).say(str(taken), "error")
            return
        if not stands(self._page.screen):
            return
        self._page.only_read(is_so=False)
        if taken.draft is not None:
            lost, before = self.standing.lost, self._manuscript.drafting
            theirs = lost.now if lost is not None else None
            self._manuscript.take_in(taken.draft, text)
            if theirs is not None and theirs.text.strip() in taken.draft.text and theirs.text.strip() not in text:
                self._manuscript.has_put_in(theirs, before)
            self._manuscript.tell_kept(taken.draft.text)
        host(self._page.screen).say(tr("the draft is yours now"))
        self.stand(taken.standing)
