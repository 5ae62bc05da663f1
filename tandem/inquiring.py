"""What is done about mails after they were sent, in the background of the process that delivers.

Copies are put into folders of sent mail, and uncertain mails are looked for. Each mailbox has a thread of its own, so
that an IMAP server that stalls keeps neither another mailbox nor the sending of mail waiting; of all processes one
works on a mailbox at a time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from threading import Event, Thread

from desk.copies import is_ready, keep_copy, no_copy, note_failure
from desk.desk import Desk
from desk.errors import ConfigError, MailError, MailUnreachable, StorageError, StoreDamaged, TandemError
from desk.inquiry import wants_look
from desk.looking import look_for
from desk.outgoing import OutboxEntry
from desk.ports import SentFolder
from tandem.config import Account
from tandem.election import RENEW_EVERY, Candidate
from tandem.every import Every
from tandem.patience import Patience
from tandem.sent_copies import NoSentFolder, is_filled, keeps_copy, left_alone, sent_folder
from tandem.wiring import Office

_AGAIN = 600.0
"""Seconds until a copy that was refused is tried again: only a person can change what stands in its way."""

_SHUNNED = 60.0
"""Seconds for which a mail is passed by over which the connection broke off, so that it cannot keep others waiting."""

log = logging.getLogger("tandem.inquiring")


class Inquirers:
    """Sees to what is left to do about sent mails, in rounds; a mailbox whose last round goes on is left to it."""

    def __init__(self, office: Office) -> None:
        self._office, self._ended = office, Event()
        self._inquirers = [_Inquirer(office.desk, each, self._ended) for each in office.config.accounts]
        self._names = [each.mailbox.name for each in office.config.accounts]

    def round(self) -> None:
        """Begin whatever there is to do.

        Raises:
            StorageError: the outbox cannot be read or written.
        """
        outbox = self._office.desk.store.outbox
        wanting, uncertain = outbox.wanting_copy(), outbox.uncertain()
        for mail in wanting:
            if not keeps_copy(self._office.config, mail.mailbox):
                no_copy(self._office.desk, mail.id)
        for each in self._inquirers:
            each.begin(
                [mail for mail in wanting if self._seen_to(mail) == each.name],
                [mail for mail in uncertain if self._seen_to(mail) == each.name],
            )

    def _seen_to(self, mail: OutboxEntry) -> str:
        """By whom: what was written for a mailbox that is no longer there left through the first one."""
        return mail.mailbox if mail.mailbox in self._names else next(iter(self._names), "")

    def stop(self) -> None:
        """Ask for the end, without waiting for it."""
        self._ended.set()

    def join(self, patience: float) -> None:
        """Wait at most so many seconds for what is being done."""
        deadline = time.monotonic() + patience
        for each in self._inquirers:
            each.join(max(0.0, deadline - time.monotonic()))


class _Inquirer:
    """One mailbox's. `resting` is until when a server that failed is left alone, `refused` that for single mails."""

    def __init__(self, desk: Desk, account: Account, ended: Event) -> None:
        self._desk, self._account, self._ended = desk, account, ended
        self.name = account.mailbox.name
        self._candidate = Candidate(desk, self.name, "sent mail of")
        self._patience = Patience()
        self._resting = 0.0
        self._refused: dict[int, float] = {}
        self._thread: Thread | None = None

    def begin(self, wanting: Iterable[OutboxEntry], uncertain: Iterable[OutboxEntry]) -> None:
        """Do what there is to do for this mailbox, in a thread of its own; nothing while that goes on or it rests."""
        now = time.monotonic()
        if (self._thread is not None and self._thread.is_alive()) or now < self._resting or self._ended.is_set():
            return
        copies = [each for each in wanting if self._is_ready(each, now)]
        looks = [each for each in uncertain if wants_look(each, self._desk.clock())]
        if copies or looks:
            self._thread = Thread(
                target=self._work, args=[copies, looks], name=f"sent mail of {self.name}", daemon=True
            )
            self._thread.start()

    def join(self, patience: float) -> None:
        """Wait at most so many seconds for what is being done."""
        if self._thread is not None:
            self._thread.join(patience)

    def _is_ready(self, mail: OutboxEntry, now: float) -> bool:
        return is_ready(mail, self._desk.clock(), left_alone(self._account)) and now >= self._refused.get(mail.id, 0.0)

    def _work(self, copies: Sequence[OutboxEntry], looks: Sequence[OutboxEntry]) -> None:
        try:
            if self._candidate.stand():
                with Every(RENEW_EVERY, self._candidate.renew):
                    self._see_to(copies, looks)
        except (MailError, ConfigError) as error:
            self._rest(error, copies)
        except StorageError as error:
            log.info("%s: sent mail was left for later: %s", self.name, error)
        except Exception:  # a worker's edge: one defect must not end the looking after for good
            log.exception("%s: looking after sent mail broke", self.name)
            self._resting = time.monotonic() + _AGAIN
        finally:
            self._withdraw()

    def _see_to(self, copies: Sequence[OutboxEntry], looks: Sequence[OutboxEntry]) -> None:
        imap = self._account.imap
        try:
            with nullcontext() if imap is None else sent_folder(imap) as folder:
                self._with_folder(folder, copies, looks)
        except NoSentFolder as error:
            self._with_folder(None, (), looks)
            if imap is not None and imap.sent_copy == "always":
                raise
            log.info("%s: no copies are kept: %s", self.name, error)
            for each in copies:
                no_copy(self._desk, each.id)
        self._patience.succeeded()

    def _with_folder(
        self, folder: SentFolder | None, copies: Sequence[OutboxEntry], looks: Sequence[OutboxEntry]
    ) -> None:
        for each in looks:
            if self._goes_on():
                look_for(self._desk, each, folder, is_filled=is_filled(self._account))
        for each in copies:
            if folder is not None and self._goes_on():
                self._copy(each, folder)

    def _copy(self, mail: OutboxEntry, folder: SentFolder) -> None:
        """Put one copy there; what the server says against one mail stops no other."""
        try:
            keep_copy(self._desk, mail.id, folder)
        except MailUnreachable:
            self._refused[mail.id] = time.monotonic() + _SHUNNED
            raise
        except (MailError, StoreDamaged) as error:
            log.info("%s: no copy of mail %d was kept: %s", self.name, mail.id, error)
            self._refused[mail.id] = time.monotonic() + _AGAIN
            note_failure(self._desk, mail.id, error)
        else:
            self._refused.pop(mail.id, None)

    def _goes_on(self) -> bool:
        """Whether we may go on: a process that slept for too long is no longer the one that does this."""
        return self._candidate.holds and not self._ended.is_set()

    def _rest(self, error: TandemError, copies: Sequence[OutboxEntry]) -> None:
        """Leave a server that failed alone for a while that grows; the copies say what keeps them."""
        log.info("%s: sent mail could not be looked after: %s", self.name, error)
        self._resting = time.monotonic() + self._patience.after(error)
        try:
            for each in copies:
                note_failure(self._desk, each.id, error)
        except StorageError as trouble:
            log.info("%s: that could not be written down: %s", self.name, trouble)

    def _withdraw(self) -> None:
        try:
            self._candidate.withdraw()
        except StorageError as error:
            log.info("the lease was left to run out: %s", error)
