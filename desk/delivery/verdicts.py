"""What an attempt's end means for the mail's row: the one place where a verdict becomes a state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from desk.attempts import Ending
from desk.conversation import Happened
from desk.delivery.telling import tell, write_down
from desk.delivery.waits import after_attempt, is_over
from desk.desk import Desk
from desk.outgoing import Attempt, Copy, OutboxEntry, OutboxState, RecipientAnswer, Try, Verdict

_STILL_OURS = frozenset({OutboxState.CLAIMED, OutboxState.IN_DATA, OutboxState.UNCERTAIN})
_ARRIVED = frozenset({OutboxState.SENT, OutboxState.BOUNCED})


def conclude(
    desk: Desk, ending: Ending, *, chance: Callable[[], float], keeps_copy: Callable[[str], bool]
) -> Verdict | None:
    """Write down how an attempt ended, and tell it on the ticket; None where that says nothing of the mail any more."""
    with desk.store.transaction():
        entry = desk.store.outbox.get(ending.outbox)
        if entry is None or not _may_conclude(entry, ending):
            return None
        attempt = _or_given_up(desk, entry, ending.attempt)
        verdict = attempt.verdict
        wait = after_attempt(entry.attempts, chance)
        concluded = replace(_concluded(entry, ending, attempt, wait), sent_as=_new_id(desk, attempt))
        if verdict is Verdict.SENT and keeps_copy(entry.mailbox):
            concluded = replace(concluded, copy=Copy.WANTED)
        desk.store.outbox.put(concluded)
        desk.store.threads.link(entry.ticket, [concluded.sent_as])
        if verdict is Verdict.DEFERRED and _is_told_as_deferred(entry):
            write_down(desk, entry, Happened.DEFERRED, said=attempt.said, next=concluded.due.isoformat())
        else:
            tell(desk, entry, Happened(verdict.value), attempt.said)
        return verdict


def _concluded(entry: OutboxEntry, ending: Ending, attempt: Attempt, wait: timedelta) -> OutboxEntry:
    verdict = attempt.verdict
    return replace(
        entry.and_tried(Try(ending.at, verdict, attempt.said)),
        state=OutboxState(verdict.value),
        due=ending.at + wait if verdict is Verdict.DEFERRED else entry.due,
        last_error=None if verdict is Verdict.SENT else attempt.said,
        claim=None,
        lease_until=None,
        sent_at=ending.at if verdict is Verdict.SENT else None,
        refused_for=_refused_for(entry, attempt),
        server_wide=attempt.server_wide,
    )


def _refused_for(entry: OutboxEntry, attempt: Attempt) -> tuple[RecipientAnswer, ...]:
    """Who was turned away for good, now or before the mail went to the rest."""
    now = [each for each in attempt.recipients if each.is_refusal] if attempt.verdict is Verdict.REFUSED else []
    return tuple({each.address: each for each in (*entry.left_out, *now)}.values())


def _may_conclude(entry: OutboxEntry, ending: Ending) -> bool:
    """Whether a verdict still holds. *Sent* does whoever has the mail by now, and stops whoever would send it again.

    A desk that was replaced meanwhile may hold another mail under this id: nothing is known of that one.
    """
    if (entry.message_id, entry.raw) != (ending.message_id, ending.raw):
        return False
    verdict = ending.attempt.verdict
    if verdict is Verdict.SENT:
        return entry.state not in _ARRIVED
    is_news = entry.state.value != verdict.value
    return entry.claim == ending.claim and entry.state in _STILL_OURS and is_news


def _new_id(desk: Desk, attempt: Attempt) -> str:
    """The id that answers to the mail will name, if no ticket has it yet: a server may say what it likes."""
    is_new = attempt.sent_as and not desk.store.threads.tickets([attempt.sent_as], own=True)
    return attempt.sent_as if is_new else ""


def _or_given_up(desk: Desk, entry: OutboxEntry, attempt: Attempt) -> Attempt:
    if attempt.verdict is not Verdict.DEFERRED or not is_over(entry, desk.clock()):
        return attempt
    said = f"given up after {entry.attempts} attempts: {attempt.said}"
    return Attempt(Verdict.REFUSED, said, recipients=attempt.recipients)


def _is_told_as_deferred(entry: OutboxEntry) -> bool:
    """Whether the ticket says already that this mail is put off; further attempts are only written down."""
    return entry.last_error is not None and entry.state is not OutboxState.UNCERTAIN
