"""Who has a mail: one process at a time takes it up, by compare-and-set in the store, and for so long only.

A process that ends in DATA leaves a row of which nobody knows whether the mail went out (RFC 1047).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from desk.conversation import Happened, OutboxId
from desk.delivery.telling import tell, write_down
from desk.delivery.waits import CLAIM_LEASE, DATA_LEASE
from desk.desk import Desk
from desk.errors import RefusedError
from desk.outgoing import Attempt, OutboxEntry, OutboxState, Try, Verdict

_LEFT = "Tandem stopped before the mail server answered: the mail may have gone out, or not"


class ClaimLost(RefusedError):
    """Another process has taken this mail over, so this one must not send it."""

    def __init__(self) -> None:
        super().__init__("another process has taken this mail over")


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that this process took up: as it waited before, and as it stands claimed."""

    before: OutboxEntry
    mail: OutboxEntry


def take_up(desk: Desk, outbox: OutboxId, owner: str) -> Claim | None:
    """Claim a mail that is due; None where another process was faster or an agent stopped it."""
    if not _is_due(desk.store.outbox.get(outbox), now := desk.clock()):
        return None  # seen without a lock: of many processes only one needs to wait for its turn to write
    with desk.store.transaction():
        entry = desk.store.outbox.get(outbox)
        if entry is None or not _is_due(entry, now):
            return None
        claimed = replace(
            entry,
            state=OutboxState.CLAIMED,
            claim=f"{owner}#{secrets.token_hex(8)}",
            lease_until=now + CLAIM_LEASE,
            attempts=entry.attempts + 1,
        )
        desk.store.outbox.put(claimed)
        write_down(desk, entry, Happened.SENDING, attempt=str(claimed.attempts), by=owner)
        return Claim(entry, claimed)


def _is_due(mail: OutboxEntry | None, now: datetime) -> bool:
    return mail is not None and mail.is_due(now)


def enter_data(desk: Desk, claim: Claim) -> None:
    """Commit that the server may have the mail from here on.

    Raises:
        ClaimLost: somebody else has it by now.
    """
    with desk.store.transaction():
        if (entry := _held(desk, claim, OutboxState.CLAIMED)) is None:
            raise ClaimLost
        lease = desk.clock() + DATA_LEASE
        desk.store.outbox.put(replace(entry, state=OutboxState.IN_DATA, lease_until=lease))
        write_down(desk, entry, Happened.IN_DATA)


def give_back(desk: Desk, claim: Claim, attempt: Attempt) -> None:
    """Let a mail wait as it did: what came in its way has nothing to do with it, so that the try does not count."""
    with desk.store.transaction():
        if (entry := _held(desk, claim, OutboxState.CLAIMED)) is None:
            return
        before = claim.before
        waiting = replace(
            entry, state=before.state, due=before.due, attempts=before.attempts, claim=None, lease_until=None
        )
        desk.store.outbox.put(waiting)
        write_down(desk, entry, Happened.WAITS_AGAIN, said=attempt.said)


def _held(desk: Desk, claim: Claim, state: OutboxState) -> OutboxEntry | None:
    entry = desk.store.outbox.get(claim.mail.id)
    return entry if entry and (entry.state, entry.claim) == (state, claim.mail.claim) else None


def recover(desk: Desk, left: OutboxEntry) -> Verdict | None:
    """A mail that was left before DATA waits again; one that was left in DATA is uncertain."""
    with desk.store.transaction():
        entry = desk.store.outbox.get(left.id)
        if entry is None or (entry.state, entry.claim) != (left.state, left.claim):
            return None
        if entry.state is OutboxState.CLAIMED:
            desk.store.outbox.put(replace(entry, state=OutboxState.QUEUED, claim=None, lease_until=None))
            write_down(desk, entry, Happened.WAITS_AGAIN, said="the process that was sending it stopped")
            return None
        # It keeps its claim: should that process be alive after all, it still knows how this ended.
        tried = entry.and_tried(Try(desk.clock(), Verdict.UNCERTAIN, _LEFT))
        desk.store.outbox.put(replace(tried, state=OutboxState.UNCERTAIN, lease_until=None, last_error=_LEFT))
        tell(desk, entry, Happened.UNCERTAIN, _LEFT)
        return Verdict.UNCERTAIN
