"""The accounts through which mail leaves, when a server does not let one in: what is said of it, and asking again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo

from desk.delivery.accounts import ask_now, try_now, unreached
from desk.desk import Desk
from desk.outgoing import SendingAccount
from desk.safe import safe_line
from tui.keys.naming import with_keys
from tui.messages import Said
from tui.reader.opened import stopped_accounts
from tui.words.heard import heard
from tui.words.telling import moment
from tui.words.tongue import tr, trn

_PLACE = re.compile(r"^((?:IMAP|SMTP): )\S+:\d+(:?) ")
"""Where a server is, at the beginning of what is wrong with it: left out where there is little room."""


def told_stopped(desk: Desk) -> Said:
    """From which mailboxes nothing leaves now, why, and when they are tried again; nothing where all is well."""
    accounts = list(stopped_accounts(desk).values())
    if not accounts:
        return _unreached(desk)
    soonest = min((each.next_try for each in accounts if each.next_try), default=None)
    return Said(" · ".join(map(_words, accounts)), "warn", again=soonest)


def _unreached(desk: Desk) -> Said:
    """Which server could not be talked to the last time that mail was to leave."""
    mails = unreached(desk)
    if not mails:
        return Said()
    why = heard(safe_line(mails[0].last_error or ""))
    waits = trn("{count} mail waits", "{count} mails wait", len(mails)).format(count=len(mails))
    return Said(f"{why} · {waits}", "warn", f"{briefly(why)} · {waits}", min(each.due for each in mails))


def briefly(why: str, *, is_named: bool = False) -> str:
    """What is wrong with a server without where that is; without its protocol too where a mailbox is named."""
    return _PLACE.sub(lambda place: f"{tr('the server')} " if not place[2] else "" if is_named else place[1], why)


def about_stopped(account: SendingAccount, now: datetime, zone: tzinfo | None = None) -> Iterator[str]:
    """The same of one of them, and what to do."""
    again = tr("; next try {at}").format(at=moment(account.next_try, now, zone)) if account.next_try else ""
    told = tr("nothing is sent from {mailbox}: {why}")
    since = ""
    if account.stopped_since:
        told = tr("nothing is sent from {mailbox} since {since}: {why}")
        since = moment(account.stopped_since, now, zone)
    why = heard(safe_line(account.said))
    yield told.format(mailbox=safe_line(account.mailbox), since=since, why=why) + again
    words = tr(
        "put its password right (tandem doctor says where it is looked for), then {key_sync} tries at once; mails wait"
    )
    yield with_keys(words)


def ask_stopped(desk: Desk) -> None:
    """Let all of them be tried again at once."""
    for name in stopped_accounts(desk):
        ask_now(desk, name)
    try_now(desk)


def _words(account: SendingAccount) -> str:
    told = tr("cannot send from {mailbox}, mails wait: {why}")
    return told.format(mailbox=safe_line(account.mailbox), why=heard(safe_line(account.said)))
