"""Which files go along with a mail that is written; they are copied when they are chosen, and kept with its text."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count

from desk.actions.attach import enclose
from desk.desk import Desk
from desk.errors import TandemError
from desk.safe import safe_line
from desk.wording import Enclosure, Wording
from tui.composer.manuscript import Manuscript
from tui.composer.page import Page
from tui.composer.paths import read_file
from tui.composer.retracting import Retracting
from tui.front import front
from tui.host import host, stands
from tui.keys.naming import with_keys
from tui.words.heard import heard
from tui.words.telling import size
from tui.words.tongue import tr

_SOON = 1.0
"""Seconds for which keys behind the choice of a file wait for it."""


class Enclosing:
    """The files of one mail."""

    def __init__(self, page: Page, manuscript: Manuscript, retracting: Retracting) -> None:
        self._page, self._manuscript, self._retracting = page, manuscript, retracting
        self._folder = "~/"
        self._then: Callable[[], None] | None = None
        self._since = -_SOON
        self._numbers, self._read = count(1), set[int]()
        """Those that are being read, by the number of each."""

    @property
    def is_reading(self) -> bool:
        """Whether one is not copied yet: nothing can be sent."""
        return bool(self._read)

    @property
    def is_soon_read(self) -> bool:
        """Whether one was chosen a moment ago, and is not copied yet."""
        return self.is_reading and time.monotonic() - self._since < _SOON

    def after_reading(self, action: str, then: Callable[[], None]) -> None:
        """Leave in this way, but not without a file that is still being read: once it goes along, or when asked again.

        `action` is the one that leaves so.
        """
        keeps = tr("a file is still being read, the draft waits for it: {key_keep} again leaves it out")
        gives = tr("a file is still being read, the draft waits for it: {key_give} again leaves it out")
        question = with_keys(gives if action == "give" else keeps)
        if not self.is_reading or front(self._page.screen).asked_again(question, action=action):
            then()
        else:
            self._then = then

    def stay(self) -> None:
        """Go on, also where leaving was asked for and waits for a file."""
        self._then = None

    @property
    def files(self) -> tuple[Enclosure, ...]:
        """What goes along so far."""
        return self._wording.enclosures

    def attach(self) -> None:
        """Choose a file that goes along."""
        from tui.screens.attach import AttachScreen

        host(self._page.screen).push_screen(AttachScreen(self._folder), self._fetch)

    def detach(self) -> None:
        """Let a file stay here after all."""
        from tui.screens.attach import DetachScreen

        if len(self.files) == 1:
            self._take_off(self.files[0])
        elif self.files:
            host(self._page.screen).push_screen(DetachScreen(self.files), self._take_off)

    @property
    def _wording(self) -> Wording:
        return self._manuscript.drafting.wording or Wording()

    def _fetch(self, path: str | None) -> None:
        """Copy the file, in the thread for files and behind those before it; nothing is sent until that is done."""
        if path is not None:
            self._read.add(number := next(self._numbers))
            self._since = time.monotonic()
            self._folder = path[: path.rfind("/") + 1] or "~/"
            host(self._page.screen).say(tr("reading {path} …").format(path=safe_line(path)))
            front(self._page.screen).look(
                f"attach {number}",
                partial(_enclosed, path),
                partial(self._attached, number),
                partial(self._broke, number),
            )

    def _attached(self, number: int, file: Enclosure | TandemError) -> None:
        self._read.discard(number)
        if isinstance(file, TandemError):
            self.stay()
            host(self._page.screen).say(tr("not attached: {why}").format(why=heard(str(file))), "error")
        elif stands(self._page.screen):
            words = tr("attached {name}, {size}").format(name=safe_line(file.name), size=size(file.size))
            self._retracting.word(replace(self._wording, enclosures=(*self.files, file)), words)
            host(self._page.screen).say(words)
            if not self._read and (then := self._then) is not None:
                self.stay()
                then()

    def _broke(self, number: int) -> None:
        """Let nothing wait for a file whose reading has broken; what broke is said by the thread."""
        self._read.discard(number)
        self.stay()

    def _take_off(self, file: Enclosure | None) -> None:
        if file is None:
            return
        files = list(self.files)
        files.remove(file)
        words = tr("{name} does not go along").format(name=safe_line(file.name))
        self._retracting.word(replace(self._wording, enclosures=tuple(files)), words)
        host(self._page.screen).say(words)


def _enclosed(path: str, desk: Desk) -> Enclosure | TandemError:
    """The file as it goes along. A refusal is a value here: the composer waits for it."""
    try:
        read = read_file(path)
        return enclose(desk, read.name, read.data)
    except TandemError as error:
        return error
