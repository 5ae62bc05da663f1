"""A desk's `config.toml`: read into values, and checked. tandem/configfile.py writes it. No password stands in it.

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

import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from desk.errors import ConfigError, RefusedError
from desk.people import Address
from desk.safe import is_tampered
from desk.settings import Mailbox, Settings
from mail.auth import PasswordCommand, PasswordEnvironment, PasswordFile, PasswordSource
from mail.servers import ImapAddress, SmtpAddress
from tandem.spelling import checked_email

_DESK_KEYS = frozenset({"undo_seconds", "mailboxes"})
_MAILBOX_KEYS = frozenset({"address", "name", "imap", "smtp"})
_PASSWORD_KEYS = frozenset({"password_command", "password_env", "password_file"})
_SERVER_KEYS = frozenset({"url", "cafile", *_PASSWORD_KEYS})
_LONGEST_WINDOW = 60
UNDO_SECONDS = 10
"""How long a reply can be taken back where nothing is said about it."""


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
    undo_seconds: int = UNDO_SECONDS

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
            values = tomllib.load(file)
    except FileNotFoundError:
        return Config()
    except OSError as error:
        raise ConfigError(str(path), "", f"cannot be read: {error.strerror}", "check its owner and mode") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(str(path), "", f"is no TOML: {error}", "mend the file, or move it away") from error
    return _config(_Section(str(path), (), values))


@dataclass(frozen=True, slots=True)
class _Section:
    """One table of the file, which knows where it stands, so that every complaint can say so."""

    path: str
    at: tuple[str, ...]
    values: Mapping[str, object]

    def where(self, key: str) -> str:
        return ".".join((*self.at, key))

    def wrong(self, key: str, message: str, hint: str) -> ConfigError:
        return ConfigError(self.path, self.where(key), message, hint)

    def only(self, known: frozenset[str]) -> None:
        for key in self.values:
            if key not in known:
                raise self.wrong(key, "this is not a setting", f"known here: {', '.join(sorted(known))}")

    def text(self, key: str, like: str) -> str:
        """A text that must be there; `like` is an example of one."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value or is_tampered(value) or "\n" in value:
            said = "is missing" if value is None else "must be a text in quotes, in one line"
            raise self.wrong(key, said, f'for example {key} = "{like}"')
        return value

    def tables(self) -> list[_Section]:
        """Every table in this one; nothing else may stand here."""
        return [table for key in self.values if (table := self.table(key)) is not None]

    def table(self, key: str) -> _Section | None:
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table", f"begin it with [{self.where(key)}]")
        return _Section(self.path, (*self.at, key), cast("dict[str, object]", value))

    def file(self, key: str, like: str) -> Path:
        """A path, where `~` is somebody's home folder."""
        try:
            return Path(self.text(key, like)).expanduser()
        except RuntimeError as error:
            raise self.wrong(key, "there is no such user", f'for example {key} = "{like}"') from error


def _config(section: _Section) -> Config:
    section.only(_DESK_KEYS)
    undo = section.values.get("undo_seconds", UNDO_SECONDS)
    if not isinstance(undo, int) or isinstance(undo, bool) or not 0 <= undo <= _LONGEST_WINDOW:
        whole = f"must be a whole number from 0 to {_LONGEST_WINDOW}"
        raise section.wrong("undo_seconds", whole, f"for example undo_seconds = {UNDO_SECONDS}")
    mailboxes = section.table("mailboxes")
    return Config(tuple(map(_account, mailboxes.tables())) if mailboxes else (), undo)


def _account(section: _Section) -> Account:
    section.only(_MAILBOX_KEYS)
    email = section.text("address", "support@acme.example")
    try:
        checked_email(email)
    except RefusedError as error:
        raise section.wrong("address", error.message, "only the address itself stands here") from error
    name = section.text("name", "Acme Support") if section.values.get("name", "") != "" else ""
    imap, smtp = section.table("imap"), section.table("smtp")
    return Account(
        Mailbox(name=section.at[-1], address=Address(email, name)),
        _imap(imap) if imap else None,
        _smtp(smtp) if smtp else None,
    )


def _imap(section: _Section) -> ImapAccount:
    section.only(_SERVER_KEYS)
    url = section.text("url", "imaps://support@mail.acme.example:993/INBOX")
    address = ImapAddress.parse(url, section.path, section.where("url"))
    return ImapAccount(address, _password(section), _cafile(section))


def _smtp(section: _Section) -> SmtpAccount:
    section.only(_SERVER_KEYS)
    url = section.text("url", "smtps://support@mail.acme.example:465")
    address = SmtpAddress.parse(url, section.path, section.where("url"))
    return SmtpAccount(address, _password(section) if address.user else None, _cafile(section))


def _password(section: _Section) -> PasswordSource:
    named = sorted(_PASSWORD_KEYS & section.values.keys())
    if len(named) != 1:
        said = f"one of these is enough: {', '.join(named)}" if named else "there is no word on the password"
        raise section.wrong(named[-1] if named else "password_command", said, "say one: a command, env or file")
    match named[0]:
        case "password_command":
            return PasswordCommand(_words(section, "password_command"))
        case "password_env":
            return PasswordEnvironment(section.text("password_env", "ACME_PASSWORD"))
        case _:
            return PasswordFile(section.file("password_file", "~/.config/tandem/acme"), _group(section.path))


def _group(path: str) -> int | None:
    """The Unix group that shares the desk whose settings these are, and so may share a password file."""
    try:
        folder = Path(path).parent.stat()
    except OSError:
        return None
    return folder.st_gid if folder.st_mode & stat.S_IWGRP and folder.st_mode & stat.S_ISGID else None


def _words(section: _Section, key: str) -> tuple[str, ...]:
    value = section.values[key]
    words = cast("list[object]", value) if isinstance(value, list) else []
    texts = tuple(each for each in words if isinstance(each, str))
    if not texts or len(texts) != len(words):
        raise section.wrong(key, "must be a list of words", f'for example {key} = ["pass", "show", "acme"]')
    return texts


def _cafile(section: _Section) -> Path | None:
    return section.file("cafile", "/etc/ssl/acme.pem") if "cafile" in section.values else None
