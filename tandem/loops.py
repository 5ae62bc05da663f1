"""Rounds of mail, in and out: one for `tandem sync`, an endless row of them for an open screen.

The only threads and event loops outside the screen are here: a loop around one SMTP conversation at a time, and a
thread for what the demo does now and then.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType
from typing import Self

from desk.delivery import Delivered, deliver
from desk.errors import MailError, TandemError
from desk.outgoing import Attempt, OutboxEntry, Verdict
from desk.settings import Mailbox
from mail.imap import Session
from mail.reading import WorkerReader
from mail.smtp import SmtpSender
from tandem.config import ImapAccount, SmtpAccount
from tandem.counts import Counts
from tandem.fetching import Folder, fetch_folder
from tandem.processes import is_gone, owner
from tandem.wiring import Office

WAIT = 60.0
"""Seconds that a round waits for the server to announce new mail."""

_SLICE = 0.2
_RECONCILE_EVERY = 600.0
"""Seconds between two comparisons of a whole folder with the ledger."""


log = logging.getLogger("tandem.loops")


def _never(words: str) -> None:
    """Nobody listens to progress."""
    del words


def imap_session(account: ImapAccount) -> Session:
    """A connection to a mailbox's IMAP server, logged in.

    Raises:
        MailError, ConfigError: what is wrong, in words.
    """
    return Session.connect(account.address, account.password, cafile=account.cafile)


def smtp_sender(account: SmtpAccount) -> SmtpSender:
    """The SMTP side of a mailbox."""
    return SmtpSender(account.address, account.password, cafile=account.cafile)


class AccountSender:
    """Implements desk.ports.Sender: each mail leaves through its own mailbox's server."""

    def __init__(self, office: Office) -> None:
        self._accounts = {each.mailbox.name: each.smtp for each in office.config.accounts}

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]) -> Attempt:
        """Try once to send one mail; whatever the server or the network does is in the verdict."""
        account = self._accounts.get(entry.mailbox) or next(iter(self._accounts.values()), None)
        if account is None:
            return Attempt(Verdict.DEFERRED, f"the mailbox “{entry.mailbox}” has no SMTP server in config.toml")
        return asyncio.run(smtp_sender(account).send(entry, raw, entering_data))


def deliver_due(office: Office) -> Delivered:
    """Send everything that is due, and settle what a process that died left behind.

    Raises:
        StorageError: the outbox cannot be read or written.
    """
    return deliver(office.desk, AccountSender(office), owner=owner(), is_gone=is_gone)


def sync_once(office: Office, tell: Callable[[str], None] = _never) -> Counts:
    """One whole round: compare every folder with the ledger, take in what is new, then send what is due.

    Raises:
        MailError: a mailbox could not be read; the others were, and what was due was sent all the same.
        StorageError: the store cannot be used.
    """
    counts, started, failure = Counts(), time.monotonic(), None
    with WorkerReader() as reader:
        for account in office.config.accounts:
            if account.imap is None:
                continue
            try:
                with imap_session(account.imap) as session:
                    folder = Folder(account.mailbox.name, account.imap.address.folder, session)
                    fetch_folder(office.desk, folder, reader, counts, tell, everything=True)
            except MailError as error:
                failure = error
    counts.sent = deliver_due(office).sent
    counts.seconds = time.monotonic() - started
    if failure is not None:
        raise failure
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
        self._reconciled = float("-inf")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()
        self._reader.close()

    def deliver(self) -> None:
        """Send what is due."""
        deliver_due(self._office)

    def fetch(self, stop: Callable[[], bool], tell: Callable[[str], None]) -> int:
        """Take in what is new in every mailbox; when there is nothing, wait up to a minute for some.

        Raises:
            MailError: a mailbox cannot be read now; the next call connects again.
            StorageError: the store cannot be used.
        """
        counts = Counts()
        try:
            self._take_in(counts, tell)
            if not counts.fetched and not stop():
                tell("waiting for mail")
                self._wait(stop)
                self._take_in(counts, tell)
        except MailError:
            self._hang_up()
            raise
        return counts.fetched

    def _take_in(self, counts: Counts, tell: Callable[[str], None]) -> None:
        everything = time.monotonic() - self._reconciled > _RECONCILE_EVERY
        for mailbox, imap in self._watched:
            folder = self._folder(mailbox, imap)
            fetch_folder(self._office.desk, folder, self._reader, counts, tell, everything=everything)
        if everything:
            self._reconciled = time.monotonic()

    def _folder(self, mailbox: Mailbox, imap: ImapAccount) -> Folder:
        if mailbox.name not in self._folders:
            session = imap_session(imap)
            self._folders[mailbox.name] = Folder(mailbox.name, imap.address.folder, session)
        return self._folders[mailbox.name]

    def _wait(self, stop: Callable[[], bool]) -> None:
        """Wait for the first mailbox's server to speak; the others are looked at when the wait is over."""
        if self._watched:
            self._folder(*self._watched[0]).session.wait(WAIT, stop)
        else:
            _pause(WAIT, stop)

    def _hang_up(self) -> None:
        while self._folders:
            self._folders.popitem()[1].session.close()


def _pause(seconds: float, stop: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not stop():
        time.sleep(_SLICE)


def try_imap(account: ImapAccount) -> str:
    """Log in and open the folder, as `tandem init` and `tandem doctor` do; returns what was found, in words.

    Raises:
        MailError, ConfigError: what is wrong, in words.
    """
    with imap_session(account) as session:
        session.open(account.address.folder)
    return f"login works, {account.address.folder} can be read"


def try_smtp(account: SmtpAccount) -> str:
    """Log in and leave again; returns what was found, in words.

    Raises:
        MailError, ConfigError: what is wrong, in words.
    """
    asyncio.run(smtp_sender(account).check())
    return "login works" if account.address.user else "the server answers"


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
            except TandemError as error:
                log.info("a round was left out: %s", error)
