"""A desk's `config.toml`: read into values, checked, and written by `tandem init`. Passwords never stand in it.

undo_seconds = 10

[mailboxes.support]
address = "support@acme.example"
name = "Acme Support"

[mailboxes.support.imap]
url = "imaps://support@mail.acme.example:993/INBOX"
password_command = ["pass", "show", "acme/support"]    # or password_env, or password_file

[mailboxes.support.smtp]
url = "smtps://support@mail.acme.example:465"
password_command = ["pass", "show", "acme/support"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desk.errors import ConfigError
from desk.people import Address
from desk.settings import Mailbox, Settings
from mail.auth import PasswordCommand, PasswordEnvironment, PasswordFile, PasswordSource
from mail.servers import ImapAddress, SmtpAddress

_DESK_KEYS = frozenset({"undo_seconds", "mailboxes"})
_MAILBOX_KEYS = frozenset({"address", "name", "imap", "smtp"})
_SERVER_KEYS = frozenset({"url", "password_command", "password_env", "password_file", "cafile"})
_LONGEST_WINDOW = 60


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where a mailbox's mail is read, and how its password is got."""

    address: ImapAddress
    password: PasswordSource
    cafile: Path | None = None


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Where a mailbox's mail is sent, and how its password is got (None: no login)."""

    address: SmtpAddress
    password: PasswordSource | None
    cafile: Path | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One mailbox with its servers; either may be missing on a desk that only reads or only writes."""

    mailbox: Mailbox
    imap: ImapAccount | None
    smtp: SmtpAccount | None


@dataclass(frozen=True, slots=True)
class Config:
    """What `config.toml` says."""

    accounts: tuple[Account, ...] = ()
    undo_seconds: int = 10

    @property
    def settings(self) -> Settings:
        """What of it concerns the desk itself."""
        return Settings(mailboxes=tuple(each.mailbox for each in self.accounts), undo_seconds=self.undo_seconds)


def read_config(path: Path) -> Config:
    """The settings in a file; a file that is not there says nothing, and all is as by default.

    Raises:
        ConfigError: the file cannot be read, or a setting in it cannot be used; says which and what would do.
    """
    try:
        with path.open("rb") as file:
            return _config(_Section(str(path), "", tomllib.load(file)))
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(str(path), "", f"cannot be read: {error}", "mend the file, or move it away") from error


@dataclass(frozen=True, slots=True)
class _Section:
    """One table of the file, which knows where it stands, so that every complaint can say so."""

    path: str
    at: str
    values: Mapping[str, object]

    def where(self, key: str) -> str:
        return f"{self.at}.{key}" if self.at else key

    def wrong(self, key: str, message: str, hint: str = "") -> ConfigError:
        return ConfigError(self.path, self.where(key), message, hint)

    def only(self, known: frozenset[str]) -> None:
        for key in self.values:
            if key not in known:
                raise self.wrong(key, "this is not a setting", f"known here: {', '.join(sorted(known))}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self.wrong(key, "must be a text in quotes")
        return value

    def table(self, key: str) -> _Section | None:
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        return _Section(self.path, self.where(key), value)


def _config(section: _Section) -> Config:
    section.only(_DESK_KEYS)
    undo = section.values.get("undo_seconds", 10)
    if not isinstance(undo, int) or isinstance(undo, bool) or not 0 <= undo <= _LONGEST_WINDOW:
        raise section.wrong("undo_seconds", f"must be a whole number from 0 to {_LONGEST_WINDOW}")
    mailboxes = section.table("mailboxes")
    tables = [mailboxes.table(name) for name in mailboxes.values] if mailboxes else []
    return Config(tuple(_account(each) for each in tables if each), undo)


def _account(section: _Section) -> Account:
    section.only(_MAILBOX_KEYS)
    address = section.text("address")
    if address.count("@") != 1:
        raise section.wrong("address", f"“{address}” is not a mail address")
    mailbox = Mailbox(name=section.at.rpartition(".")[2], address=Address(address, section.text("name", "")))
    imap, smtp = section.table("imap"), section.table("smtp")
    return Account(mailbox, _imap(imap) if imap else None, _smtp(smtp) if smtp else None)


def _imap(section: _Section) -> ImapAccount:
    section.only(_SERVER_KEYS)
    address = ImapAddress.parse(section.text("url"), section.path, section.where("url"))
    return ImapAccount(address, _password(section), _cafile(section))


def _smtp(section: _Section) -> SmtpAccount:
    section.only(_SERVER_KEYS)
    address = SmtpAddress.parse(section.text("url"), section.path, section.where("url"))
    return SmtpAccount(address, _password(section) if address.user else None, _cafile(section))


def _password(section: _Section) -> PasswordSource:
    command = section.values.get("password_command")
    if command is not None:
        if not isinstance(command, list) or not command or not all(isinstance(each, str) for each in command):
            raise section.wrong("password_command", 'must be a list of words, like ["pass", "show", "mail"]')
        return PasswordCommand(tuple(str(each) for each in command))
    if "password_env" in section.values:
        return PasswordEnvironment(section.text("password_env"))
    if "password_file" in section.values:
        return PasswordFile(Path(section.text("password_file")).expanduser())
    raise section.wrong("password_command", "there is no password", "or set password_env or password_file")


def _cafile(section: _Section) -> Path | None:
    return Path(section.text("cafile")).expanduser() if "cafile" in section.values else None
