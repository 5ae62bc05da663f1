"""`tandem init`: make a desk, or add people to one. Both logins are tried before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import click

from desk.delivery.accounts import put_limits
from desk.errors import RefusedError
from desk.outgoing import Limits
from desk.people import Agent
from tandem.cli.arguments import pair, words
from tandem.cli.asking import Said, ask_for_an_agent, ask_for_the_rest, kept, tell_needs
from tandem.cli.output import say
from tandem.cli.password_options import password_options, source
from tandem.cli.session import Session, pass_session
from tandem.config import Account, Config, read_config
from tandem.connections import look_around, try_smtp
from tandem.founding import make_home, refuse_place, save_config
from tandem.paths import Home
from tandem.providers import PROVIDERS
from tandem.roster import put_agents
from tandem.spelling import read_agent
from tandem.wiring import build_office


@click.command("init")
@click.option("--imap", metavar="URL", help="imaps://user@host:993/INBOX, or imap://...?security=starttls|none")
@click.option("--smtp", metavar="URL", help="smtps://user@host:465, or smtp://user@host:587?security=starttls|none")
@click.option(
    "--address", metavar="A", type=words, help="What customers write to: 'Acme Support <support@acme.example>'."
)
@click.option("--provider", metavar="P", help=f"Whose servers: {', '.join(each.key for each in PROVIDERS)}.")
@click.option("--agent", "agents", metavar="'HANDLE=Full Name <MAIL>'", multiple=True, help="A colleague; repeatable.")
@click.option("--login", "logins", metavar="HANDLE=UNIXUSER", multiple=True, type=pair, help="Who acts as whom.")
@click.option("--group", metavar="G", help="Share the desk's folder with this Unix group.")
@password_options
@click.option("--cafile", metavar="F", type=click.Path(path_type=Path), help="Trust the servers this CA vouches for.")
@click.option("--yes", is_flag=True, help="Ask nothing; what was not said is left out.")
@pass_session
def init_command(
    session: Session,
    /,
    imap: str | None,
    smtp: str | None,
    address: str | None,
    provider: str | None,
    agents: tuple[str, ...],
    logins: tuple[tuple[str, str], ...],
    group: str | None,
    cafile: Path | None,
    yes: bool,
    **passwords: str | None,
) -> None:
    """Make a desk and connect its mailbox; or add agents to a desk that is there."""
    said = Said(
        address=address,
        imap=imap,
        smtp=smtp,
        imap_password=source("imap", passwords),
        smtp_password=source("smtp", passwords),
        cafile=cafile.absolute() if cafile else None,
        provider=provider,
    )
    home = session.home
    _found(home, group, said, _People([read_agent(each) for each in agents], dict(logins)), ask=not yes)
    say(f"The desk is in {home.folder}. {_next_step(home)}, `tandem` opens the inbox.")


@dataclass(frozen=True, slots=True)
class _People:
    """Colleagues to put on the desk, and the Unix users by the handles that they act as."""

    agents: list[Agent]
    logins: dict[str, str]


def _found(home: Home, group: str | None, said: Said, people: _People, *, ask: bool) -> None:
    """Make the desk, or add to it; both logins are tried before anything is written."""
    refuse_place(home, group)
    there = read_config(home.config)
    new = _accounts(said, there, home.config, ask=ask)
    agents = people.agents
    if not home.exists:
        agents = agents or ([ask_for_an_agent()] if ask else [])
        _refuse_strangers(people.logins, {each.handle for each in agents})
    new, limits = _try_logins(new, said)
    make_home(home, group)
    new = kept(home, new)
    office = build_office(home, new)
    try:
        put_agents(office.desk, agents, people.logins)
        for mailbox, offered in limits.items():
            put_limits(office.desk, mailbox, offered)
    finally:
        office.close()
    if new.accounts or not home.config.exists():
        save_config(home, replace(there, accounts=new.accounts))


def _next_step(home: Home) -> str:
    if any(each.imap for each in read_config(home.config).accounts):
        return "`tandem sync` fetches the mail"
    return f"No mail comes in before {home.config} names an IMAP server"


def _refuse_strangers(acting: dict[str, str], handles: set[str]) -> None:
    """On a new desk there is nobody but those who are named."""
    if strangers := sorted(acting.keys() - handles):
        raise RefusedError(f"--login names “{strangers[0]}”, who is not on the desk", "name them with --agent")


def _accounts(said: Said, there: Config, path: Path, *, ask: bool) -> Config:
    """The mailbox to connect; none where the desk has one, or nothing is said about one."""
    if not there.accounts:
        if ask:
            return ask_for_the_rest(said).config()
        tell_needs(said.known_provider)
        return said.with_servers().config()
    if said.is_about_a_mailbox:
        raise RefusedError(f"{path} connects a mailbox already", "edit it, or choose another --home")
    return Config()


def _try_logins(config: Config, said: Said) -> tuple[Config, dict[str, Limits]]:
    """The settings with what was found on the servers, and what those that send take, by mailbox.

    Raises MailError or ConfigError in words when a server does not let us in; nothing is written then.
    """
    accounts: list[Account] = []
    limits: dict[str, Limits] = {}
    for account in config.accounts:
        imap = account.imap
        if imap is not None:
            provider = replace(said, address=account.mailbox.address.email).known_provider
            imap, found = look_around(imap, provider.sent_names if provider else ())
            say(f"IMAP: {found}")
        if account.smtp is not None:
            told, limits[account.mailbox.name] = try_smtp(account.smtp)
            say(f"SMTP: {told}")
        accounts.append(replace(account, imap=imap))
    return replace(config, accounts=tuple(accounts)), limits
