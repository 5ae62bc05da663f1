"""Copies of what was sent, for the folder of sent mail of a provider that keeps none by itself.

Whatever comes in their way, the mail itself was sent: a copy that fails is tried again and told, and changes nothing of
how the mail stands. It is always looked for first, so that a process that was killed between putting it there and
noting that leaves no second one behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from desk.conversation import Happened, OutboxId
from desk.delivery.telling import write_down
from desk.desk import Desk
from desk.errors import MailError, MailUnreachable, TandemError
from desk.outgoing import Copy, OutboxEntry, OutboxState
from desk.ports import SentFolder

LEFT_ALONE = timedelta(seconds=20)
"""How long a provider that may file a copy by itself is left to it."""

GIVEN_UP = timedelta(days=3)
"""How long a copy is tried for."""

_WENT_OUT = frozenset({OutboxState.SENT, OutboxState.BOUNCED})


def names_of(mail: OutboxEntry) -> tuple[str, ...]:
    """The Message-IDs under which a mail of ours may be found: its own, and what a server gave it instead."""
    return tuple(filter(None, (mail.message_id, mail.sent_as)))


def is_ready(mail: OutboxEntry, now: datetime, left_alone: timedelta) -> bool:
    """Whether the copy of a mail may be put into the folder now; where the clock was set back, too."""
    if mail.copy is not Copy.WANTED or mail.state not in _WENT_OUT:
        return False
    return mail.sent_at is None or not timedelta(0) <= now - mail.sent_at < left_alone


def keep_copy(desk: Desk, outbox: OutboxId, folder: SentFolder) -> None:
    """See to it that a copy is in the folder, and note that.

    Raises:
        MailError: it cannot be put there now.
        StorageError: its bytes or the store cannot be read.
    """
    mail = desk.store.outbox.get(outbox)
    if mail is None or mail.copy is not Copy.WANTED:
        return
    if mail.redacted:
        no_copy(desk, mail.id)
        return
    raw = desk.blobs.get(mail.raw)
    is_there = folder.find(names_of(mail))
    if is_there is None:
        raise MailError("nothing can be searched for in the folder of sent mail, so there might be two copies in it")
    if not is_there:
        folder.keep(raw, mail.created)
    note_kept(desk, mail.id)


def note_kept(desk: Desk, outbox: OutboxId) -> None:
    """A copy is in the folder of sent mail, whoever put it there."""
    _change(desk, outbox, lambda mail: replace(mail, copy=Copy.KEPT, copy_said=""))


def no_copy(desk: Desk, outbox: OutboxId) -> None:
    """No copy is wanted after all."""
    _change(desk, outbox, lambda mail: replace(mail, copy=Copy.UNWANTED, copy_said=""))


def note_failure(desk: Desk, outbox: OutboxId, error: TandemError) -> None:
    """Keep why a copy could not be put there. A server that is away is told only when it is given up for good."""
    with desk.store.transaction():
        mail = desk.store.outbox.get(outbox)
        if mail is None or mail.copy is not Copy.WANTED:
            return
        is_over = mail.sent_at is None or desk.clock() - mail.sent_at >= GIVEN_UP
        is_news = not isinstance(error, MailUnreachable) and _gist(error.message) != _gist(mail.copy_said)
        copy = Copy.FAILED if is_over else Copy.WANTED
        if (copy, error.message) != (mail.copy, mail.copy_said):
            desk.store.outbox.put(replace(mail, copy=copy, copy_said=error.message))
        if is_over or is_news:
            said = error.message if is_over else f"{error.message}; it is tried again"
            write_down(desk, mail, Happened.COPY_FAILED, said=said)


def _gist(said: str) -> str:
    """What a server says, without its figures: Dovecot ends its words with the time and how long it took."""
    return re.sub(r"\d+", "", said)


def _change(desk: Desk, outbox: OutboxId, change: Callable[[OutboxEntry], OutboxEntry]) -> None:
    with desk.store.transaction():
        mail = desk.store.outbox.get(outbox)
        if mail is not None and mail.copy in (Copy.WANTED, Copy.FAILED):
            desk.store.outbox.put(change(mail))
