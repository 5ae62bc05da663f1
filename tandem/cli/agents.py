"""`tandem agents`: who works on this desk."""

from __future__ import annotations

import re
from dataclasses import replace

import click

from desk.desk import Desk
from desk.errors import RefusedError
from desk.people import Agent, Handle
from tandem.cli.output import print_json, say, table
from tandem.cli.session import Session, pass_session

_SPELLED = re.compile(r"(?P<handle>[a-z0-9][a-z0-9_-]{0,19})=(?P<name>[^<>]+?)\s*(?:<(?P<email>[^<>\s]+@[^<>\s]+)>)?")


def read_agent(text: str) -> Agent:
    """An agent from `ana=Ana Petrova <ana@acme.example>`; the address may be left out.

    Raises:
        RefusedError: it is not spelled so.
    """
    if (found := _SPELLED.fullmatch(text.strip())) is None:
        raise RefusedError(f"“{text[:80]}” is not an agent", "spell it: 'ana=Ana Petrova <ana@acme.example>'")
    return Agent(handle=Handle(found["handle"]), name=found["name"].strip(), email=found["email"] or "")


def add_agent(desk: Desk, agent: Agent) -> None:
    """Put a colleague on the desk.

    Raises:
        RefusedError: the handle or the login is somebody else's already.
    """
    with desk.store.transaction():
        if desk.store.agents.get(agent.handle) is not None:
            raise RefusedError(f"there is an agent “{agent.handle}” already", "`tandem agents edit` changes it")
        _refuse_shared_login(desk, agent)
        desk.store.agents.put(agent)


def _refuse_shared_login(desk: Desk, agent: Agent) -> None:
    holder = desk.store.agents.with_login(agent.login) if agent.login else None
    if holder is not None and holder.handle != agent.handle:
        raise RefusedError(f"the login “{agent.login}” is {holder.handle}'s already")


@click.group("agents", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One agent a line, as JSON.")
@click.pass_context
def agents_command(ctx: click.Context, as_json: bool) -> None:
    """List the agents of this desk, or change them."""
    if ctx.invoked_subcommand is None:
        _print(ctx.obj, as_json=as_json)


@agents_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One agent a line, as JSON.")
@pass_session
def list_agents(session: Session, as_json: bool) -> None:
    """List the agents of this desk."""
    _print(session, as_json=as_json)


def _print(session: Session, *, as_json: bool) -> None:
    agents = session.desk.store.agents.all()
    if not as_json:
        table([(each.handle, each.name, each.email or "-", each.login or "-") for each in agents], stretch=1)
        return
    for each in agents:
        print_json({"agent": each.handle, "name": each.name, "email": each.email or None, "login": each.login})


@agents_command.command("add")
@click.argument("agent", metavar="'HANDLE=Full Name <MAIL>'")
@click.option("--login", metavar="UNIXUSER", help="The Unix user that acts as this agent.")
@click.option("--signature", default="", help="What stands below this agent's macros.")
@pass_session
def add_command(session: Session, agent: str, login: str | None, signature: str) -> None:
    """Put a colleague on the desk."""
    added = replace(read_agent(agent), login=login, signature=signature)
    add_agent(session.desk, added)
    say(f"{added.handle} is on the desk")


@agents_command.command("edit")
@click.argument("handle")
@click.option("--name", help="The full name.")
@click.option("--email", help="The mail address.")
@click.option("--login", metavar="UNIXUSER", help="The Unix user that acts as this agent.")
@click.option("--signature", help="What stands below this agent's macros.")
@pass_session
def edit_command(
    session: Session, handle: str, name: str | None, email: str | None, login: str | None, signature: str | None
) -> None:
    """Change what the desk knows of a colleague."""
    desk = session.desk
    with desk.store.transaction():
        before = desk.agent(Handle(handle))
        after = replace(
            before,
            name=before.name if name is None else name,
            email=before.email if email is None else email,
            login=before.login if login is None else login,
            signature=before.signature if signature is None else signature,
        )
        _refuse_shared_login(desk, after)
        desk.store.agents.put(after)
    say(f"{handle} is changed")


@agents_command.command("remove")
@click.argument("handle")
@pass_session
def remove_command(session: Session, handle: str) -> None:
    """Take a colleague off the desk; the history keeps what they did."""
    desk = session.desk
    with desk.store.transaction():
        desk.agent(Handle(handle))
        desk.store.agents.remove(Handle(handle))
    say(f"{handle} is off the desk")
