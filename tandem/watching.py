"""One watched account: the connection to its server, its folders, and when each was last compared whole."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from desk.desk import Desk
from desk.errors import MailError, MailUnreachable
from desk.intake.stand_ins import stood_in
from desk.settings import Mailbox
from tandem.config import ImapAccount
from tandem.connections import imap_session
from tandem.fetching import fetch_folder
from tandem.folder import Folder, Progress
from tandem.stand_ins import ask_again
from tandem.workshop import Workshop

if TYPE_CHECKING:
    from mail.folders import FolderName
    from mail.imap import Session
    from mail.loading import Opened

log = logging.getLogger("tandem.fetching")

RECONCILE_EVERY = 600.0
"""Seconds between two comparisons of a whole folder with the ledger."""

MOST_BREAKS = 50
"""Connections that break off over single mails in one look, before the server is left alone for a while."""

_PASSING = 60.0
"""Seconds from the first of them in a folder, after which its other mails wait for the next look."""

_SLICE = 0.2


class Watched:
    """The mail of one mailbox. For one thread at a time; what fails may be called again, and connects again.

    The first folder stays open, so that the server can announce what comes; the others are asked how they are.
    """

    def __init__(self, desk: Desk, mailbox: Mailbox, imap: ImapAccount, workshop: Workshop) -> None:
        self._desk, self.mailbox, self._imap, self._workshop = desk, mailbox, imap, workshop
        self._session: Session | None = None
        self._folders: list[Folder] = []
        self._open: tuple[str, Opened] | None = None
        self._seen: dict[str, Opened] = {}
        self._reconciled: dict[str, float] = {}
        self._is_quiet = False
        self._compared = list[str]()

    def look(self, progress: Progress) -> list[MailError]:
        """Take in what is new in every folder; returns what is wrong with single ones, which stops no other.

        A mail over which the connection breaks off keeps neither other mails nor other folders waiting.

        Raises:
            MailError, ConfigError: the account cannot be used now; what was taken in stays so.
            StorageError: the store cannot be used.
        """
        wrong: list[MailError] = []
        broken: list[MailUnreachable] = []
        for name in [each.name for each in self._connected()]:
            try:
                self._look_past_breaks(name, progress, broken)
            except MailUnreachable:
                raise
            except MailError as error:
                self._open = None
                self._reconciled.pop(name, None)  # so that the next look does not pass it by as quiet
                wrong.append(error)
            if progress.stop():
                break
        if len(broken) >= MOST_BREAKS:
            raise broken[-1]
        self._ask_again(progress)
        return [*wrong, *broken[:1]]

    def wait(self, seconds: float, stop: Callable[[], bool]) -> None:
        """Wait until the server announces mail, or some is there, or somebody wants no more waiting.

        Nothing is announced where the first folder cannot be opened; the next look says so.

        Raises:
            MailUnreachable: the connection is lost.
        """
        first = self._connected()[0]
        try:
            has_news = self._open_again(first)
        except MailUnreachable:
            raise
        except MailError:
            pause(seconds, stop)
        else:
            self._is_quiet = not has_news and not first.session.wait(seconds, stop)

    def hurry(self) -> None:
        """Compare everything with the ledger at the next look."""
        self._reconciled.clear()

    def hang_up(self) -> None:
        """Close the connection, if there is one; the next look makes another."""
        session, self._session, self._open, self._is_quiet = self._session, None, None, False
        if session is not None:
            session.close()

    def _connected(self) -> list[Folder]:
        if self._session is None:
            self._session = imap_session(self._imap)
            self._folders = watched_folders(self.mailbox.name, self._imap, self._session)
        return self._folders

    def _look_past_breaks(self, name: str, progress: Progress, broken: list[MailUnreachable]) -> None:
        """Look at a folder; over a new connection, and past the mail, each time that one breaks off over a mail."""
        passed: set[int] = set()
        end = float("inf")
        while (folder := next((each for each in self._connected() if each.name == name), None)) is not None:
            try:
                self._look_at(folder, progress, passed)
            except MailUnreachable as error:
                if error.uid is None or error.uid in passed:
                    raise
                self.hang_up()
                passed.add(error.uid)
                broken.append(error)
                end = min(end, time.monotonic() + _PASSING)
                if len(broken) < MOST_BREAKS and time.monotonic() < end and not progress.stop():
                    continue
            break
        if passed:
            self._reconciled.pop(name, None)  # as above

    def _look_at(self, folder: Folder, progress: Progress, passed: Collection[int]) -> None:
        now = time.monotonic()
        whole = now - self._reconciled.get(folder.name, float("-inf")) > RECONCILE_EVERY
        opened = self._open[1] if self._open and self._open[0] == folder.name else None
        whole_or_again = whole or self._holds_what_may_belong_now(folder)
        if not whole_or_again and (self._is_quiet if opened is not None else self._is_as_it_was(folder)):
            return
        opened = None if whole else opened  # what the server says of a folder when it opens it is new
        self._open, self._is_quiet = None, False
        self._seen.pop(folder.name, None)
        opened = fetch_folder(
            self._desk, folder, self._workshop, progress, everything=whole, opened=opened, passed=passed
        )
        if progress.stop():
            self.hang_up()
            return
        self._open = (folder.name, opened)
        self._seen[folder.name] = opened
        if whole:
            self._desk.store.tidy()
            self._reconciled[folder.name] = now
            self._compared.append(folder.name)

    def _ask_again(self, progress: Progress) -> None:
        """Ask for what tickets stand for in the folders that were compared whole, when all else is taken in.

        A connection that breaks off over such a mail is no failure of the look: else that would be repeated at once.
        """
        names, self._compared = list(dict.fromkeys(self._compared)), []
        for name in names:
            if progress.stop() or stood_in(self._desk, self.mailbox.name, name) is None:
                continue
            folder = next(each for each in self._connected() if each.name == name)
            self._open = None
            try:
                ask_again(self._desk, folder, self._workshop, progress)
            except MailUnreachable as error:
                log.warning("%s, %s, over a mail that was asked for again: %s", self.mailbox.name, name, error.message)
                self.hang_up()
            except MailError as error:
                log.warning("%s, %s: %s", self.mailbox.name, name, error.message)

    def _holds_what_may_belong_now(self, folder: Folder) -> bool:
        """Whether a mail there belonged to no ticket, and may do so now."""
        state = self._desk.store.ledger.folder(folder.mailbox, folder.name)
        return state is not None and state.again != ()

    def _open_again(self, folder: Folder) -> bool:
        """Open a folder if another one is open; whether mail came into it meanwhile, which is announced no more."""
        if self._open is not None and self._open[0] == folder.name:
            return False
        there, seen = folder.open(), self._seen.get(folder.name)
        self._open = (folder.name, there)
        return seen is not None and not _is_same_state(there, seen)

    def _is_as_it_was(self, folder: Folder) -> bool:
        """Whether nothing came into a folder since it was last looked at; one question to the server."""
        seen = self._seen.get(folder.name)
        if seen is None:
            return False
        return _is_same_state(folder.session.glance(folder.on_server or folder.name), seen)


def _is_same_state(one: Opened, other: Opened) -> bool:
    return (one.uidvalidity, one.uidnext) == (other.uidvalidity, other.uidnext)


def watched_folders(mailbox: str, imap: ImapAccount, session: Session) -> list[Folder]:
    """The folders of customers' mail, then the one with what was sent; whoever opens one that is not there is told.

    Raises:
        MailError: the server breaks off.
    """
    target = imap.move_to
    folders = [
        Folder(mailbox, each, session, marks_seen=imap.mark_seen, target="" if _is_same(each, target) else target)
        for each in imap.folders
    ]
    try:
        sent = _sent_folder(session, imap.sent)
    except MailUnreachable:
        raise
    except MailError:  # it must not keep customers' mail waiting
        return [*folders, Folder(mailbox, imap.sent, session, is_sent=True)]
    if sent is not None and not any(_is_same(sent.shown, each) for each in imap.folders):
        folders.append(Folder(mailbox, sent.shown, session, on_server=sent, is_sent=True))
    return folders


def _is_same(one: str, other: str) -> bool:
    """Whether two names mean one folder; INBOX is one however it is spelled (RFC 9051 5.1)."""
    return one == other or one.upper() == other.upper() == "INBOX"


def _sent_folder(session: Session, wanted: str) -> FolderName | None:
    from mail.folders import folder_for

    return None if wanted == "none" else folder_for("Sent", session.folders(), wanted)


def pause(seconds: float, stop: Callable[[], bool]) -> None:
    """Wait, but no longer than until somebody wants no more waiting."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not stop():
        time.sleep(_SLICE)
