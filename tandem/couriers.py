"""Mail out, each mailbox in a thread of its own: a server that stalls holds no mail but that of its own mailbox."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from threading import Event, Lock, Thread

from desk.delivery import Delivered, Lane, deliver
from desk.delivery.accounts import stopped
from desk.errors import TandemError
from desk.outgoing import SendingAccount
from desk.ports import Endings
from desk.standing import WAITING, Standing
from storage.endings import StoredEndings
from tandem.connections import AccountSender
from tandem.processes import is_gone, owner
from tandem.sent_copies import keeps_copy
from tandem.wiring import Office

log = logging.getLogger("tandem.couriers")


class Couriers:
    """Sends what is due in rounds; a mailbox whose last round still goes on is left to it."""

    def __init__(self, office: Office) -> None:
        self._office, self._ended = office, Event()
        endings = StoredEndings(office.home.endings)
        self._couriers = [_Courier(name, partial(self._send, lane)) for name, lane in self._lanes(endings)]

    def round(self, patience: float | None = None) -> Delivered:
        """Try whatever is due and wait so many seconds for the end (None: for as long as it takes).

        What ended since the last round is told, too.

        Raises:
            StorageError: the outbox cannot be read.
        """
        for each in self._couriers:
            each.ask()
        self._wait(patience)
        done = Delivered()
        for each in self._couriers:
            done += each.collect()
        for error in done.broken:
            log.error("a mail could not be seen to: %s", error)
        return done

    def stop(self) -> None:
        """Ask for the end: the mail that is just being sent is the last."""
        self._ended.set()
        for each in self._couriers:
            each.stop()

    def join(self, patience: float) -> None:
        """Wait at most so many seconds for the mails that are just being sent."""
        self._wait(patience)

    def _wait(self, patience: float | None) -> None:
        deadline = None if patience is None else time.monotonic() + patience
        for each in self._couriers:
            each.wait(None if deadline is None else max(0.0, deadline - time.monotonic()))

    def _send(self, lane: Lane) -> Delivered:
        office = self._office
        done = deliver(office.desk, AccountSender(office.config), owner=owner(), is_gone=is_gone, lane=lane)
        office.desk.store.rest()
        return done

    def _lanes(self, endings: Endings) -> list[tuple[str, Lane]]:
        """One for each mailbox; what was written for one that is no longer there is seen to with the first one's."""
        first, *others = [each.mailbox.name for each in self._office.config.accounts] or [""]
        rest = self._lane(endings, lambda mailbox: mailbox not in others)
        return [(first, rest), *((name, self._lane(endings, name.__eq__)) for name in others)]

    def _lane(self, endings: Endings, serves: Callable[[str], bool]) -> Lane:
        kept = partial(keeps_copy, self._office.config)
        return Lane(serves=serves, goes_on=lambda: not self._ended.is_set(), endings=endings, keeps_copy=kept)


class _Courier:
    """Does one round after another when it is asked to, never two at once."""

    def __init__(self, name: str, work: Callable[[], Delivered]) -> None:
        self._work = work
        self._asked, self._idle, self._lock = Event(), Event(), Lock()
        self._is_over = False
        self._done, self._failed = Delivered(), list[TandemError]()
        self._idle.set()
        self._thread = Thread(target=self._go_round, name=f"send {name}", daemon=True)

    def ask(self) -> None:
        """Begin a round, unless one goes on."""
        if self._idle.is_set() and not self._is_over:
            self._idle.clear()
            if self._thread.ident is None:
                self._thread.start()
            self._asked.set()

    def wait(self, patience: float | None) -> None:
        """Wait for the end of the round that goes on."""
        self._idle.wait(patience)

    def collect(self) -> Delivered:
        """What became of the mails since this was last asked.

        Raises:
            TandemError: a round could not be made at all.
        """
        with self._lock:
            done, self._done = self._done, Delivered()
            failed, self._failed = self._failed, []
        if failed:
            raise failed[0]
        return done

    def stop(self) -> None:
        """No more rounds."""
        self._is_over = True
        self._asked.set()

    def _go_round(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            if self._is_over:
                self._idle.set()
                return
            try:
                self._keep(self._work())
            except TandemError as error:
                with self._lock:
                    self._failed.append(error)
            except Exception as error:  # a worker's edge: a defect in one round must not end all others
                log.exception("a round of sending broke")
                broke = TandemError("something went wrong while sending", f"{type(error).__name__}; see the log")
                with self._lock:
                    self._failed.append(broke)
            finally:
                self._idle.set()

    def _keep(self, done: Delivered) -> None:
        with self._lock:
            self._done += done


class Troubles:
    """Tells of accounts that are not let in, each time when something about one changes."""

    def __init__(self, office: Office, tell: Callable[[Standing], None]) -> None:
        self._office, self._tell = office, tell
        self._told: dict[str, SendingAccount] = {}

    def look(self) -> None:
        """Tell what is new."""
        found = {each.mailbox: each for each in stopped(self._office.desk)}
        for name in self._told.keys() - found.keys():
            self._tell(Standing(out_of(name), WAITING))
        for name, account in found.items():
            if self._told.get(name) != account:
                self._tell(Standing(out_of(name), account.in_words, is_trouble=True, again=account.next_try))
        self._told = found


def out_of(mailbox: str) -> str:
    """The outgoing side of a mailbox, by name: what comes in stands beside it."""
    return f"{mailbox} (out)"
