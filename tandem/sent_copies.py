"""A mailbox's folder of sent mail, and whether copies of our mails belong there."""

from __future__ import annotations

from collections.abc import Collection, Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from desk.copies import LEFT_ALONE
from desk.errors import MailError
from tandem.config import Account, Config, ImapAccount
from tandem.connections import imap_session
from tandem.providers import files_sent

if TYPE_CHECKING:
    from mail.folders import FolderName
    from mail.imap import Session


class NoSentFolder(MailError):
    """The server marks no folder as that of sent mail, and the settings name none."""

    def __init__(self) -> None:
        super().__init__(
            "the mail server marks no folder as that of sent mail", "`sent` in the mailbox's settings can name one"
        )


def keeps_copy(config: Config, mailbox: str) -> bool:
    """Whether we see to it that copies of a mailbox's mails are in its folder of sent mail."""
    account = next((each for each in config.accounts if each.mailbox.name == mailbox), None)
    if account is None or account.imap is None or account.imap.sent == "none" or account.imap.sent_copy == "never":
        return False
    return account.imap.sent_copy == "always" or not is_filled(account)


def is_filled(account: Account) -> bool:
    """Whether the provider is known to put all that is sent into the folder of sent mail."""
    if account.imap is None or account.smtp is None:
        return False
    return files_sent(account.imap.address.host, account.smtp.address.host)


def left_alone(account: Account) -> timedelta:
    """How long we wait whether the provider files a mail by itself; not at all where copies were asked for."""
    is_asked_for = account.imap is not None and account.imap.sent_copy == "always"
    return timedelta(0) if is_asked_for else LEFT_ALONE


@contextmanager
def sent_folder(imap: ImapAccount) -> Generator[ImapSentFolder]:
    """The folder of sent mail of an account, over a connection of its own.

    Raises:
        NoSentFolder: there is none.
        MailError, ConfigError: the server or the folder cannot be used now.
    """
    from mail.folders import folder_for

    with imap_session(imap) as session:
        if (folder := folder_for("Sent", session.folders(), imap.sent)) is None:
            raise NoSentFolder
        yield ImapSentFolder(session, folder)


class ImapSentFolder:
    """Implements desk.ports.SentFolder."""

    def __init__(self, session: Session, folder: FolderName) -> None:
        self._session, self._folder = session, folder

    def find(self, message_ids: Collection[str]) -> bool | None:
        """Whether a mail with one of these Message-IDs is there; None: the server cannot search for them."""
        return self._session.holds(self._folder, message_ids)

    def keep(self, raw: bytes, at: datetime) -> None:
        """Put a copy of a mail there, as read, dated `at`; raises MailError."""
        self._session.append(self._folder, raw, at)
