"""A mailbox's servers as settings name them: logging in to read, sending through the right one, trying both.

The protocols are loaded when the first connection is made: an inbox paints its first list before it asks for mail.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from desk.outgoing import Attempt, OutboxEntry, Verdict
from tandem.config import Config, ImapAccount, SmtpAccount

if TYPE_CHECKING:
    from mail.imap import Session
    from mail.smtp import SmtpSender


def imap_session(account: ImapAccount) -> Session:
    """A connection to a mailbox's IMAP server, logged in.

    Raises:
        MailError, ConfigError: what is wrong, in words.
    """
    from mail.imap import Session

    return Session.connect(account.address, account.password, login=account.login, cafile=account.cafile)


def smtp_sender(account: SmtpAccount) -> SmtpSender:
    """The SMTP side of a mailbox."""
    from mail.smtp import SmtpSender

    return SmtpSender(account.address, account.password, login=account.login, cafile=account.cafile)


class AccountSender:
    """Implements desk.ports.Sender: each mail leaves through its own mailbox's server.

    The mail of a mailbox that is no longer in the settings leaves through the first one, from whose address it was
    written (desk.settings.Settings.mailbox).
    """

    def __init__(self, config: Config) -> None:
        self._servers = {each.mailbox.name: each.smtp for each in config.accounts}

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]) -> Attempt:
        """Try once to send one mail; whatever the server or the network does is in the verdict."""
        first = next(iter(self._servers.values()), None)
        if (account := self._servers.get(entry.mailbox, first)) is None:
            said = f"the mailbox “{entry.mailbox}” has no SMTP server in config.toml"
            return Attempt(Verdict.DEFERRED, said, server_wide=True)
        return asyncio.run(smtp_sender(account).send(entry, raw, entering_data))


def try_imap(account: ImapAccount) -> str:
    """Log in and open the folder, as `tandem init` and `tandem doctor` do; returns what was found, in words.

    Raises:
        MailError, ConfigError: what is wrong, in words.
    """
    with imap_session(account) as session:
        session.open(account.address.folder)
    return f"login works, {account.address.folder} can be read"


def try_smtp(account: SmtpAccount) -> str:
    """Log in and leave again; returns what was found, in words.

    Raises:
        MailError, ConfigError: what is wrong, in words.
    """
    asyncio.run(smtp_sender(account).check())
    return "login works" if account.address.user else "the server answers"
