"""A mailbox's servers as settings name them: logging in to read, sending through the right one, trying both.

The protocols are loaded when the first connection is made: an inbox paints its first list before it asks for mail.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from desk.errors import MailError, MailUnreachable
from desk.outgoing import Attempt, Limits, OutboxEntry, Verdict
from desk.safe import safe_line
from tandem.config import Config, ImapAccount, SmtpAccount

if TYPE_CHECKING:
    from mail.folders import FolderName
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

    The mail of a mailbox that is no longer in the settings leaves through the one that has its address now, as one
    does that got another name. Where there is none it waits: no other server would vouch for that address.
    """

    def __init__(self, config: Config) -> None:
        self._servers = {each.mailbox.name: each.smtp for each in config.accounts}
        self._by_address = {own.key: each.smtp for each in reversed(config.accounts) for own in each.mailbox.addresses}

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]) -> Attempt:
        """Try once to send one mail; whatever the server or the network does is in the verdict."""
        account = self._servers.get(entry.mailbox, self._by_address.get(entry.envelope_from.casefold()))
        if account is None:
            return Attempt(Verdict.DEFERRED, self._why_not(entry.mailbox), server_wide=True, stops_account=True)
        return asyncio.run(smtp_sender(account).send(entry, raw, entering_data))

    def _why_not(self, mailbox: str) -> str:
        if mailbox in self._servers or not self._servers:
            return f"the mailbox “{mailbox}” has no SMTP server in config.toml"
        return f"the mailbox “{mailbox}” is not in config.toml any more: put it back, or cancel its mails"


def try_imap(account: ImapAccount) -> str:
    """Log in and look at the folders, as `tandem doctor` does; returns what was found, in words.

    Raises:
        MailError, ConfigError: what is wrong, in words.
    """
    return look_around(account)[1]


def look_around(account: ImapAccount, sent_names: Sequence[str] = ()) -> tuple[ImapAccount, str]:
    """Log in, open every folder and find those that the settings speak of; returns what was found, also in words.

    Where the server marks no folder as that of sent mail, one that has a name of `sent_names` becomes it.

    Raises:
        MailError, ConfigError: what is wrong, in words.
    """
    from mail.folders import folder_for

    with imap_session(account) as session:
        folders = session.folders()
        for name in account.folders:
            _open(session, name, folders)
        sent = folder_for("Sent", folders, account.sent)
        if account.move_to:
            folder_for("", folders, account.move_to)
    if sent is None and account.sent == "auto":
        sent = next((each for name in sent_names for each in folders if each.shown == name), None)
        account = replace(account, sent=sent.shown) if sent else account
    readable = " and ".join(safe_line(each) for each in account.folders)
    return account, f"login works, {readable} can be read{_on_sent(account, sent)}"


def _open(session: Session, name: str, folders: Sequence[FolderName]) -> None:
    with naming_folders(lambda: folders, name):
        session.open(name)


@contextmanager
def naming_folders(folders: Callable[[], Sequence[FolderName]], name: str) -> Generator[None]:
    """Where a folder cannot be used because there is none of this name, say so and which ones there are.

    Raises:
        MailError: in these words, or else in the server's.
    """
    from mail.folders import folder_for

    try:
        yield
    except MailUnreachable:
        raise
    except MailError:
        folder_for("", folders(), name)
        raise


def _on_sent(account: ImapAccount, sent: FolderName | None) -> str:
    if sent is not None:
        return f", sent mail is in “{safe_line(sent.shown)}”"
    if account.sent == "none":
        return ""
    return "; the server marks no folder as that of sent mail (`sent` in the settings can name one)"


def try_smtp(account: SmtpAccount) -> tuple[str, Limits]:
    """Log in and leave again; returns what was found, in words, and what the server takes.

    Raises:
        MailError, ConfigError: what is wrong, in words.
    """
    limits = asyncio.run(smtp_sender(account).check())
    return "login works" if account.address.user else "the server answers", limits
