"""What `tandem init` knows of a mailbox so far, as it was said on the command line or is asked for now."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import click

from desk.errors import RefusedError, TandemError
from desk.people import Address, Agent
from desk.settings import Mailbox
from mail.auth import PasswordCommand, PasswordEnvironment, PasswordFile, PasswordSource
from mail.servers import ImapAddress, SmtpAddress
from tandem.config import Account, Config, ImapAccount, SmtpAccount
from tandem.founding import keep_secret
from tandem.paths import Home
from tandem.spelling import read_address, read_agent
from tandem.wiring import unix_user


@dataclass(frozen=True, slots=True)
class TypedPassword:
    """A password that was typed just now; it goes into a file of its own once it has proved right."""

    typed: str

    def read(self) -> str:
        """The password."""
        return self.typed

    def __repr__(self) -> str:
        return "TypedPassword()"


def source(command: str | None, env: str | None, file: str | None) -> PasswordSource | None:
    """Where a password comes from, by what the options say; None where they say nothing.

    Raises:
        click.UsageError: they say more than one thing, or a command that cannot be one.
        RefusedError: a file of a user that there is not.
    """
    if sum(each is not None for each in (command, env, file)) > 1:
        raise click.UsageError("say one thing about each password: a command, an environment variable or a file")
    if command is not None:
        try:
            return PasswordCommand(tuple(shlex.split(command)))
        except ValueError as error:
            raise click.UsageError("the password command has a quote that is never closed") from error
    if file is not None:
        return PasswordFile(_password_path(file))
    return PasswordEnvironment(env) if env is not None else None


def _password_path(file: str) -> Path:
    """A path below `~/` stays so: on a shared desk it is a file of each agent's own."""
    try:
        return Path(file) if file.startswith("~/") else Path(file).expanduser().absolute()
    except RuntimeError as error:
        raise RefusedError(f"{file}: there is no such user", "write the whole path") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is known about the mailbox so far, as it was written."""

    address: str | None
    imap: str | None
    smtp: str | None
    imap_password: PasswordSource | None
    smtp_password: PasswordSource | None
    cafile: Path | None

    @property
    def is_about_a_mailbox(self) -> bool:
        """Whether anything at all was said about one."""
        said = (self.address, self.imap, self.smtp, self.imap_password, self.smtp_password, self.cafile)
        return any(each is not None for each in said)

    def config(self) -> Config:
        """The settings this comes to.

        Raises:
            ConfigError, RefusedError: an address, a URL or a password is missing or cannot be used.
        """
        if not self.is_about_a_mailbox:
            return Config()
        if self.address is None:
            raise RefusedError("there is no word on the mailbox's address", "--address 'Acme <support@acme.example>'")
        address, imap, smtp = read_address(self.address), self._imap(), self._smtp()
        return Config((Account(Mailbox(name=_mailbox_name(address), address=address), imap, smtp),))

    def _imap(self) -> ImapAccount | None:
        if self.imap is None:
            return None
        if self.imap_password is None:
            raise RefusedError("there is no word on the IMAP password", "--imap-password-command, -env or -file")
        return ImapAccount(ImapAddress.parse(self.imap, "--imap"), self.imap_password, self.cafile)

    def _smtp(self) -> SmtpAccount | None:
        if self.smtp is None:
            return None
        server, password = SmtpAddress.parse(self.smtp, "--smtp"), self.smtp_password or self.imap_password
        if server.user and password is None:
            raise RefusedError("there is no word on the SMTP password", "--smtp-password-command, -env or -file")
        return SmtpAccount(server, password if server.user else None, self.cafile)


def _mailbox_name(address: Address) -> str:
    """A mailbox is called after the part before the @, as far as TOML and people can write it."""
    return re.sub(r"[^a-z0-9_-]+", "-", address.email.partition("@")[0].casefold()).strip("-") or "mailbox"


def ask_for_the_rest(said: Said) -> Said:
    """Ask for what was not said on the command line; a password is typed unseen."""
    address = said.address or _ask("The address that customers write to", read_address)
    email = read_address(address).email
    user, host = quote(email, safe=""), email.partition("@")[2]
    imap = said.imap or _ask("Where it is read", ImapAddress.parse, f"imaps://{user}@imap.{host}:993/INBOX")
    password = said.imap_password or TypedPassword(
        click.prompt("Its password", type=str, hide_input=sys.stdin.isatty())
    )
    smtp = said.smtp or _ask("Where answers are sent", SmtpAddress.parse, f"smtps://{user}@smtp.{host}:465")
    return replace(said, address=address, imap=imap, smtp=smtp, imap_password=password)


def ask_for_an_agent() -> Agent:
    """Ask who is sitting here."""
    handle = _ask("Your short name on the desk", lambda handle: read_agent(f"{handle}=X"), unix_user())
    return read_agent(f"{handle}={_ask('Your full name', lambda name: read_agent(f'{handle}={name}'))}")


def _ask(question: str, read: Callable[[str], object], default: str | None = None) -> str:
    """Ask until there is an answer that can be read."""

    def checked(answer: str) -> str:
        try:
            read(answer)
        except TandemError as error:
            raise click.UsageError(str(error)) from error
        return answer

    answer: str = click.prompt(question, default=default, value_proc=checked)
    return answer


def kept(home: Home, config: Config) -> Config:
    """Typed passwords go into files that only we can read, and the settings point there.

    Raises:
        ConfigError: such a file cannot be written.
    """
    return replace(config, accounts=tuple(_kept(home, each) for each in config.accounts))


def _kept(home: Home, account: Account) -> Account:
    imap, smtp = account.imap, account.smtp
    if imap is None or not isinstance(imap.password, TypedPassword):
        return account
    file = PasswordFile(keep_secret(home, account.mailbox.name, imap.password.typed))
    if smtp is not None and isinstance(smtp.password, TypedPassword):
        smtp = replace(smtp, password=file)
    return replace(account, imap=replace(imap, password=file), smtp=smtp)
