"""What `config.toml` says, as values: a mailbox's servers, how they let us in, and what is watched there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Literal

from desk.settings import MORNING, FollowUp, Mailbox, Settings
from mail.auth import Login, PasswordSource
from mail.servers import ImapAddress, SmtpAddress
from tandem.config.screen import ScreenConfig

UNDO_SECONDS = 10
"""How long a reply can be taken back where nothing is said about it."""

FLOOD = 60
"""How many mails of one sender are taken in an hour where nothing is said about it."""

SentCopy = Literal["auto", "always", "never"]


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where a mailbox's mail is read, how its password is got, and what is done with its folders.

    `folders` are those that customers' mail lies in, by default the address's. `sent` is the folder with what was
    sent: its name, "auto" (the one the server marks so, RFC 6154) or "none". `sent_copy` says whether we put a copy of
    each mail of ours there: "auto" where the provider does not do so by itself. `mark_seen` and `move_to` (a folder, ""
    for nowhere) say what is done on the server with mail that was taken in; by default nothing is.
    """

    address: ImapAddress
    password: PasswordSource
    cafile: Path | None = None
    folders: tuple[str, ...] = ()
    sent: str = "auto"
    mark_seen: bool = False
    move_to: str = ""
    login: Login = "auto"
    sent_copy: SentCopy = "auto"

    def __post_init__(self) -> None:
        named = dict.fromkeys(map(_spelled, self.folders or (self.address.folder,)))
        object.__setattr__(self, "folders", tuple(named))


def _spelled(folder: str) -> str:
    """A folder's name as it is compared: of INBOX the case does not matter (RFC 9051 5.1)."""
    return "INBOX" if folder.upper() == "INBOX" else folder


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Where a mailbox's mail is sent, and how its password is got (None: no login)."""

    address: SmtpAddress
    password: PasswordSource | None
    cafile: Path | None = None
    login: Login = "auto"


@dataclass(frozen=True, slots=True)
class Account:
    """One mailbox with its servers; either may be missing on a desk that only reads or only writes."""

    mailbox: Mailbox
    imap: ImapAccount | None
    smtp: SmtpAccount | None


@dataclass(frozen=True, slots=True)
class Config:
    """What `config.toml` says; desk.settings.Settings tells what the rules mean."""

    accounts: tuple[Account, ...] = ()
    undo_seconds: int = UNDO_SECONDS
    follow_up: FollowUp = field(default_factory=FollowUp)
    flood: int = FLOOD
    morning: time = MORNING
    screen: ScreenConfig = field(default_factory=ScreenConfig)

    @property
    def settings(self) -> Settings:
        """What of it concerns the desk itself."""
        return Settings(
            mailboxes=tuple(each.mailbox for each in self.accounts),
            undo_seconds=self.undo_seconds,
            follow_up=self.follow_up,
            flood=self.flood,
            morning=self.morning,
        )
