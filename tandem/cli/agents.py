"""`tandem agents`: who works on this desk."""

from __future__ import annotations

from dataclasses import replace

import click

from desk.people import Handle
from tandem.cli.arguments import words
from tandem.cli.lists import json_lines, list_group
from tandem.cli.output import print_json, say, table
from tandem.cli.session import Session, pass_session
from tandem.roster import add_agent, change_agent, remove_agent
from tandem.spelling import read_agent


@list_group("agents", "agent")
def agents_command(session: Session, as_json: bool) -> None:
    """List the agents of this desk, or change them."""
    _print(session, as_json=as_json)


@agents_command.command("list")
@json_lines("agent")
@pass_session
def list_agents(session: Session, as_json: bool) -> None:
    """List the agents of this desk."""
    _print(session, as_json=as_json)


def _print(session: Session, *, as_json: bool) -> None:
    agents = session.unattended.desk.store.agents.all()
    if not as_json:
        table([(each.handle, each.name, each.email or "-", each.login or "-") for each in agents], stretch=1)
        return
    for each in agents:
        print_json({"agent": each.handle, "name": each.name, "email": each.email or None, "login": each.login})


@agents_command.command("add")
@click.argument("agent", metavar="'HANDLE=Full Name <MAIL>'", type=words)
@click.option("--login", metavar="UNIXUSER", type=words, help="The Unix user that acts as this agent.")
@click.option("--signature", type=words, default="", help="What stands below this agent's mails.")
@pass_session
def add_command(session: Session, agent: str, login: str | None, signature: str) -> None:
    """Put a colleague on the desk."""
    added = replace(read_agent(agent), login=login or None, signature=signature)
    add_agent(session.unattended.desk, added)
    say(f"{added.handle} is on the desk")


@agents_command.command("edit")
@click.argument("handle", type=words)
@click.option("--name", type=words, help="The full name.")
@click.option("--email", type=words, help="The mail address.")
@click.option("--login", metavar="UNIXUSER", type=words, help="The Unix user that acts as this agent.")
@click.option("--signature", type=words, help="What stands below this agent's mails.")
@pass_session
def edit_command(
    session: Session, handle: str, name: str | None, email: str | None, login: str | None, signature: str | None
) -> None:
    """Change what the desk knows of a colleague; an empty --email, --login or --signature is forgotten."""
    said = {"name": name, "email": email, "login": login, "signature": signature}
    changes = {field: value for field, value in said.items() if value is not None}
    if not changes:
        raise click.UsageError("say what to change: --name, --email, --login or --signature")
    change_agent(session.unattended.desk, Handle(handle), changes)
    say(f"{handle} is changed")


@agents_command.command("remove")
@click.argument("handle", type=words)
@pass_session
def remove_command(session: Session, handle: str) -> None:
    """Take a colleague off the desk; the history keeps what they did."""
    remove_agent(session.unattended.desk, Handle(handle))
    say(f"{handle} is off the desk")
