"""A watched folder on a mail server, and how looking at it goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from desk.incoming import FolderState, Place
from desk.standing import Fetching
from tandem.connections import naming_folders
from tandem.counts import Counts

if TYPE_CHECKING:
    from mail.folders import FolderName
    from mail.imap import Session
    from mail.loading import Opened


@dataclass(frozen=True, slots=True)
class Folder:
    """A watched folder: the mailbox it belongs to, its name, and the open connection to it.

    `on_server` is what commands call it, where that is another name. `is_sent`: what lies there was written by us.
    `marks_seen` and `target` say what the server shall do with mail that is on a ticket: mark it as read, move it.
    """

    mailbox: str
    name: str
    session: Session
    on_server: FolderName | None = None
    is_sent: bool = False
    marks_seen: bool = False
    target: str = ""

    @property
    def is_handled(self) -> bool:
        """Whether anything is done on the server with mail that was taken in."""
        return self.marks_seen or self.target != ""

    def open(self) -> Opened:
        """Open it on the server: for reading only, unless something is to be done there.

        Raises:
            MailError: there is no such folder, or it cannot be used.
        """
        with naming_folders(self.session.folders, self.name):
            if self.is_handled:
                return self.session.open(self.on_server or self.name, writable=True)
            return self.session.open(self.on_server or self.name)

    def place(self, uidvalidity: int, uid: int) -> Place:
        """Where a mail of this folder lies."""
        return Place(self.mailbox, self.name, uidvalidity, uid)

    def unseen(self, uidvalidity: int) -> FolderState:
        """This folder when nobody has looked at it."""
        return FolderState(self.mailbox, self.name, uidvalidity, next_uid=1)


_TELLING = 3.0
"""Seconds of fetching from which the rate so far says something about the rest."""


@dataclass(slots=True)
class Progress:
    """How a look goes: what it brought so far, whom to tell how far it is, and whether it should end.

    `tell` hears how many mails of a folder were taken in; `notice` what a person should know even when it is over.
    `clock` counts seconds.
    """

    counts: Counts
    tell: Callable[[Fetching], None] = lambda _: None
    stop: Callable[[], bool] = lambda: False
    notice: Callable[[str], None] = lambda _: None
    clock: Callable[[], float] = time.monotonic
    _wanted: int = 0
    _done: int = 0
    _begun: float = 0.0

    def for_one_mailbox(self, tell: Callable[[Fetching], None]) -> Progress:
        """The same for one of several mailboxes that are looked at together, counted and told by itself."""
        return Progress(Counts(), tell, self.stop, self.notice, self.clock)

    def begin(self, wanted: int) -> None:
        """So many mails of a folder are to be fetched."""
        self._wanted, self._done, self._begun = wanted, 0, self.clock()
        if wanted:
            self.tell(Fetching(0, wanted))

    def note_done(self, mails: int) -> None:
        """So many more of them were, or need not be; mails that are asked for again besides are not told."""
        self._done += mails
        if mails and self._done <= self._wanted:
            self.tell(Fetching(self._done, self._wanted, self._left()))

    def _left(self) -> timedelta | None:
        """How long the rest takes if it goes on as it went so far; None where that was too short to tell."""
        passed = self.clock() - self._begun
        if passed < _TELLING or not self._done:
            return None
        return timedelta(seconds=passed / self._done * max(self._wanted - self._done, 0))
