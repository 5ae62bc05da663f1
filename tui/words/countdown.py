"""What the status line says of the mail that this agent sent last, from its undo window to how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.conversation import OutboxId
from desk.outgoing import OutboxEntry, OutboxState
from desk.people import Handle
from desk.safe import safe_line
from tui.keys.naming import with_keys
from tui.messages import Said
from tui.words.tongue import mark, tr

PATIENCE = timedelta(seconds=30)
"""How long the line goes on telling of a mail that is due."""
_ON_ITS_WAY = frozenset({OutboxState.CLAIMED, OutboxState.IN_DATA})
_OVER = {
    OutboxState.SENT: mark("sent to {name}"),
    OutboxState.DEFERRED: mark("the mail to {name} waits and is tried again: {key_view_outbox} tells why"),
    OutboxState.REFUSED: mark("the mail to {name} was refused: {key_view_outbox} tells by whom, and what can be done"),
    OutboxState.UNCERTAIN: mark("nobody knows whether {name} got the mail: {key_view_outbox} tells what is known"),
    OutboxState.BOUNCED: mark("the mail to {name} came back: {key_view_outbox} tells why"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A mail of which the line goes on telling, and the first name that it is told under."""

    mail: OutboxId
    whom: str

    @property
    def goes_first(self) -> str:
        """What the undo key does before anything else, as long as the mail waits."""
        return with_keys(tr("but first {key_undo} stops the mail to {name}"), name=safe_line(self.whom))

    def words(
        self,
        mail: OutboxEntry | None,
        now: datetime,
        *,
        is_stopped: bool = False,
        taken_out_by: Handle | None = None,
        is_mine: bool = True,
    ) -> Said | None:
        """What to say now; None once there is nothing more to say.

        `is_stopped`: its account is not let in to send. `taken_out_by` is the colleague who cancelled it, if one did.
        `is_mine`: it was this agent who queued it, so that the undo key takes it back.
        """
        whom = safe_line(self.whom)
        if mail is None or mail.state is OutboxState.CANCELLED:
            words = tr("{agent} took the mail to {name} out of the outbox: it does not leave")
            return Said(words.format(agent=safe_line(taken_out_by), name=whom), "warn") if taken_out_by else None
        if mail.state in _ON_ITS_WAY:
            return Said(tr("sending to {name} …").format(name=whom))
        if mail.state in _OVER:
            return Said(
                with_keys(tr(_OVER[mail.state]), name=whom), "info" if mail.state is OutboxState.SENT else "warn"
            )
        if is_stopped and mail.is_due(now):
            waits = tr("queued for {name}, waits: nothing can be sent from {mailbox} now")
            return Said(waits.format(name=whom, mailbox=safe_line(mail.mailbox)), "warn")
        left = int((mail.due - now).total_seconds() + 0.999)
        if left <= 0 or mail.is_due(now):
            return Said(tr("queued for {name}, leaves now").format(name=whom))
        waits = (
            tr("queued for {name}, leaves in {count} s, {key_undo} takes it back")
            if is_mine
            else tr("queued for {name}, leaves in {count} s")
        )
        return Said(with_keys(waits, name=whom, count=left))


def is_over(mail: OutboxEntry | None, now: datetime) -> bool:
    """Whether the line has told of a mail for the last time: it has ended, or takes longer than one looks on."""
    return mail is None or mail.state not in _ON_ITS_WAY | {OutboxState.QUEUED} or now > mail.due + PATIENCE
