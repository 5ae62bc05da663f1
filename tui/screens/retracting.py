"""A screen on which what was chosen for a text is taken back, the last first: recipients, files, steps ticked off.

It never acts on the desk behind the text. What is typed, the text itself takes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tui.composer.drafting import Drafting
from tui.host import host
from tui.keys import Context
from tui.keys.naming import with_keys
from tui.screens.holding import HoldingScreen
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


class RetractingScreen(HoldingScreen):
    """Remembers what was chosen on it."""

    _chosen: tuple[_Chosen, ...] = ()

    def action_take_back(self) -> None:
        """Take back what was chosen here last."""
        if not self._chosen:
            words = tr(
                "nothing was chosen here; {key_keep} keeps the draft, and {key_undo} then takes back what was before"
            )
            host(self).say(with_keys(words, Context.REVIEW), "warn")
            return
        *before, last = self._chosen
        self._chosen = tuple(before)
        if (drafting := last.taken_from(self._drafting)) is None:
            words = tr("not taken back, it was changed since: {what}")
            host(self).say(words.format(what=last.what), "warn")
            return
        self._drafting = drafting
        self._autosave()
        self._show()
        host(self).say(tr("taken back: {what}").format(what=last.what))

    def _send_along(self, drafting: Drafting, what: str) -> None:
        """Let something else go with the text from now on; `what` tells of it."""
        if drafting != self._drafting:
            self._chosen = (*self._chosen, _Chosen(what, self._drafting, drafting))
            self._drafting = drafting
        self._show()
