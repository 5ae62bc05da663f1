"""How the screen is left: what was asked for is written first, and what the store does not get goes into files.

The end that the system asks for comes through here too, where there is time for it (`tui/terminal/ending.py`). What is
being written while the store takes nothing is in files long before, since a program that is killed is told nothing.
"""

from __future__ import annotations

import time
from asyncio import TimerHandle
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from tui.composer.leftovers import whose
from tui.front import Keeping
from tui.outdated import put_down, texts_on, told_path, unkept_on
from tui.safeguard import Safeguard, no_file
from tui.terminal.line import Line
from tui.threads.errands import Errands
from tui.threads.later import later
from tui.words.tongue import tr

if TYPE_CHECKING:
    from tui.app import TandemApp

_LONGEST = 8.0
"""Seconds that leaving waits for an editor and for what is still being written: with what closing takes, ten in all."""
_EDITOR_PATIENCE = 2.0
"""Seconds of them that an editor gets to end in when the system ends this program."""
_LONGEST_ALONE = 600.0
"""Seconds that it goes on for what is still being written where the terminal is gone, so that nobody waits for it."""


class Leaving:
    """The way out of one application; `has_ended` once it was taken."""

    def __init__(self, app: TandemApp, errands: Errands) -> None:
        self._app, self._errands = app, errands
        self._safeguard = Safeguard(app, errands)
        self._recall: TimerHandle | None = None
        self._last: TimerHandle | None = None
        """What ends it as it is."""
        self._alone_until: float | None = None
        """When it ends as it is, where the terminal is gone."""
        self._tried = dict[str, str]()
        self._since: float | None = None
        """When the end was asked for first."""
        self.has_ended = False
        app.at_worst = partial(self._told, self.put_down_last)

    @property
    def is_alone(self) -> bool:
        """Whether it goes on without a terminal, until all is written; from any thread."""
        return not self.has_ended and self._alone_until is not None and time.monotonic() < self._alone_until

    def look(self) -> None:
        """Have files for texts that the store does not take, and none for those that it has."""
        self._safeguard.look()

    def leave(self) -> None:
        """End, once everything that was asked for is written; when it is asked again, or after a while, as it is."""
        app = self._app
        if app.is_leaving or app.is_outdated or not self._errands.unwritten:
            self._end()
            return
        app.is_leaving = True
        words = tr("still saving, a moment … (again leaves at once): {what}")
        app.say(words.format(what=", ".join(dict.fromkeys(self._errands.unwritten))), "warn")
        self._end_when_written()
        now = time.monotonic()
        self._end_by(self._alone_until or now + _LONGEST - (now - (self._since or now)))

    def keep_and_leave(self) -> None:
        """End because the system says so, or the agent: what is being written is kept first."""
        self._since = self._since or time.monotonic()
        if self._is_called_back():
            return
        self._keep()
        if Line.is_cut and self._alone_until is None:
            self._go_on_alone()
        self.leave()

    def put_down_last(self) -> list[str]:
        """Put what the store does not have into files that stay, and say where; from any thread.

        Raises:
            OSError: there is no room for it.
        """
        return [told_path(each) for each in self._safeguard.close()]

    def put_down(self, screens: Iterable[Screen[Any]]) -> str:
        """Put what is being written on these screens into files, since it cannot be saved.

        Returns where, in words; nothing where there was no text, or no room for it, which is said.
        """
        return self._told(partial(put_down, texts_on(screens), whose(self._app.desk)))

    def _told(self, put: Callable[[], list[str]]) -> str:
        try:
            where = put()
        except OSError as error:
            self._app.say(no_file(error), "error")
            return ""
        self._app.unsaved += where
        return ", ".join(where)

    def _go_on_alone(self) -> None:
        """Nobody waits any more: there is time until whoever keeps the store lets it go. No mail is looked for."""
        self._app.end_mail()
        self._alone_until = time.monotonic() + _LONGEST_ALONE
        self._app.is_leaving = False

    def _end_by(self, moment: float) -> None:
        if self._last is not None:
            self._last.cancel()
        self._last = later(self._app, max(moment - time.monotonic(), 0.0), self._end)

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

    def _end_when_written(self) -> None:
        self._errands.after_writing(partial(self._app.on_loop, self._end_when_kept))

    def _end_when_kept(self) -> None:
        """End, once nothing that followed is being written either.

        What was typed while the text was being kept, as the last of it came in, is kept first.
        """
        if self.has_ended:
            return
        if self._errands.unwritten:
            self._end_when_written()
        elif self._tried and unkept_on(self._app.screen_stack).items() - self._tried.items():
            self._keep()
            self._end_when_written()
        else:
            self._end()

    def _end(self) -> None:
        """End, once; what the store does not have by now goes into files."""
        if not self.has_ended:
            self._told(self.put_down_last)
            self.has_ended = True
            self._app.exit()
