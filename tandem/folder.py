"""A watched folder on a mail server, and how looking at it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.incoming import FolderState, Place
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


@dataclass(slots=True)
class Progress:
    """How a look goes: what it brought so far, whom to tell of it in a few words, and whether it should end.

    `tell` hears what is going on; `notice` what a person should know even when it is over.
    """

    counts: Counts
    tell: Callable[[str], None] = lambda _: None
    stop: Callable[[], bool] = lambda: False
    notice: Callable[[str], None] = lambda _: None
    wanted: int = 0
    done: int = 0

    def for_one_mailbox(self) -> Progress:
        """The same for one of several mailboxes that are looked at together, counted by itself."""
        return Progress(Counts(), self.tell, self.stop, self.notice)

    def begin(self, wanted: int) -> None:
        """So many mails are to be fetched."""
        self.wanted, self.done = wanted, 0

    def note_done(self, mails: int) -> None:
        """So many more of them were."""
        self.done += mails
        self.tell(f"{self.done} of {self.wanted} mails")
