"""Rounds of mail, in and out: one for `tandem sync`, an endless row of them for an open screen.

The only threads outside the screen are here: what the demo does now and then has one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType
from typing import Self

from desk.delivery import Delivered, deliver
from desk.errors import ConfigError, MailError, TandemError
from desk.settings import Mailbox
from mail.reading import WorkerReader
from tandem.config import ImapAccount
from tandem.connections import AccountSender, imap_session
from tandem.counts import Counts
from tandem.fetching import Folder, Progress, fetch_folder
from tandem.processes import is_gone, owner
from tandem.wiring import Office

WAIT = 60.0
"""Seconds that a round waits for the server to announce new mail."""

_SLICE = 0.2
_RECONCILE_EVERY = 600.0
"""Seconds between two comparisons of a whole folder with the ledger."""

log = logging.getLogger("tandem.loops")


def deliver_due(office: Office) -> Delivered:
    """Send everything that is due, and settle what a process that died left behind; failures of our own are logged.

    Raises:
        StorageError: the outbox cannot be read or written.
    """
    done = deliver(office.desk, AccountSender(office.config), owner=owner(), is_gone=is_gone)
    for error in done.broken:
        log.error("a mail could not be seen to: %s", error)
    return done


def unsent(done: Delivered) -> list[TandemError]:
    """What went wrong when mails were sent: failures of our own, then what the mail server would not take.

    An uncertain mail is neither: it is found out about on its ticket.
    """
    left = {"put off": done.deferred, "refused": done.refused}
    said = ", ".join(f"{count} {how}" for how, count in left.items() if count)
    return [
        *done.broken,
        *([MailError(f"not every mail was sent: {said}", "`tandem outbox` says why")] if said else []),
    ]


def one_round(office: Office) -> tuple[Counts, list[TandemError]]:
    """Compare every folder with the ledger, take in what is new, then send what is due.

    What went wrong on the way comes with the counts, mail in first; it stopped nothing else.

    Raises:
        StorageError: the store cannot be used.
    """
    counts, started = Counts(), time.monotonic()
    with MailRounds(office) as rounds:
        wrong = rounds.take_in(Progress(counts))
    done = deliver_due(office)
    counts.sent, counts.seconds = done.sent, time.monotonic() - started
    return counts, [*wrong, *unsent(done)]


def sync_once(office: Office) -> Counts:
    """The same for those who want all of it or an error.

    Raises:
        TandemError: something went wrong; everything else was done.
    """
    counts, wrong = one_round(office)
    if wrong:
        raise wrong[0]
    return counts


class MailRounds:
    """Implements tui.ports.Background: connections that stay open from round to round, closed at the end.

    `fetch` and `deliver` are called by two threads, each of them by one only.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._watched = [(each.mailbox, each.imap) for each in office.config.accounts if each.imap is not None]
        self._reader = WorkerReader()
        self._folders: dict[str, Folder] = {}
        self._reconciled: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for mailbox, _ in self._watched:
            self._hang_up(mailbox)
        self._reader.close()

    def deliver(self) -> None:
        """Send what is due.

        Raises:
            TandemError: our own part of it failed. What the mail server does not take is told on its ticket.
        """
        if broken := deliver_due(self._office).broken:
            raise broken[0]

    def fetch(self, stop: Callable[[], bool], tell: Callable[[str], None]) -> int:
        """Take in what is new in every mailbox; when there is nothing, wait up to a minute for some.

        Raises:
            MailError, ConfigError: a mailbox cannot be read now; the others were, and the next call connects again.
            StorageError: the store cannot be used.
        """
        progress = Progress(Counts(), tell, stop)
        if wrong := self.take_in_or_wait(progress):
            raise wrong[0]
        return progress.counts.fetched

    def take_in_or_wait(self, progress: Progress) -> list[TandemError]:
        """As `fetch`, but counted in `progress`; returns why some mailboxes could not be read."""
        wrong = self.take_in(progress)
        if wrong or progress.counts.fetched or progress.stop():
            return wrong
        progress.tell("waiting for mail")
        return self._wait(progress.stop) or ([] if progress.stop() else self.take_in(progress))

    def take_in(self, progress: Progress) -> list[TandemError]:
        """Take in what is new in every mailbox, without waiting; returns why some could not be read."""
        wrong: list[TandemError] = []
        for mailbox, imap in self._watched:
            try:
                self._look(mailbox, imap, progress)
            except (MailError, ConfigError) as error:
                self._hang_up(mailbox)
                wrong.append(error)
        return wrong

    def _look(self, mailbox: Mailbox, imap: ImapAccount, progress: Progress) -> None:
        now = time.monotonic()
        everything = now - self._reconciled.get(mailbox.name, float("-inf")) > _RECONCILE_EVERY
        folder = self._folder(mailbox, imap)
        fetch_folder(self._office.desk, folder, self._reader, progress, everything=everything)
        if everything:
            self._office.desk.store.tidy()
            self._reconciled[mailbox.name] = now

    def _folder(self, mailbox: Mailbox, imap: ImapAccount) -> Folder:
        if mailbox.name not in self._folders:
            session = imap_session(imap)
            self._folders[mailbox.name] = Folder(mailbox.name, imap.address.folder, session)
        return self._folders[mailbox.name]

    def _wait(self, stop: Callable[[], bool]) -> list[TandemError]:
        """Wait for the first mailbox's server to speak; the others are looked at when the wait is over."""
        if not self._watched:
            _pause(WAIT, stop)
            return []
        first, imap = self._watched[0]
        try:
            self._folder(first, imap).session.wait(WAIT, stop)
        except (MailError, ConfigError) as error:
            self._hang_up(first)
            return [error]
        return []

    def _hang_up(self, mailbox: Mailbox) -> None:
        if (folder := self._folders.pop(mailbox.name, None)) is not None:
            folder.session.close()


def _pause(seconds: float, stop: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not stop():
        time.sleep(_SLICE)


class Every:
    """Calls something again and again in a thread of its own, `seconds` apart, until it is closed."""

    def __init__(self, seconds: float, work: Callable[[], object]) -> None:
        self._seconds, self._work, self._closed = seconds, work, Event()
        self._thread = Thread(target=self._go_round, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._thread.join()

    def _go_round(self) -> None:
        while not self._closed.wait(self._seconds):
            try:
                self._work()
            except Exception:  # a worker's edge: one round that breaks must not end all others
                log.exception("a round was left out")
