"""`tandem init`: make a desk, or add people to one. Both logins are tried before anything is written."""

from __future__ import annotations

import getpass
import re
import shlex
from dataclasses import dataclass, replace
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import quote

import click

from desk.errors import RefusedError
from desk.people import Address, Agent
from desk.safe import is_tampered
from desk.settings import Mailbox
from mail.auth import PasswordCommand, PasswordEnvironment, PasswordFile, PasswordSource
from mail.servers import ImapAddress, SmtpAddress
from tandem.cli.agents import read_agent
from tandem.cli.output import say
from tandem.cli.session import Session, pass_session
from tandem.config import Account, Config, ImapAccount, SmtpAccount, read_config
from tandem.founding import keep_secret, make_home, put_agents, save_config
from tandem.loops import try_imap, try_smtp
from tandem.paths import Home
from tandem.wiring import build_office


@dataclass(frozen=True, slots=True)
class TypedPassword:
    """A password that was typed just now; it goes into a file of its own once it has proved right."""

    typed: str

    def read(self) -> str:
        """The password."""
        return self.typed


@click.command("init")
@click.option("--imap", metavar="URL", help="imaps://user@host:993/INBOX, or imap://...?security=starttls|none")
@click.option("--smtp", metavar="URL", help="smtps://user@host:465, or smtp://user@host:587?security=starttls|none")
@click.option("--address", metavar="A", help="What customers write to: 'Acme Support <support@acme.example>'.")
@click.option("--agent", "agents", metavar="'HANDLE=Full Name <MAIL>'", multiple=True, help="A colleague; repeatable.")
@click.option("--login", "logins", metavar="HANDLE=UNIXUSER", multiple=True, help="Which Unix user acts as whom.")
@click.option("--group", metavar="G", help="Share the desk's folder with this Unix group.")
@click.option("--imap-password-command", metavar="CMD", help="A command that prints the password, run without a shell.")
@click.option("--imap-password-env", metavar="NAME", help="The environment variable that holds the password.")
@click.option("--imap-password-file", metavar="F", help="The file that holds the password, mode 0600.")
@click.option("--smtp-password-command", metavar="CMD", help="The same for SMTP; IMAP's is used when nothing is said.")
@click.option("--smtp-password-env", metavar="NAME", help="The same for SMTP.")
@click.option("--smtp-password-file", metavar="F", help="The same for SMTP.")
@click.option("--cafile", metavar="F", type=click.Path(path_type=Path), help="Trust the servers this CA vouches for.")
@click.option("--yes", is_flag=True, help="Ask nothing; what was not said is left out.")
@pass_session
def init_command(
    session: Session,
    imap: str | None,
    smtp: str | None,
    address: str | None,
    agents: tuple[str, ...],
    logins: tuple[str, ...],
    group: str | None,
    imap_password_command: str | None,
    imap_password_env: str | None,
    imap_password_file: str | None,
    smtp_password_command: str | None,
    smtp_password_env: str | None,
    smtp_password_file: str | None,
    cafile: Path | None,
    yes: bool,
) -> None:
    """Make a desk and connect its mailbox; or add agents to a desk that is there."""
    there = read_config(session.home.config)
    if there.accounts and (imap or smtp or address):
        raise RefusedError(f"{session.home.config} connects a mailbox already", "edit it, or choose another --home")
    people, acting = [read_agent(each) for each in agents], dict(_login(each) for each in logins)
    said = Said(
        address=address,
        imap=imap,
        smtp=smtp,
        imap_password=_source(imap_password_command, imap_password_env, imap_password_file),
        smtp_password=_source(smtp_password_command, smtp_password_env, smtp_password_file),
        cafile=cafile.absolute() if cafile else None,
    )
    config = there if there.accounts else (said if yes else ask_for_the_rest(said)).config()
    if not (yes or people or session.home.exists):
        people = [ask_for_an_agent()]
    _try_logins(config)
    make_home(session.home, group)
    config = _with_kept_passwords(session.home, config)
    save_config(session.home, config)
    office = build_office(session.home, config)
    try:
        put_agents(office.desk, people, acting)
    finally:
        office.close()
    say(f"The desk is in {session.home.folder}. `tandem sync` fetches the mail, `tandem` opens the inbox.")


