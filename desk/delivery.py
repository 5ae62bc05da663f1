"""What waits in the outbox goes out, each mail at most once: claim it, send it, write down how that ended.

A mail is committed as *in DATA* before the server can have any of it. A process that ends there leaves a row of which
nobody knows whether the mail went out (RFC 1047): it becomes *uncertain* and is never sent again by itself. How a mail
is handed over is the Sender's matter; what agents do about a mail that failed is in desk/actions: resend and cancel.
"""

from __future__ import annotations

import contextlib
import random
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from desk.conversation import Happened, OutboxId
from desk.desk import Desk
from desk.errors import RefusedError, StoreBusy, StoreDamaged, TandemError
from desk.outgoing import Attempt, OutboxEntry, OutboxState, Verdict, gaps
from desk.ports import Sender
from desk.ticket import Status

CLAIM_LEASE = timedelta(minutes=5)
"""How long a process may take to reach DATA: a slow server with a login and several recipients needs minutes."""

DATA_LEASE = timedelta(minutes=11)
"""How long the server may take over a mail: the ten minutes of RFC 5321 4.5.3.2.6, and one for us."""

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60))
"""How long a mail waits after its first, second, ... attempt, give or take a fifth; then always as after the last."""

GIVE_UP = timedelta(hours=24)
"""For how long we let ourselves be put off. A mail of a computer that slept through this still gets every wait once."""

