"""Sees to it that what is being written is in a file for as long as the store does not take it, and no longer.

A program that is killed is told nothing, so this cannot wait for the end (`tui/leaving.py`).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desk.desk import Desk
from desk.errors import TandemError
from tui.composer.leftovers import whose
from tui.composer.refuge import Refuge
from tui.outdated import unkept_on
from tui.threads.errands import Errands
from tui.words.heard import heard
from tui.words.tongue import tr

if TYPE_CHECKING:
    from tui.app import TandemApp

EVERY = 2.0
"""Seconds between two looks at what is written, as between two at whether it must be kept."""


class Safeguard:
    """The files of one application. A text goes into one once a write waits, or failed, and follows what is typed."""

    def __init__(self, app: TandemApp, errands: Errands) -> None:
        self._app, self._errands = app, errands
        self._refuge = Refuge(whose(app.desk))
        self._asked_for: dict[str, str] = {}

    def look(self) -> None:
        """Have files for what the store does not take, in the thread of files, and none for what it has taken."""
        if not (self._asked_for or self._errands.is_stuck):
            return
        unkept = unkept_on(self._app.screen_stack)
        texts = {name: text for name, text in unkept.items() if name in self._asked_for or self._errands.is_stuck}
        if texts != self._asked_for:
            self._asked_for = texts
            self._app.look("refuge", partial(self._hold, texts), lambda _: None)

    def close(self) -> list[Path]:
        """Have files that stay for what the store does not have at the end; from any thread. Returns where they are.

        Raises:
            OSError: there is no room for them.
        """
        return self._refuge.close(unkept_on(self._app.screen_stack))

    def _hold(self, texts: dict[str, str], desk: Desk) -> None:
        del desk
        try:
            self._refuge.hold(texts)
        except OSError as error:
            raise TandemError(no_file(error)) from error


def no_file(error: OSError) -> str:
    """That a text could not be put into a file, in words."""
    words = tr("no file can be made for the text: {why}")
    return words.format(why=heard(str(error.strerror or error)))
