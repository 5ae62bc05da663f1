"""How the screen is left: what was asked for is written first, and what the store does not get goes into files.

The end that the system asks for comes through here too, where there is time for it (`tui/terminal/ending.py`).
"""

from __future__ import annotations

import time
from asyncio import TimerHandle
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from tui.composer.leftovers import whose
from tui.front import Keeping
from tui.outdated import put_down, texts_on, unkept_on
from tui.threads.errands import Errands
from tui.threads.later import later
from tui.words.heard import heard
from tui.words.tongue import tr

if TYPE_CHECKING:
    from tui.app import TandemApp

_LONGEST = 8.0
"""Seconds that leaving waits for an editor and for what is still being written: with what closing takes, ten in all."""
_EDITOR_PATIENCE = 2.0
"""Seconds of them that an editor gets to end in when the system ends this program."""


class Leaving:
    """The way out of one application; `has_ended` once it was taken."""

    def __init__(self, app: TandemApp, errands: Errands) -> None:
        self._app, self._errands = app, errands
        self._recall: TimerHandle | None = None
        self._tried = dict[str, str]()
        self._since: float | None = None
        """When the end was asked for first."""
        self.has_ended = False

    def leave(self) -> None:
        """End, once everything that was asked for is written; when it is asked again, or after a while, as it is."""
        app = self._app
        if app.is_leaving or app.is_outdated or not self._errands.is_writing:
            self._end()
            return
        app.is_leaving = True
        app.say(tr("still saving, a moment … (again leaves at once)"), "warn")
        self._errands.after_writing(partial(app.on_loop, self._end_when_kept))
        waited = time.monotonic() - (self._since or time.monotonic())
        later(app, max(_LONGEST - waited, 0.0), self._end)

    def keep_and_leave(self) -> None:
        """End because the system says so, or the agent: what is being written is kept first."""
        self._since = self._since or time.monotonic()
        if self._is_called_back():
            return
        self._keep()
        self.leave()

    def put_down(self, screens: Iterable[Screen[Any]]) -> str:
        """Put what is being written on these screens into files, since it cannot be saved.

        Returns where, in words; nothing where there was no text, or no room for it, which is said.
        """
        return self._put_down(texts_on(screens))

    def _put_down(self, texts: dict[str, str]) -> str:
        try:
            where = put_down(texts, whose(self._app.desk))
        except OSError as error:
            words = tr("no file can be made for the text: {why}")
            self._app.say(words.format(why=heard(str(error.strerror or error))), "error")
            return ""
        self._app.unsaved += where
        return ", ".join(where)

    def _is_called_back(self) -> bool:
        """Whether an editor has a text, and is given a moment to end; the screen that it goes back to leaves then."""
        is_first, recall = self._recall is None, self._recall
        if recall is not None:
            recall.cancel()
        is_out = any(each.call_back() for each in self._app.screen_stack if isinstance(each, Keeping))
        if is_out and is_first:
            self._recall = later(self._app, _EDITOR_PATIENCE, self.keep_and_leave)
        return is_out and is_first

    def _keep(self) -> None:
        self._tried = texts_on(self._app.screen_stack)
        for screen in self._app.screen_stack:
            if isinstance(screen, Keeping) and screen.text.strip() and screen.check_action("save", ()):
                screen.action_save()

    def _end_when_kept(self) -> None:
        """End; what was typed while the text was being kept, as the last of it came in, is kept first."""
        if self._tried and not self.has_ended and unkept_on(self._app.screen_stack).items() - self._tried.items():
            self._keep()
            self._errands.after_writing(partial(self._app.on_loop, self._end_when_kept))
        else:
            self._end()

    def _end(self) -> None:
        """End, once; what the store does not have by now goes into files."""
        if not self.has_ended:
            self._put_down(unkept_on(self._app.screen_stack))
            self.has_ended = True
            self._app.exit()