_FAILED = frozenset({Happened.REFUSED, Happened.UNCERTAIN})
_STILL_OURS = frozenset({OutboxState.CLAIMED, OutboxState.IN_DATA, OutboxState.UNCERTAIN})
_ARRIVED = frozenset({OutboxState.SENT, OutboxState.BOUNCED})
_TRIES_TO_CONCLUDE = 3


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many mails ended how in one round. `broken`: failures of our own; those mails are looked at again later."""

    sent: int = 0
    deferred: int = 0
    refused: int = 0
    uncertain: int = 0
    broken: tuple[TandemError, ...] = ()


class ClaimLost(RefusedError):
    """Another process has taken this mail over, so this one must not send it."""

    def __init__(self) -> None:
        super().__init__("another process has taken this mail over")


def deliver(
    desk: Desk,
    sender: Sender,
    *,
    owner: str,
    is_gone: Callable[[str], bool],
    limit: int | None = None,
    chance: Callable[[], float] = random.random,
) -> Delivered:
    """See to what dead processes left behind, then try every mail that is due once, at most `limit` of them.

    `owner` names this process and `is_gone` says of a claim whether the process that made it has surely ended;
    `chance` gives numbers from 0 to 1, which spread the next attempts.

    Raises:
        StorageError: the outbox cannot be read.
    """
    work = _Round(desk, sender, owner, chance)
    for left in desk.store.outbox.in_flight():
        if _is_abandoned(desk, left, is_gone):
            work.book(work.recover, left)
    for due in desk.store.outbox.due(desk.clock())[:limit]:
        work.book(work.deliver, due)
    ends = work.ends
    return Delivered(
        sent=ends[Verdict.SENT],
        deferred=ends[Verdict.DEFERRED],
        refused=ends[Verdict.REFUSED],
        uncertain=ends[Verdict.UNCERTAIN],
        broken=tuple(work.broken),
    )


def _is_abandoned(desk: Desk, left: OutboxEntry, is_gone: Callable[[str], bool]) -> bool:
    if left.claim is None or left.lease_until is None:
        return True
    return left.lease_until <= desk.clock() or is_gone(left.claim)


class _Round:
    """One pass over the outbox. `down` remembers, by mailbox, whose server takes nothing at the moment."""

    def __init__(self, desk: Desk, sender: Sender, owner: str, chance: Callable[[], float]) -> None:
        self.desk = desk
        self.sender = sender
        self.owner = owner
        self.chance = chance
        self.down: dict[str, Attempt] = {}
        self.ends: Counter[Verdict] = Counter()
        self.broken: list[TandemError] = []

    def book(self, step: Callable[[OutboxEntry], Verdict | None], entry: OutboxEntry) -> None:
        """Do a step and count how it ended; a mail that breaks it does not stop the others."""
        try:
            if (end := step(entry)) is not None:
                self.ends[end] += 1
        except TandemError as error:
            self.broken.append(error)

    def recover(self, left: OutboxEntry) -> Verdict | None:
        """A mail that was left before DATA waits again; one that was left in DATA is uncertain."""
        with self.desk.store.transaction():
            entry = self.desk.store.outbox.get(left.id)
            if entry is None or (entry.state, entry.claim) != (left.state, left.claim):
                return None
            if entry.state is OutboxState.CLAIMED:
                self.desk.store.outbox.put(replace(entry, state=OutboxState.QUEUED, claim=None, lease_until=None))
                return None
            # It keeps its claim: should that process be alive after all, it still knows how this ended.
            said = "Tandem stopped before the mail server answered: the mail may have gone out, or not"
            uncertain = replace(entry, state=OutboxState.UNCERTAIN, lease_until=None, last_error=said)
            self.desk.store.outbox.put(uncertain)
            self._tell(entry, Happened.UNCERTAIN, said)
            return Verdict.UNCERTAIN

    def deliver(self, due: OutboxEntry) -> Verdict | None:
        """One attempt, unless another process is faster."""
        claim = f"{self.owner}#{secrets.token_hex(8)}"
        if (entry := self._claim(due.id, claim)) is None:
            return None
        try:
            attempt = self._attempt(entry)
        except ClaimLost:
            return None
        return self._conclude_patiently(entry, attempt)

    def _claim(self, outbox: OutboxId, claim: str) -> OutboxEntry | None:
        now = self.desk.clock()
        with self.desk.store.transaction():
            entry = self.desk.store.outbox.get(outbox)
            if entry is None or not entry.is_due(now):
                return None
            lease, attempts = now + CLAIM_LEASE, entry.attempts + 1
            claimed = replace(entry, state=OutboxState.CLAIMED, claim=claim, lease_until=lease, attempts=attempts)
            self.desk.store.outbox.put(claimed)
            return claimed

    def _attempt(self, entry: OutboxEntry) -> Attempt:
        if left := gaps(entry.draft):
            return Attempt(Verdict.REFUSED, f"not sent, there are gaps left: {', '.join(left)}")
        try:
            raw = self.desk.blobs.get(entry.raw)
        except StoreDamaged as damage:
            return Attempt(Verdict.REFUSED, f"not sent: {damage.message}")
        if entry.mailbox in self.down:
            return self.down[entry.mailbox]
        attempt = self.sender.send(entry, raw, lambda: self._enter_data(entry))
        if attempt.server_wide:
            self.down[entry.mailbox] = attempt
        return attempt

    def _enter_data(self, claimed: OutboxEntry) -> None:
        with self.desk.store.transaction():
            entry = self.desk.store.outbox.get(claimed.id)
            if entry is None or (entry.state, entry.claim) != (OutboxState.CLAIMED, claimed.claim):
                raise ClaimLost
            lease = self.desk.clock() + DATA_LEASE
            self.desk.store.outbox.put(replace(entry, state=OutboxState.IN_DATA, lease_until=lease))

    def _conclude_patiently(self, entry: OutboxEntry, attempt: Attempt) -> Verdict | None:
        """Only we know how it ended: a store that is busy is asked again before that knowledge is given up."""
        for _ in range(_TRIES_TO_CONCLUDE - 1):
            with contextlib.suppress(StoreBusy):
                return self._conclude(entry, attempt)
        return self._conclude(entry, attempt)

    def _conclude(self, claimed: OutboxEntry, attempt: Attempt) -> Verdict | None:
        with self.desk.store.transaction():
            entry = self.desk.store.outbox.get(claimed.id)
            if entry is None or not _may_conclude(entry, claimed, attempt.verdict):
                return None
            attempt = self._or_given_up(entry, attempt)
            now, verdict = self.desk.clock(), attempt.verdict
            concluded = replace(
                entry,
                state=OutboxState(verdict.value),
                due=now + self._wait(entry) if verdict is Verdict.DEFERRED else entry.due,
                last_error=None if verdict is Verdict.SENT else attempt.said,
                claim=None,
                lease_until=None,
                sent_at=now if verdict is Verdict.SENT else None,
                sent_as=self._new_id(attempt),
            )
            self.desk.store.outbox.put(concluded)
            self.desk.store.threads.link(entry.ticket, [concluded.sent_as])
            if not (verdict is Verdict.DEFERRED and _is_told_as_deferred(entry)):
                self._tell(entry, Happened(verdict.value), attempt.said)
            return verdict

    def _new_id(self, attempt: Attempt) -> str:
        """The id that answers to the mail will name, if no ticket has it yet: a server may say what it likes."""
        is_new = attempt.sent_as and not self.desk.store.threads.tickets([attempt.sent_as], own=True)
        return attempt.sent_as if is_new else ""

    def _or_given_up(self, entry: OutboxEntry, attempt: Attempt) -> Attempt:
        waited = entry.attempts >= len(BACK_OFF) and self.desk.clock() - entry.created >= GIVE_UP
        if attempt.verdict is not Verdict.DEFERRED or not waited:
            return attempt
        return Attempt(Verdict.REFUSED, f"given up after {entry.attempts} attempts: {attempt.said}")

    def _wait(self, entry: OutboxEntry) -> timedelta:
        usual = BACK_OFF[min(entry.attempts, len(BACK_OFF)) - 1]
        return timedelta(seconds=round(usual.total_seconds() * (0.8 + 0.4 * self.chance())))

    def _tell(self, entry: OutboxEntry, what: Happened, said: str) -> None:
        """Put on the ticket what became of its mail; one that failed opens it. An erased ticket has nobody to tell."""
        if (ticket := self.desk.store.tickets.get(entry.ticket)) is None:
            return
        after = replace(ticket, status=Status.OPEN, snoozed_until=None) if what in _FAILED else ticket
        self.desk.record(what, ticket, after, entry=entry.entry, detail={"said": said})


def _is_told_as_deferred(entry: OutboxEntry) -> bool:
    """Whether the ticket says already that this mail is put off; the further attempts are not news."""
    return entry.last_error is not None and entry.state is not OutboxState.UNCERTAIN


def _may_conclude(entry: OutboxEntry, claimed: OutboxEntry, verdict: Verdict) -> bool:
    """Whether a verdict still holds. *Sent* does whoever has the mail by now, and stops whoever would send it again.

    A desk that was replaced meanwhile may hold another mail under this id: nothing is known of that one.
    """
    if (entry.message_id, entry.raw) != (claimed.message_id, claimed.raw):
        return False
    if verdict is Verdict.SENT:
        return entry.state not in _ARRIVED
    is_news = entry.state.value != verdict.value
    return entry.claim == claimed.claim and entry.state in _STILL_OURS and is_news
