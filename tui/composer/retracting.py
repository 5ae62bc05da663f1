"""What is chosen for a text besides its words, and is taken back, the last first: recipients, files, steps ticked off.

It never acts on the desk behind the text. What is typed, the text itself takes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from desk.safe import safe_line
from desk.wording import Wording
from tui.composer.drafting import Drafting
from tui.composer.manuscript import Manuscript
from tui.composer.page import Page
from tui.host import host
from tui.keys import Context
from tui.keys.naming import with_keys
from tui.words.tongue import tr


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What was chosen, in words, and what goes with the text before and after that."""

    what: str
    before: Drafting
    after: Drafting

    def taken_from(self, now: Drafting) -> Drafting | None:
        """What goes with the text without this; None where it was changed since in another way."""
        if self.before.wording != self.after.wording:
            return replace(now, wording=self.before.wording) if now.wording == self.after.wording else None
        return replace(now, checklist=self.before.checklist) if now.checklist == self.after.checklist else None


class Retracting:
    """Remembers what was chosen for one text."""

    def __init__(self, page: Page, manuscript: Manuscript) -> None:
        self._page, self._manuscript = page, manuscript
        self._chosen: tuple[_Chosen, ...] = ()

    def word(self, wording: Wording, what: str) -> None:
        """Send the text to somebody else, under another name or with other files; `what` tells of it."""
        self._send_along(self._manuscript.drafting.worded(wording), what)
        self._manuscript.autosave()

    def tick(self, index: int) -> None:
        """Tick a step of the procedure off, or take the tick back; nothing where there is no such step."""
        drafting = self._manuscript.drafting
        if index < len(drafting.checklist):
            step = safe_line(drafting.checklist[index].text)
            self._send_along(drafting.ticked(index), tr("the tick at “{step}”").format(step=step))

    def take_back(self) -> None:
        """Take back what was chosen here last."""
        if not self._chosen:
            words = tr(
                "nothing was chosen here; {key_keep} keeps the draft, and {key_undo} then takes back what was before"
            )
            host(self._page.screen).say(with_keys(words, Context.REVIEW), "warn")
            return
        *before, last = self._chosen
        self._chosen = tuple(before)
        if (drafting := last.taken_from(self._manuscript.drafting)) is None:
            words = tr("not taken back, it was changed since: {what}")
            host(self._page.screen).say(words.format(what=last.what), "warn")
            return
        self._manuscript.drafting = drafting
        self._manuscript.autosave()
        self._page.show()
        host(self._page.screen).say(tr("taken back: {what}").format(what=last.what))

    def _send_along(self, drafting: Drafting, what: str) -> None:
        """Let something else go with the text from now on; `what` tells of it."""
        if drafting != self._manuscript.drafting:
            self._chosen = (*self._chosen, _Chosen(what, self._manuscript.drafting, drafting))
            self._manuscript.drafting = drafting
        self._page.show()
