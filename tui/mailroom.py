"""What an agent asks of the mail in the background, and what is said about it; on some screens there is none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from desk.conversation import EntryId
from desk.errors import TandemError
from tui.accounts import ask_stopped
from tui.messages import Said
from tui.ports import Background
from tui.threads.post import Post
from tui.words.heard import heard
from tui.words.tongue import tr

if TYPE_CHECKING:
    from tui.app import TandemApp

_PATIENCE = 0.4
"""Seconds that a mail which is just being sent gets at the end."""


class Mailroom:
    """The mail of one application, from its first look to its last."""

    def __init__(self, app: TandemApp, background: Background | None, tell: Callable[[Said], None]) -> None:
        self._app = app
        self._post = Post(background, tell, app.desk.clock) if background else None

    def begin(self) -> None:
        """Begin to fetch and to deliver."""
        if self._post is not None:
            self._post.start()

    def stop(self) -> None:
        """Ask for the end, without waiting for it: mail that is being fetched is fetched next time."""
        if self._post is not None:
            self._post.stop()

    def join(self) -> None:
        """Wait a moment for the end."""
        if self._post is not None:
            self._post.join(_PATIENCE)

    def give_up(self) -> None:
        """End for good: mail that came could not be filed any more."""
        if self._post is not None:
            self._post.give_up()

    def sync(self) -> None:
        """Look for new mail at once."""
        app = self._app
        if self._post is None:
            self._say_none()
        elif app.is_outdated:
            app.fall_silent()
        else:
            if app.stopped.text:
                app.act(tr("sync"), ask_stopped)
            self._post.hurry()
            app.say(tr("looking for mail …"))

    def load_whole(self, entry: EntryId, done: Callable[[], None]) -> None:
        """Load the rest of a mail that was too large, as long as it takes; then `done` on the event loop."""
        app = self._app
        if self._post is None:
            self._say_none()
            return
        loaded = partial(app.on_loop, self._loaded, done)
        is_new = self._post.load(entry, loaded, partial(app.on_loop, self._not_loaded))
        app.say(tr("loading the rest of the mail …") if is_new else tr("the rest of the mail is still being loaded"))

    def _loaded(self, done: Callable[[], None]) -> None:
        self._app.say(tr("all of the mail is here"))
        done()

    def _not_loaded(self, error: TandemError) -> None:
        self._app.say(tr("load: {why}").format(why=heard(str(error))), "error")

    def _say_none(self) -> None:
        self._app.say(tr("no mailbox is connected to this screen"), "warn")
