"""Who works on a desk: putting colleagues on it, changing what it knows of them, and taking them off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from desk.desk import Desk
from desk.errors import RefusedError
from desk.people import Agent, Handle
from tandem.spelling import checked


def add_agent(desk: Desk, agent: Agent) -> None:
    """Put a colleague on the desk.

    Raises:
        RefusedError: the handle or the login is somebody else's already, or something about the agent cannot be.
    """
    with desk.store.transaction():
        if desk.store.agents.get(agent.handle) is not None:
            raise RefusedError(f"there is an agent “{agent.handle}” already", "`tandem agents edit` changes it")
        _put(desk, agent)


def change_agent(desk: Desk, handle: Handle, changes: Mapping[str, str]) -> None:
    """Change a colleague's `name`, `email`, `login` or `signature`; an empty one is forgotten.

    Raises:
        NoSuchAgent: nobody has the handle.
        RefusedError: the login is somebody else's, or the agent needs what would be forgotten.
    """
    with desk.store.transaction():
        before = desk.agent(handle)
        login = changes.get("login", before.login)
        _put(
            desk,
            replace(
                before,
                name=changes.get("name", before.name).strip(),
                email=changes.get("email", before.email),
                login=login or None,
                signature=changes.get("signature", before.signature),
            ),
        )


def remove_agent(desk: Desk, handle: Handle) -> None:
    """Take a colleague off the desk; the history keeps what they did.

    Raises:
        NoSuchAgent: nobody has the handle.
    """
    with desk.store.transaction():
        desk.store.agents.remove(desk.agent(handle).handle)


def put_agents(desk: Desk, agents: Sequence[Agent], logins: Mapping[str, str]) -> None:
    """Put agents on a desk, new or known, and say which Unix user acts as whom; all of it or nothing.

    Without a word on that, and with nobody yet who acts for us, we act as the first.

    Raises:
        RefusedError: a login is given for somebody who is not on the desk, or is somebody else's already.
    """
    if agents and not logins and desk.store.agents.with_login(desk.login) is None:
        logins = {agents[0].handle: desk.login}
    with desk.store.transaction():
        for agent in agents:
            _put(desk, _with_what_is_known(desk, agent))
        for handle, login in logins.items():
            _put(desk, replace(desk.agent(Handle(handle)), login=login))


def _with_what_is_known(desk: Desk, agent: Agent) -> Agent:
    if (known := desk.store.agents.get(agent.handle)) is None:
        return agent
    return replace(
        agent,
        email=agent.email or known.email,
        login=agent.login or known.login,
        signature=agent.signature or known.signature,
    )


def _put(desk: Desk, agent: Agent) -> None:
    holder = desk.store.agents.with_login(agent.login) if agent.login else None
    if holder is not None and holder.handle != agent.handle:
        raise RefusedError(f"the login “{agent.login}” is {holder.handle}'s already", "one Unix user is one agent")
    desk.store.agents.put(checked(agent))
