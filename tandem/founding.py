"""Makes a desk's folder and puts settings, agents and secrets into it; both front doors (`init`, `demo`) come here."""

from __future__ import annotations

import grp
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from desk.desk import Desk
from desk.errors import RefusedError
from desk.people import Agent, Handle
from tandem.config import Config
from tandem.configfile import write_config
from tandem.paths import Home

_PRIVATE, _SHARED = 0o700, 0o2770


def make_home(home: Home, group: str | None) -> None:
    """Make the desk's folder and those in it: private, or shared with a Unix group (2770) that we belong to.

    Raises:
        RefusedError: the group is not there or not ours, or the folder cannot be made.
    """
    gid = _group_id(group) if group else None
    for folder in (home.folder, home.mail, home.macros, home.folder / "backups", home.log.parent):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if gid is not None:
                os.chown(folder, -1, gid)
            folder.chmod(_PRIVATE if gid is None else _SHARED)
        except OSError as error:
            raise RefusedError(f"{folder} cannot be made: {error.strerror}", "choose another with --home") from error


def _group_id(name: str) -> int:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError as error:
        raise RefusedError(f"there is no Unix group “{name}”", f"`groupadd {name}` makes it") from error


def is_shared(home: Home) -> bool:
    """Whether a Unix group shares this desk."""
    return bool(home.folder.stat().st_mode & 0o020)


def save_config(home: Home, config: Config) -> None:
    """Write the settings, readable by the group of a shared desk and otherwise by us alone."""
    write_config(home.config, config, mode=0o660 if is_shared(home) else 0o600)


def keep_secret(home: Home, name: str, secret: str) -> Path:
    """Write a password into a file that only we can read, and return where it is."""
    path = home.folder / "secrets" / name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(secret + "\n")
    return path


def put_agents(desk: Desk, agents: Sequence[Agent], logins: Mapping[str, str]) -> None:
    """Put agents on the desk, and say which Unix user acts as whom. Without a word on that, we act as the first.

    Raises:
        RefusedError: a login is given for somebody who is not on the desk.
    """
    if agents and not logins and desk.store.agents.with_login(desk.login) is None:
        logins = {agents[0].handle: desk.login}
    with desk.store.transaction():
        for agent in agents:
            desk.store.agents.put(agent)
        for handle, login in logins.items():
            desk.store.agents.put(replace(desk.agent(Handle(handle)), login=login))
