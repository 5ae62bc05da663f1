"""An account that the server does not let in is stopped as a whole: its mails wait, and none of them is to blame.

It is asked again with one mail after 1, 5, 15 and then every 30 minutes, by one process, or at once when an agent says
so. Once it is let in everything goes on, as if the time in between had not been.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from desk.delivery.waits import before_probe
from desk.desk import Desk
from desk.outgoing import NOT_GONE, Attempt, Limits, OutboxEntry, OutboxState, SendingAccount

_ASKED_ANEW = timedelta(days=1)
"""How old what a server offers may be before it is written down again."""


def may_try(desk: Desk, mailbox: str) -> bool:
    """Whether mail of this mailbox may be tried now; for a stopped account yes to one process, and then not for long.

    Where the clock was set back a question that is far ahead is due at once.
    """
    if not _is_waiting(desk.store.senders.get(mailbox), desk.clock()):
        return _probe(desk, mailbox)
    return False


def _is_waiting(account: SendingAccount | None, now: datetime) -> bool:
    if account is None or account.stopped_since is None or account.next_try is None:
        return False
    return now < account.next_try <= now + before_probe(account.probes)


def _probe(desk: Desk, mailbox: str) -> bool:
    account = desk.store.senders.get(mailbox)
    if account is None or account.stopped_since is None:
        return True
    with desk.store.transaction():
        account, now = desk.store.senders.get(mailbox), desk.clock()
        if account is None or account.stopped_since is None:
            return True
        if _is_waiting(account, now):
            return False
        wait = before_probe(account.probes + 1)
        desk.store.senders.put(replace(account, next_try=now + wait, probes=account.probes + 1))
        return True


def is_in_the_way(desk: Desk, mailbox: str, attempt: Attempt) -> bool:
    """Whether it was the account, not the mail, that came in the way of an attempt; then it is stopped."""
    if attempt.stops_account:
        _stop(desk, mailbox, attempt.said)
        return True
    account = desk.store.senders.get(mailbox) if attempt.server_wide else None
    return account is not None and account.stopped_since is not None


def learn(desk: Desk, mailbox: str, attempt: Attempt) -> None:
    """Learn from an attempt that got past the login: the account is let in, and this is what its server offers."""
    account = desk.store.senders.get(mailbox)
    if account is not None and account.stopped_since is not None:
        let_in(desk, mailbox)
    if attempt.limits is not None and _is_new(account, attempt.limits, desk.clock()):
        put_limits(desk, mailbox, attempt.limits)


def _stop(desk: Desk, mailbox: str, said: str) -> None:
    with desk.store.transaction():
        account, now = desk.store.senders.get(mailbox) or SendingAccount(mailbox=mailbox), desk.clock()
        if account.stopped_since is None:
            account = replace(account, stopped_since=now, next_try=now + before_probe(0), probes=0)
        desk.store.senders.put(replace(account, said=said, seen_at=now))


def let_in(desk: Desk, mailbox: str) -> bool:
    """Let a stopped account go on, because its login works; False where it was not stopped."""
    with desk.store.transaction():
        account, now = desk.store.senders.get(mailbox), desk.clock()
        if account is None or account.stopped_since is None:
            return False
        for mail in desk.store.outbox.waiting():
            if mail.mailbox == mailbox:
                desk.store.outbox.put(_held_back(mail, account.stopped_since, now))
        desk.store.senders.put(
            replace(account, stopped_since=None, said="", next_try=None, probes=0, seen_at=now),
        )
        return True


def _held_back(mail: OutboxEntry, since: datetime, now: datetime) -> OutboxEntry:
    """A mail after a time in which it could not be tried, which is not held against it."""
    lost = max(int((now - max(since, mail.created)).total_seconds()), 0)
    return replace(mail, held=mail.held + lost) if mail.state in NOT_GONE else mail


def _is_new(account: SendingAccount | None, limits: Limits, now: datetime) -> bool:
    if account is None or account.limits != limits or account.seen_at is None:
        return True
    return not timedelta(0) <= now - account.seen_at < _ASKED_ANEW


def put_limits(desk: Desk, mailbox: str, limits: Limits) -> None:
    """Remember what the server of a mailbox offers: mails are made to fit it before they are queued."""
    with desk.store.transaction():
        account = desk.store.senders.get(mailbox) or SendingAccount(mailbox=mailbox)
        desk.store.senders.put(replace(account, limits=limits, seen_at=desk.clock()))


def ask_now(desk: Desk, mailbox: str) -> bool:
    """Let a stopped account be asked again at once; False where it is not stopped."""
    with desk.store.transaction():
        account = desk.store.senders.get(mailbox)
        if account is None or account.stopped_since is None:
            return False
        desk.store.senders.put(replace(account, next_try=desk.clock()))
        return True


def unreached(desk: Desk) -> list[OutboxEntry]:
    """The mails that wait because the server of their mailbox could not be talked to, the longest due first."""
    waiting = desk.store.outbox.waiting()
    return [each for each in waiting if each.server_wide and each.state is OutboxState.DEFERRED]


def try_now(desk: Desk) -> None:
    """Let these be tried at once."""
    with desk.store.transaction():
        for each in unreached(desk):
            desk.store.outbox.put(replace(each, due=desk.clock()))


def stopped(desk: Desk) -> list[SendingAccount]:
    """The accounts that are not let in, by the names of their mailboxes.

    One of a mailbox that is not in the settings any more is left out once no mail waits for it.
    """
    shut = [each for each in desk.store.senders.all() if each.stopped_since is not None]
    if all(desk.settings.has(each.mailbox) for each in shut):
        return shut
    waits = {each.mailbox for each in desk.store.outbox.waiting()}
    return [each for each in shut if desk.settings.has(each.mailbox) or each.mailbox in waits]
