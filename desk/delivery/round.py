"""One pass over the outbox: see to what was left behind, then try every mail that is due once."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from desk.attempts import Ending
from desk.delivery.accounts import is_in_the_way, learn, may_try
from desk.delivery.claims import Claim, ClaimLost, enter_data, give_back, recover, take_up
from desk.delivery.endings import HeldEndings
from desk.delivery.verdicts import conclude
from desk.desk import Desk
from desk.errors import StorageError, StoreBusy, StoreDamaged, TandemError
from desk.outgoing import Attempt, OutboxEntry, Verdict, gaps
from desk.ports import Endings, Sender
from desk.silence import keep_back

_TRIES_TO_CONCLUDE = 3


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many mails ended how in one round. `broken`: failures of our own; those mails are looked at again later.

    `held` are those that were due and were not tried because their account is not let in.
    """

    sent: int = 0
    deferred: int = 0
    refused: int = 0
    uncertain: int = 0
    broken: tuple[TandemError, ...] = ()
    held: int = 0

    def __add__(self, other: Delivered) -> Delivered:
        """Both together."""
        return Delivered(
            self.sent + other.sent,
            self.deferred + other.deferred,
            self.refused + other.refused,
            self.uncertain + other.uncertain,
            (*self.broken, *other.broken),
            self.held + other.held,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Which mail a round sees to, and how: that of the mailboxes that it `serves`, as long as `goes_on`.

    `keeps_copy` says of a mailbox whether a copy of what was sent has to be put into its folder of sent mail.
    `endings` is where what the store would not take is kept (None: not beyond the round).
    """

    serves: Callable[[str], bool] = lambda _mailbox: True
    keeps_copy: Callable[[str], bool] = lambda _mailbox: False
    goes_on: Callable[[], bool] = lambda: True
    endings: Endings | None = None


EVERYTHING = Lane()


def deliver(
    desk: Desk,
    sender: Sender,
    *,
    owner: str,
    is_gone: Callable[[str], bool],
    limit: int | None = None,
    chance: Callable[[], float] = random.random,
    lane: Lane = EVERYTHING,
) -> Delivered:
    """See to what dead processes left behind, then try every mail that is due once, at most `limit` of them.

    `owner` names this process and `is_gone` says of a claim whether the process that made it has surely ended;
    `chance` gives numbers from 0 to 1, which spread the next attempts.

    Raises:
        StorageError: the outbox cannot be read.
    """
    work = _Round(desk, sender, owner, chance, lane)
    work.catch_up()
    for left in desk.store.outbox.in_flight():
        if lane.serves(left.mailbox) and _is_abandoned(desk, left, is_gone):
            work.book(partial(recover, desk, left))
    due = [each for each in desk.store.outbox.due(desk.clock()) if lane.serves(each.mailbox)]
    for each in due[:limit]:
        if not lane.goes_on():
            break
        work.book(partial(work.deliver, each))
    return work.delivered


def _is_abandoned(desk: Desk, left: OutboxEntry, is_gone: Callable[[str], bool]) -> bool:
    if left.claim is None or left.lease_until is None:
        return True
    return left.lease_until <= desk.clock() or is_gone(left.claim)


class _Round:
    """`down` remembers whose server takes nothing at the moment, and `stopped` whose does not let us in, by mailbox."""

    def __init__(self, desk: Desk, sender: Sender, owner: str, chance: Callable[[], float], lane: Lane) -> None:
        self.desk = desk
        self.sender = sender
        self.owner = owner
        self.chance = chance
        self.lane = lane
        self.endings = lane.endings or HeldEndings()
        self.down: dict[str, Attempt] = {}
        self.stopped: set[str] = set()
        self.held = 0
        self.ends: Counter[Verdict] = Counter()
        self.broken: list[TandemError] = []

    @property
    def delivered(self) -> Delivered:
        """What became of the mails so far."""
        ends = self.ends
        return Delivered(
            sent=ends[Verdict.SENT],
            deferred=ends[Verdict.DEFERRED],
            refused=ends[Verdict.REFUSED],
            uncertain=ends[Verdict.UNCERTAIN],
            broken=tuple(self.broken),
            held=self.held,
        )

    def book(self, step: Callable[[], Verdict | None]) -> None:
        """Do a step and count how it ended; a mail that breaks it does not stop the others."""
        try:
            if (end := step()) is not None:
                self.ends[end] += 1
        except TandemError as error:
            self.broken.append(error)

    def catch_up(self) -> None:
        """Let the store have what it would not take before, of this process or of one that ended since."""
        for ending in self.endings.all():
            self.book(partial(self._conclude, ending))

    def deliver(self, due: OutboxEntry) -> Verdict | None:
        """One attempt, unless another process is faster or the account is stopped."""
        if keep_back(self.desk, due):
            return None
        if due.mailbox in self.stopped or not may_try(self.desk, due.mailbox):
            self._hold(due.mailbox)
            return None
        if (claim := take_up(self.desk, due.id, self.owner)) is None:
            return None
        try:
            unfit = self._unfit(claim.mail)
            attempt = unfit or self._hand_over(claim)
        except ClaimLost:
            return None
        if attempt is None:
            self._hold(due.mailbox)
            return None
        end = self._conclude_patiently(claim.mail, attempt)
        if unfit is None and not attempt.server_wide:
            learn(self.desk, due.mailbox, attempt)
        return end

    def _hold(self, mailbox: str) -> None:
        self.stopped.add(mailbox)
        self.held += 1

    def _unfit(self, mail: OutboxEntry) -> Attempt | None:
        """What keeps a mail from being shown to the server at all."""
        if left := gaps(mail.draft):
            return Attempt(Verdict.REFUSED, f"not sent, there are gaps left: {', '.join(left)}")
        try:
            self.desk.blobs.get(mail.raw)
        except StoreDamaged as damage:
            return Attempt(Verdict.REFUSED, f"not sent: {damage.message}")
        return self.down.get(mail.mailbox)

    def _hand_over(self, claim: Claim) -> Attempt | None:
        """How the server took the mail; None where its account came in the way, so that it waits as before."""
        raw = self.desk.blobs.get(claim.mail.raw)
        attempt = self.sender.send(claim.mail, raw, lambda: enter_data(self.desk, claim))
        if is_in_the_way(self.desk, claim.mail.mailbox, attempt):
            give_back(self.desk, claim, attempt)
            return None
        if attempt.server_wide:
            self.down[claim.mail.mailbox] = attempt
        return attempt

    def _conclude_patiently(self, mail: OutboxEntry, attempt: Attempt) -> Verdict | None:
        """Only we know how it ended: what a busy store does not take is kept until it does."""
        ending = Ending(mail.id, mail.message_id, mail.raw, mail.claim or "", self.desk.clock(), attempt)
        for _ in range(_TRIES_TO_CONCLUDE - 1):
            with contextlib.suppress(StoreBusy):
                return self._conclude(ending)
            self.endings.keep(ending)
        try:
            return self._conclude(ending)
        except StorageError:
            self.endings.keep(ending)
            raise

    def _conclude(self, ending: Ending) -> Verdict | None:
        end = conclude(self.desk, ending, chance=self.chance, keeps_copy=self.lane.keeps_copy)
        self.endings.drop(ending)
        return end
