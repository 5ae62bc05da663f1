"""Makes a desk's folder and puts settings and secrets into it; both front doors (`init`, `demo`) come here."""

from __future__ import annotations

import grp
import os
import stat
from pathlib import Path

from desk.errors import ConfigError, RefusedError
from storage import files
from storage.new_file import replace_whole
from tandem.access import is_member, look_at, refuse_unfit, shut_to_group, user_name
from tandem.config import Config
from tandem.configfile import write_config
from tandem.modes import (
    PRIVATE,
    PRIVATE_FILE,
    SHARED,
    SHARED_FILE,
    everything_on,
    hand_over,
    refuse_others,
)
from tandem.paths import Home


def refuse_place(home: Home, group: str | None) -> None:
    """Go on only where a desk may be, before anything is asked for or written.

    Raises:
        RefusedError: everybody may enter the folder and it is not an empty one of ours, which `make_home` shuts; or
            the group is not there, not ours, or cannot get to the folder.
        StoreUnreachable: we may not enter the folder.
    """
    if not _can_be_shut(home.folder):
        refuse_unfit(home)
    if group is not None:
        _refuse_shut_parents(home.folder, _group_id(group), group)


def _can_be_shut(folder: Path) -> bool:
    """Whether a folder is ours and empty, so that nobody misses it when others can no longer enter."""
    found = look_at(folder)
    if found is None or not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        return False
    return not any(folder.iterdir())


def _refuse_shut_parents(folder: Path, gid: int, group: str) -> None:
    if (around := shut_to_group(folder, gid)) is not None:
        what = f"the group “{group}” cannot get to {folder}: it may not enter {around}"
        raise RefusedError(what, "choose a folder such as /srv/desk with --home")


def make_home(home: Home, group: str | None) -> None:
    """Make the desk's folder and those in it: private, or shared with a Unix group (2770) that we belong to.

    A desk that is there already stays private or shared as it is; with a group, all of it is shared from now on.

    Raises:
        RefusedError: the folder is not fit, the group is not there or not ours, or a folder cannot be made.
        StoreUnreachable: we may not enter the folder.
    """
    refuse_place(home, group)
    gid, was_there = _group_id(group) if group else None, home.exists
    try:
        mode = SHARED if gid is not None or (was_there and files.is_shared(home.folder)) else PRIVATE
        if gid is not None and was_there:
            _refuse_what_others_own(home, gid)
        if gid is not None:
            _make_way(home.folder)
        for folder in (home.folder, home.mail, home.macros, home.backups, home.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
            hand_over(folder, folder.stat(), mode, gid)
        if gid is not None and was_there:
            for path, found, wanted in everything_on(home):
                hand_over(path, found, wanted, gid)
    except OSError as error:
        where = error.filename or home.folder
        raise RefusedError(f"{where} cannot be made: {error.strerror}", "choose another with --home") from error


def _make_way(folder: Path) -> None:
    """Make the folders around one, where they are missing, so that others get through, whatever the umask."""
    for around in reversed([each for each in folder.parents if not each.exists()]):
        around.mkdir()
        around.chmod(0o755)


def _refuse_what_others_own(home: Home, gid: int) -> None:
    """Before anything is changed: only its owner, or root, may hand a file to a group."""
    for path, found, mode in ((home.folder, home.folder.stat(), SHARED), *everything_on(home)):
        refuse_others(path, found, mode, gid)


def _group_id(name: str) -> int:
    try:
        gid = grp.getgrnam(name).gr_gid
    except (KeyError, ValueError) as error:
        raise RefusedError(f"there is no Unix group “{name[:40]}”", "`groupadd` makes one") from error
    if os.geteuid() == 0 or gid in (os.getegid(), *os.getgroups()):
        return gid
    if is_member(user_name(os.geteuid()), gid):
        what = f"you are in the Unix group “{name}”, but your login is older than that"
        raise RefusedError(what, f"log out and in again, or run `newgrp {name}`")
    raise RefusedError(f"you are not in the Unix group “{name}”", "`sudo usermod -aG` adds you; then log in again")


def save_config(home: Home, config: Config) -> None:
    """Write the settings, readable by the group of a shared desk and otherwise by us alone.

    Raises:
        ConfigError: the file cannot be written.
    """
    try:
        write_config(home.config, config, mode=SHARED_FILE if files.is_shared(home.folder) else PRIVATE_FILE)
    except OSError as error:
        raise ConfigError(str(home.config), "", f"cannot be written: {error.strerror}", "make room for it") from error


def keep_secret(home: Home, name: str, secret: str) -> Path:
    """Write a password into a file that only we can read, and return where it is.

    Raises:
        ConfigError: the file cannot be written.
    """
    path = home.secrets / name
    try:
        path.parent.mkdir(mode=PRIVATE, exist_ok=True)
        replace_whole(path, f"{secret}\n".encode(), PRIVATE_FILE)
    except OSError as error:
        raise ConfigError(str(path), "", f"cannot be written: {error.strerror}", "make room for it") from error
    return path
