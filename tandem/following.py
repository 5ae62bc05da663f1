"""Following one mailbox, in a thread of its own: be elected, take mail in, wait for more, and again.

What goes wrong with one mailbox delays no other. A server that fails is asked again after a while that grows, and as
long as it asks for itself; whoever follows is told in words.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

from desk.desk import Desk
from desk.errors import MailError, StorageError, StoreOutdated, TandemError
from desk.standing import WAITING, Standing
from tandem.counts import Counts
from tandem.election import Candidate
from tandem.folder import Progress
from tandem.patience import Patience
from tandem.watching import Watched, pause

WAIT = 60.0
"""Seconds that a round waits for the server to announce new mail; then the other folders are looked at."""

_ASK_AGAIN = 2.0
"""Seconds between two questions whether the process that fetches is still there."""

_NOTICED_FOR = timedelta(hours=1)
"""How long a notice stands beside “waiting for mail”; whoever looks for mail meanwhile has read it."""

_LASTED = 10.0
"""Seconds: a connection that broke off later than this after a look had served, and another is made at once."""

log = logging.getLogger("tandem.loops")


class Follower:
    """Follows one mailbox until it is stopped. `tell` hears how it stands, from this thread."""

    def __init__(self, desk: Desk, watched: Watched, tell: Callable[[Standing, Counts], None]) -> None:
        self._desk, self._watched, self._tell_all = desk, watched, tell
        self.candidate = Candidate(desk, watched.mailbox.name)
        self._patience = Patience()
        self._notice, self._noticed = "", desk.clock()
        self._stopped, self._hurried = Event(), Event()
        self._thread = Thread(target=self._follow, name=f"mail of {watched.mailbox.name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def hurry(self) -> None:
        """Look now, whatever is being waited for."""
        self._hurried.set()

    def stop(self) -> None:
        """Ask for the end, without waiting for it."""
        self._stopped.set()
        self._hurried.set()

    def join(self, patience: float) -> None:
        """Wait at most so many seconds for the end."""
        if self._thread.is_alive():
            self._thread.join(patience)

    def _follow(self) -> None:
        while not self._stopped.is_set():
            try:
                if self._hurried.is_set():
                    self._hurried.clear()
                    self._notice = ""
                    self._watched.hurry()
                self._once()
            except StoreOutdated as error:
                self._tell(Standing(self._watched.mailbox.name, error.message, is_trouble=True, is_over=True))
                break
            except TandemError as error:
                log.info("a round was left out: %s", error)
                self._rest(error)
            except Exception as error:  # a worker's edge: one defect must not end the mailbox for good
                log.exception("a round broke")
                self._rest(
                    TandemError("something went wrong in the background", f"{type(error).__name__}; see the log")
                )
        self._leave()

    def _once(self) -> None:
        """A round of whoever fetches; of whoever does not, a look whether that is still so."""
        if not self.candidate.holds and not self.candidate.stand():
            self._watched.hang_up()
            self._say(self.candidate.said)
            pause(_ASK_AGAIN, self._wants_on)
            if self._hurried.is_set() and not self._stopped.is_set():
                self._look(self._stopped.is_set)
            return
        wrong = self._look(self._must_end)
        if not self._must_end():
            self._wait(wrong)

    def _look(self, stop: Callable[[], bool]) -> list[MailError]:
        counts, started = Counts(), time.monotonic()
        progress = Progress(counts, lambda fetching: self._say(fetching.in_words), stop, self._note)
        try:
            wrong = self._watched.look(progress)
        finally:
            counts.seconds = time.monotonic() - started
            if counts.fetched:
                self._patience.succeeded()
                new = counts.fetched - counts.duplicates  # our own mail comes back from the folder of what was sent
                self._tell(Standing(self._watched.mailbox.name, f"{counts.fetched} fetched", came=new), counts)
        return wrong

    def _wait(self, wrong: list[MailError]) -> None:
        if self._desk.clock() - self._noticed >= _NOTICED_FOR:
            self._notice = ""
        words = " · ".join(filter(None, (WAITING, self._notice)))
        if wrong:
            self._tell(Standing(self._watched.mailbox.name, wrong[0].message, is_trouble=True))
        else:
            self._say(words)
        self._desk.store.rest()
        started = time.monotonic()
        try:
            self._watched.wait(WAIT, self._wants_on)
        except MailError:
            if time.monotonic() - started > _LASTED:
                self._patience.succeeded()
            raise
        self._patience.succeeded()

    def _rest(self, error: TandemError) -> None:
        """Wait until it is tried again; meanwhile another process may try.

        Who is in a hurry is not kept waiting, but hears what is wrong.
        """
        self._watched.hang_up()
        self._withdraw()
        if self._stopped.is_set():
            return
        seconds = self._patience.after(error)
        if self._hurried.is_set():
            seconds = 0.0
            self._tell(Standing(self._watched.mailbox.name, error.message, is_trouble=True, again=self._desk.clock()))
        again = self._desk.clock() + timedelta(seconds=seconds)
        trouble = Standing(self._watched.mailbox.name, error.message, is_trouble=True, again=again)
        until, told = time.monotonic() + seconds, None
        while (left := until - time.monotonic()) > 0 and not self._wants_on():
            now = self._of_another() or trouble
            if now != told:
                self._tell(now)
                told = now
            pause(min(left, _ASK_AGAIN), self._wants_on)

    def _of_another(self) -> Standing | None:
        """That another process fetches by now, whatever came in the way of this one."""
        try:
            said = self.candidate.said
        except StorageError:
            return None
        return Standing(self._watched.mailbox.name, said) if said else None

    def _leave(self) -> None:
        self._watched.hang_up()
        self._withdraw()

    def _withdraw(self) -> None:
        try:
            self.candidate.withdraw()
        except StorageError as error:
            log.info("the lease was left to run out: %s", error)

    def _must_end(self) -> bool:
        return self._stopped.is_set() or not self.candidate.holds

    def _wants_on(self) -> bool:
        """Whether a wait should end."""
        return self._hurried.is_set() or self._stopped.is_set()

    def _note(self, words: str) -> None:
        """What is told beside “waiting for mail” for a while: it would be gone before anybody read it."""
        self._noticed = self._desk.clock()
        self._notice = f"{words} ({self._noticed.astimezone():%H:%M})"
        self._say(words)

    def _say(self, words: str) -> None:
        self._tell(Standing(self._watched.mailbox.name, words))

    def _tell(self, standing: Standing, counts: Counts | None = None) -> None:
        if not self._stopped.is_set() or (counts and counts.fetched):
            self._tell_all(replace(standing), counts or Counts())
