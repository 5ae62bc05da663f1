"""Rounds of mail, in and out: one for `tandem sync`, an endless row of them for an open screen.

Each mailbox is followed in a thread of its own (tandem/following.py), so that none waits for another's server.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import Self

from desk.actions.attend import forget_gone
from desk.conversation import EntryId
from desk.delivery import Delivered
from desk.errors import ConfigError, MailError, StorageError, TandemError
from desk.standing import Fetching, Standing, all_of
from desk.ticket import TicketNumber
from desk.waking import wake
from tandem.acknowledging import Switch
from tandem.counts import Counts
from tandem.couriers import Couriers, Troubles
from tandem.election import RENEW_EVERY, Candidate
from tandem.every import Every
from tandem.folder import Progress
from tandem.following import Follower
from tandem.inquiring import Inquirers
from tandem.loading import load_whole
from tandem.processes import is_gone
from tandem.watching import Watched
from tandem.wiring import Office
from tandem.workshop import Workshop

_FAREWELL = 3.0
"""Seconds that the end may take, for the sake of mails that servers are just taking."""

_HANGING_UP = 1.0
"""Seconds of them for the end of following: what is being fetched is fetched next time."""

_PATIENCE = 1.0
"""Seconds that a round of sending is waited for."""

_INQUIRED = 60.0
"""Seconds that a single round waits for what is done about mails that were sent."""


def deliver_due(office: Office) -> Delivered:
    """Send everything that is due, and settle what a process that died left behind; failures of our own are logged.

    Then uncertain mails are looked for, and copies put into folders of sent mail.

    Raises:
        StorageError: the outbox cannot be read or written.
    """
    couriers, inquirers = Couriers(office), Inquirers(office)
    try:
        done = couriers.round()
        inquirers.round()
        inquirers.join(_INQUIRED)
        return done
    finally:
        couriers.stop()
        inquirers.stop()


def unsent(done: Delivered) -> list[TandemError]:
    """What went wrong when mails were sent: failures of our own, then what the mail server would not take.

    An uncertain mail is neither: it is found out about on its ticket.
    """
    left = {"put off": done.deferred, "refused": done.refused, "held back, the account is not let in": done.held}
    said = ", ".join(f"{count} {how}" for how, count in left.items() if count)
    return [
        *done.broken,
        *([MailError(f"not every mail was sent: {said}", "`tandem outbox` says why")] if said else []),
    ]


def one_round(
    office: Office,
    notice: Callable[[str], None] = lambda _: None,
    tell: Callable[[Fetching], None] = lambda _: None,
) -> tuple[Counts, list[TandemError]]:
    """Compare every folder with the ledger, take in what is new, wake up and send what is due.

    What went wrong on the way comes with the counts, mail in first; it stopped nothing else. `notice` hears what a
    person should know, `tell` how far it is with all mailboxes together; both may be called from several threads.

    Raises:
        StorageError: the store cannot be used.
    """
    counts, started = Counts(), time.monotonic()
    with MailRounds(office) as rounds:
        wrong = rounds.take_in(Progress(counts, tell, notice=notice))
    wake(office.desk)
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
    """Implements tui.ports.Background: the mail of every mailbox, in and out, each watched in a thread of its own."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._workshop = Workshop(office.desk.blobs)
        self._watched = [
            Watched(office.desk, each.mailbox, each.imap, self._workshop)
            for each in office.config.accounts
            if each.imap is not None
        ]
        self._followers: list[Follower] = []
        self._renewing = Every(RENEW_EVERY, self._renew)
        self._couriers = Couriers(office)
        self._inquirers = Inquirers(office)
        self._troubles: Troubles | None = None
        self._switch: Switch | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        deadline = time.monotonic() + _FAREWELL
        self.stop()
        self.join(_HANGING_UP)
        if self._followers:  # these hang up themselves, if their server lets them
            self._renewing.__exit__(kind, error, trace)
        else:
            for each in self._watched:
                each.hang_up()
        self.finish(max(0.0, deadline - time.monotonic()))
        self._inquirers.join(max(0.0, deadline - time.monotonic()))
        self._workshop.close()

    @property
    def mailboxes(self) -> list[str]:
        """The names of the mailboxes that are watched."""
        return [each.mailbox.name for each in self._watched]

    def wake(self) -> tuple[TicketNumber, ...]:
        """Bring back every ticket whose moment has come; returns those that this call woke.

        Raises:
            StorageError: the store cannot be read or written.
        """
        return wake(self._office.desk)

    def deliver(self) -> None:
        """Wake up what is due, and send what is; a server that takes its time over a mail is left to it.

        Screens that were killed on this machine are shown no more.

        Raises:
            TandemError: our own part of it failed. What the mail server does not take is told on its ticket.
        """
        self.wake()
        forget_gone(self._office.desk, is_gone)
        if broken := self.send().broken:
            raise broken[0]

    def send(self) -> Delivered:
        """Send what is due; returns what became of the mails since this was last called.

        Raises:
            StorageError: the outbox cannot be read or written.
        """
        done = self._couriers.round(_PATIENCE)
        self._inquirers.round()
        if self._troubles:
            self._troubles.look()
        if self._switch:
            self._switch.look()
        return done

    def finish(self, patience: float) -> None:
        """Send no more mails, but wait at most so many seconds for those that servers are just taking."""
        self._couriers.stop()
        self._couriers.join(patience)

    def follow(self, tell: Callable[[Standing], None]) -> None:
        """Begin to take in what comes into every mailbox, until `stop`. `tell` is called from several threads."""
        self._follow(lambda standing, _: tell(standing))

    def follow_counting(self, tell: Callable[[Standing, Counts], None]) -> None:
        """As `follow`, with what became of the mails that came, and which accounts are not let in to send."""
        self._troubles = Troubles(self._office, lambda standing: tell(standing, Counts()))
        self._follow(tell)

    def _follow(self, tell: Callable[[Standing, Counts], None]) -> None:
        self._switch = Switch(self._office, lambda standing: tell(standing, Counts()))
        self._followers = [Follower(self._office.desk, each, tell) for each in self._watched]
        self._renewing.__enter__()
        for each in self._followers:
            each.start()

    def hurry(self) -> None:
        """Look into every mailbox now, whatever is being waited for."""
        for each in self._followers:
            each.hurry()

    def stop(self) -> None:
        """Ask for the end of following and of sending, without waiting for it."""
        self._couriers.stop()
        self._inquirers.stop()
        for each in self._followers:
            each.stop()

    def join(self, patience: float) -> None:
        """Wait at most so many seconds for the end of following."""
        deadline = time.monotonic() + patience
        for each in self._followers:
            each.join(max(0.0, deadline - time.monotonic()))

    def load_whole(self, entry: EntryId) -> None:
        """Fetch all of a mail that was too large to be fetched whole, and put it in the place of its beginning.

        Raises:
            TandemError: it cannot be had, in words.
        """
        load_whole(self._office, entry)

    def take_in(self, progress: Progress) -> list[TandemError]:
        """Take in what is new in every mailbox, all at once and without waiting; returns what went wrong.

        Raises:
            StorageError: the store cannot be used.
        """
        far = dict[str, Fetching]()
        with ThreadPoolExecutor(max(len(self._watched), 1), thread_name_prefix="mail") as threads:
            done = list(threads.map(partial(self._look, progress, far), self._watched))
        for counts, _ in done:
            progress.counts.add_all(counts)
        wrong = [error for _, errors in done for error in errors]
        for error in wrong:
            if isinstance(error, StorageError):
                raise error
        return wrong

    def _look(self, progress: Progress, far: dict[str, Fetching], watched: Watched) -> tuple[Counts, list[TandemError]]:
        """One mailbox's part of a round. While another process follows it, the whole of it is looked at all the same.

        The lease only keeps a screen that is opened meanwhile from doing the same work.
        """

        def tell(fetching: Fetching) -> None:
            far[watched.mailbox.name] = fetching
            progress.tell(all_of(list(far.values())))

        candidate, mine = Candidate(self._office.desk, watched.mailbox.name), progress.for_one_mailbox(tell)
        try:
            if not candidate.stand():
                progress.notice(f"{watched.mailbox.name}: {candidate.said} too; nothing comes in twice")
            return mine.counts, [_named(watched, error) for error in watched.look(mine)]
        except StorageError as error:
            watched.hang_up()
            return mine.counts, [error]
        except (MailError, ConfigError) as error:
            watched.hang_up()
            return mine.counts, [_named(watched, error)]
        finally:
            candidate.withdraw()

    def _renew(self) -> None:
        for each in self._followers:
            each.candidate.renew()
        self._workshop.rest()


def _named(watched: Watched, error: TandemError) -> TandemError:
    """The same with the name of the mailbox that it is about."""
    return error.reworded(f"{watched.mailbox.name}: {error.message}", error.hint)