def _login(text: str) -> tuple[str, str]:
    handle, sign, login = text.partition("=")
    if not (handle and sign and login):
        raise click.UsageError("--login takes HANDLE=UNIXUSER, for example --login ana=apetrova")
    return handle, login


def _source(command: str | None, env: str | None, file: str | None) -> PasswordSource | None:
    if sum(each is not None for each in (command, env, file)) > 1:
        raise click.UsageError("say one thing about each password: a command, an environment variable or a file")
    if command is not None:
        return PasswordCommand(tuple(shlex.split(command)))
    if env is not None:
        return PasswordEnvironment(env)
    return PasswordFile(Path(file).expanduser().absolute()) if file is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is known about the mailbox so far, as it was written."""

    address: str | None
    imap: str | None
    smtp: str | None
    imap_password: PasswordSource | None
    smtp_password: PasswordSource | None
    cafile: Path | None

    def config(self) -> Config:
        """The settings this comes to.

        Raises:
            ConfigError, RefusedError: an address, a URL or a password is missing or cannot be used.
        """
        if self.address is None and not (self.imap or self.smtp):
            return Config()
        address = _address(self.address or "")
        imap, smtp = self._imap(), self._smtp()
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


def _address(text: str) -> Address:
    name, email = parseaddr(text)
    if email.count("@") != 1 or is_tampered(text):
        raise RefusedError(f"“{text[:80]}” is not a mail address", "--address 'Acme Support <support@acme.example>'")
    return Address(email, name)


def _mailbox_name(address: Address) -> str:
    """A mailbox is called after the part before the @, as far as TOML and people can write it."""
    return re.sub(r"[^a-z0-9_-]+", "-", address.email.partition("@")[0].casefold()).strip("-") or "mailbox"


def ask_for_the_rest(said: Said) -> Said:
    """Ask for what was not said on the command line; a password is typed unseen."""
    address = said.address or click.prompt("The address that customers write to")
    email = _address(address).email
    user, host = quote(email, safe=""), email.partition("@")[2]
    imap = said.imap or click.prompt("Where it is read", default=f"imaps://{user}@imap.{host}:993/INBOX")
    password = said.imap_password or TypedPassword(click.prompt("Its password", hide_input=True))
    smtp = said.smtp or click.prompt("Where answers are sent", default=f"smtps://{user}@smtp.{host}:465")
    return replace(said, address=address, imap=imap, smtp=smtp, imap_password=password)


def ask_for_an_agent() -> Agent:
    """Ask who is sitting here."""
    handle = click.prompt("Your short name on the desk", default=getpass.getuser())
    name = click.prompt("Your full name")
    return read_agent(f"{handle}={name}")


def _try_logins(config: Config) -> None:
    """Raises MailError or ConfigError in words when a server does not let us in; nothing is written then."""
    for account in config.accounts:
        if account.imap is not None:
            say(f"IMAP: {try_imap(account.imap)}")
        if account.smtp is not None:
            say(f"SMTP: {try_smtp(account.smtp)}")


def _with_kept_passwords(home: Home, config: Config) -> Config:
    """Typed passwords go into files that only we can read, and the settings point there."""
    return replace(config, accounts=tuple(_kept(home, each) for each in config.accounts))


def _kept(home: Home, account: Account) -> Account:
    imap, smtp = account.imap, account.smtp
    if imap is not None and isinstance(imap.password, TypedPassword):
        file = PasswordFile(keep_secret(home, account.mailbox.name, imap.password.typed))
        imap = replace(imap, password=file)
        smtp = replace(smtp, password=file) if smtp is not None and isinstance(smtp.password, TypedPassword) else smtp
    return replace(account, imap=imap, smtp=smtp)
