"""A mailbox's servers as settings name them: logging in to read, sending through the right one, trying both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from desk.outgoing import Attempt, OutboxEntry, Verdict
from mail.imap import Session
from mail.smtp import SmtpSender
from tandem.config import Config, ImapAccount, SmtpAccount


def imap_session(account: ImapAccount) -> Session:
    """A connection to a mailbox's IMAP server, logged in.

    Raises:
        MailError, ConfigError: what is wrong, in words.
    """
    return Session.connect(account.address, account.password, cafile=account.cafile)


def smtp_sender(account: SmtpAccount) -> SmtpSender:
    """The SMTP side of a mailbox."""
    return SmtpSender(account.address, account.password, cafile=account.cafile)


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
