"""How a mail in the outbox stands, as an event keeps it, and how it is made to stand so again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from desk.outgoing import OutboxEntry, OutboxState

CANCELLABLE = frozenset({OutboxState.QUEUED, OutboxState.DEFERRED, OutboxState.REFUSED, OutboxState.UNCERTAIN})
RESENDABLE = frozenset({OutboxState.REFUSED, OutboxState.DEFERRED, OutboxState.UNCERTAIN})

NOT_GONE = frozenset({OutboxState.QUEUED, OutboxState.DEFERRED})
"""States in which a mail waits to be sent: nobody is handing it over, and it may be stopped."""


def kept_standing(mail: OutboxEntry) -> dict[str, str]:
    """How a mail stands, for an event's detail."""
    error = {} if mail.last_error is None else {"error": mail.last_error}
    return {"state": mail.state.value, "due": mail.due.isoformat(), "attempts": str(mail.attempts), **error}


def as_it_stood(mail: OutboxEntry, kept: Mapping[str, str], not_before: datetime) -> OutboxEntry | None:
    """The mail as `kept` says that it stood; one that waited is not due before `not_before`. None: nothing was kept."""
    if "state" not in kept:
        return None
    state, due = OutboxState(kept["state"]), datetime.fromisoformat(kept["due"])
    return replace(
        mail,
        state=state,
        due=max(due, not_before) if state in NOT_GONE else due,
        attempts=int(kept["attempts"]),
        last_error=kept.get("error"),
        claim=None,
        lease_until=None,
    )


def queued_again(mail: OutboxEntry, due: datetime) -> OutboxEntry:
    """The mail as if it had only now been queued: the same bytes under the same Message-ID."""
    return replace(mail, state=OutboxState.QUEUED, due=due, attempts=0, last_error=None, claim=None, lease_until=None)


def cancelled(mail: OutboxEntry) -> OutboxEntry:
    """The mail, not to be sent."""
    return replace(mail, state=OutboxState.CANCELLED, claim=None, lease_until=None)
