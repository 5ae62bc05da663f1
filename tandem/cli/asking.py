"""What `tandem init` knows of a mailbox so far, as it was said on the command line or is asked for now."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import click

from desk.errors import RefusedError, TandemError
from desk.people import Address, Agent
from desk.settings import Mailbox
from mail.auth import Login, PasswordFile, PasswordKeyring, PasswordSource, TokenCommand
from mail.servers import ImapAddress, SmtpAddress
from tandem.cli.output import say
from tandem.cli.password_options import source as read_source
from tandem.config import Account, Config, ImapAccount, SmtpAccount
from tandem.founding import keep_secret
from tandem.paths import Home
from tandem.providers import Provider, provider_called, provider_of
from tandem.spelling import read_address, read_agent
from tandem.wiring import unix_user

_OPTIONS = "--imap-password-command, -env, -file or -keyring"


@dataclass(frozen=True, slots=True)
class TypedPassword:
    """A password that was typed just now; it goes into a file of its own once it has proved right."""

    typed: str

    def read(self) -> str:
        """The password."""
        return self.typed

    def __repr__(self) -> str:
        return "TypedPassword()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is known about the mailbox so far, as it was written."""

    address: str | None
    imap: str | None
    smtp: str | None
    imap_password: PasswordSource | None
    smtp_password: PasswordSource | None
    cafile: Path | None
    provider: str | None = None

    @property
    def is_about_a_mailbox(self) -> bool:
        """Whether anything at all was said about one."""
        said = (self.address, self.imap, self.smtp, self.imap_password, self.smtp_password, self.cafile, self.provider)
        return any(each is not None for each in said)

    @property
    def known_provider(self) -> Provider | None:
        """The provider that was named, or else the one that the address tells.

        Raises:
            RefusedError: the named one is not known.
        """
        if self.provider is not None:
            return provider_called(self.provider)
        try:
            return provider_of(read_address(self.address).email) if self.address else None
        except RefusedError:
            return None

    def with_servers(self) -> Said:
        """The same with a known provider's servers: those that were not said; if it was not named, only if none was.

        Raises:
            RefusedError: the provider or the address cannot be used.
        """
        provider = self.known_provider
        if provider is None or self.address is None or (self.provider is None and (self.imap or self.smtp)):
            return self
        email = read_address(self.address).email
        return replace(self, imap=self.imap or provider.imap_url(email), smtp=self.smtp or provider.smtp_url(email))

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
        self._refuse_the_useless(address)
        return Config((Account(Mailbox(name=_mailbox_name(address), address=address), imap, smtp),))

    def _refuse_the_useless(self, address: Address) -> None:
        """What was said for a server that nobody named would be forgotten silently."""
        hint = "--imap URL and --smtp URL name them, or --provider"
        only_imap = self.imap_password if self.smtp is None or self.smtp_password else None
        if self.imap is None and self.smtp is None and (self.imap_password or self.smtp_password or self.cafile):
            raise RefusedError(f"there is no word on the mail servers of {address.email}", hint)
        for server, url, password in (("IMAP", self.imap, only_imap), ("SMTP", self.smtp, self.smtp_password)):
            if url is None and password is not None:
                raise RefusedError(f"there is a password but no word on the {server} server of {address.email}", hint)

    def _imap(self) -> ImapAccount | None:
        if self.imap is None:
            return None
        if self.imap_password is None:
            raise RefusedError("there is no word on the IMAP password", f"{_OPTIONS}, or --imap-token-command")
        address = ImapAddress.parse(self.imap, "--imap")
        password = _of_user(self.imap_password, address.user)
        return ImapAccount(address, password, self.cafile, login=self._login(password))

    def _smtp(self) -> SmtpAccount | None:
        if self.smtp is None:
            return None
        server, source = SmtpAddress.parse(self.smtp, "--smtp"), self.smtp_password or self.imap_password
        if not server.user:
            return SmtpAccount(server, None, self.cafile)
        if source is None:
            raise RefusedError("there is no word on the SMTP password", _OPTIONS.replace("imap", "smtp"))
        password = _of_user(source, server.user)
        return SmtpAccount(server, password, self.cafile, login=self._login(password))

    def _login(self, password: PasswordSource) -> Login:
        return provider.login(password) if (provider := self.known_provider) else "auto"


def _of_user(source: PasswordSource, user: str) -> PasswordSource:
    """A keyring's entry is that of the URL's user where no other was said."""
    return replace(source, user=user) if isinstance(source, PasswordKeyring) and not source.user else source


def _mailbox_name(address: Address) -> str:
    """A mailbox is called after the part before the @, as far as TOML and people can write it."""
    return re.sub(r"[^a-z0-9_-]+", "-", address.email.partition("@")[0].casefold()).strip("-") or "mailbox"


def ask_for_the_rest(said: Said) -> Said:
    """Ask for what was not said on the command line; a password is typed unseen."""
    address = said.address or _ask("The address that customers write to", read_address)
    said, email = replace(said, address=address), read_address(address).email
    provider = said.known_provider
    tell_needs(provider)
    user, host = quote(email, safe=""), email.partition("@")[2]
    usual = provider.imap_url(email) if provider else f"imaps://{user}@imap.{host}:993/INBOX"
    imap = said.imap or _ask("Where it is read", ImapAddress.parse, usual)
    password = said.imap_password or _ask_for_a_password(provider)
    usual = provider.smtp_url(email) if provider else f"smtps://{user}@smtp.{host}:465"
    smtp = said.smtp or _ask("Where answers are sent", SmtpAddress.parse, usual)
    return replace(said, imap=imap, smtp=smtp, imap_password=password)


def tell_needs(provider: Provider | None) -> None:
    """Say what a provider wants before it lets a program in."""
    if provider is not None:
        for need in provider.needs:
            say(f"{provider.title}: {need}.")


def _ask_for_a_password(provider: Provider | None) -> PasswordSource:
    if provider is not None and provider.wants_token:
        command: str = click.prompt("The command that prints its token", type=str)
        return read_source("imap", {"imap_token_command": command}) or TokenCommand(())
    return TypedPassword(click.prompt("Its password", type=str, hide_input=sys.stdin.isatty()))


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
