"""The accounts through which mail leaves, when a server does not let one in: what is said of it, and asking again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from desk.delivery.accounts import ask_now
from desk.desk import Desk
from desk.outgoing import SendingAccount
from desk.safe import safe_line
from tui.messages import Said
from tui.opened import stopped_accounts
from tui.telling import moment


def told_stopped(desk: Desk) -> Said:
    """From which mailboxes nothing leaves now, why, and when they are tried again; nothing where all is well."""
    accounts = list(stopped_accounts(desk).values())
    if not accounts:
        return Said()
    soonest = min((each.next_try for each in accounts if each.next_try), default=None)
    again = f", next try {moment(soonest, desk.clock())}, ctrl+r now" if soonest else ""
    return Said(" · ".join(map(_words, accounts)), "warn", again)


def about_stopped(account: SendingAccount, now: datetime, zone: tzinfo | None = None) -> Iterator[str]:
    """The same of one of them, and what to do."""
    again = f"; next try {moment(account.next_try, now, zone)}" if account.next_try else ""
    since = f" since {moment(account.stopped_since, now, zone)}" if account.stopped_since else ""
    yield f"nothing is sent from {safe_line(account.mailbox)}{since}: {safe_line(account.said)}{again}"
    yield "put its password right (tandem doctor says where it is looked for), then ctrl+r tries at once; mails wait"


def ask_stopped(desk: Desk) -> None:
    """Let all of them be tried again at once."""
    for name in stopped_accounts(desk):
        ask_now(desk, name)


def _words(account: SendingAccount) -> str:
    return f"cannot send from {safe_line(account.mailbox)}, mails wait: {safe_line(account.said)}"
