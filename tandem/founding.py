"""Makes a desk's folder and puts settings and secrets into it; both front doors (`init`, `demo`) come here."""

from __future__ import annotations

import grp
import os
import stat
from pathlib import Path

from desk.errors import ConfigError, RefusedError
from tandem.config import Config
from tandem.configfile import write_config
from tandem.paths import Home

_PRIVATE, _SHARED = 0o700, 0o2770
_PRIVATE_FILE, _SHARED_FILE = 0o600, 0o660
_SECRETS = "secrets"


def make_home(home: Home, group: str | None) -> None:
    """Make the desk's folder and those in it: private, or shared with a Unix group (2770) that we belong to.

    A desk that is there already stays private or shared as it is; with a group, all of it is shared from now on.

    Raises:
        RefusedError: the group is not there or not ours, or a folder cannot be made.
    """
    gid, was_there = _group_id(group) if group else None, home.exists
    try:
        mode = _SHARED if gid is not None or (was_there and is_shared(home)) else _PRIVATE
        for folder in (home.folder, home.mail, home.macros, home.backups, home.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
            _hand_over(folder, mode, gid)
        if gid is not None and was_there:
            _share_all(home, gid)
    except OSError as error:
        where = error.filename or home.folder
        raise RefusedError(f"{where} cannot be made: {error.strerror}", "choose another with --home") from error


def _share_all(home: Home, gid: int) -> None:
    """Everything that is on a desk already, but nobody's passwords."""
    for folder, folders, files in os.walk(home.folder):
        if _SECRETS in folders:
            folders.remove(_SECRETS)
        for name in folders:
            _hand_over(Path(folder, name), _SHARED, gid)
        for name in files:
            _hand_over(Path(folder, name), _SHARED_FILE, gid)


def _hand_over(path: Path, mode: int, gid: int | None) -> None:
    """Set group and mode where they are not right yet: only the owner may. A link is nobody's business."""
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        return
    if gid is not None and found.st_gid != gid:
        os.chown(path, -1, gid)
    if stat.S_IMODE(path.stat().st_mode) != mode:
        path.chmod(mode)


def _group_id(name: str) -> int:
    try:
        gid = grp.getgrnam(name).gr_gid
    except (KeyError, ValueError) as error:
        raise RefusedError(f"there is no Unix group “{name[:40]}”", "`groupadd` makes one") from error
    if os.geteuid() != 0 and gid not in (os.getegid(), *os.getgroups()):
        raise RefusedError(f"you are not in the Unix group “{name}”", "`usermod -aG` adds you; then log in again")
    return gid


def is_shared(home: Home) -> bool:
    """Whether a Unix group shares this desk."""
    return bool(home.folder.stat().st_mode & stat.S_IWGRP)


def save_config(home: Home, config: Config) -> None:
    """Write the settings, readable by the group of a shared desk and otherwise by us alone.

    Raises:
        ConfigError: the file cannot be written.
    """
    try:
        write_config(home.config, config, mode=_SHARED_FILE if is_shared(home) else _PRIVATE_FILE)
    except OSError as error:
        raise ConfigError(str(home.config), "", f"cannot be written: {error.strerror}", "make room for it") from error


def keep_secret(home: Home, name: str, secret: str) -> Path:
    """Write a password into a file that only we can read, and return where it is.

    Raises:
        ConfigError: the file cannot be written.
    """
    path = home.folder / _SECRETS / name
    try:
        path.parent.mkdir(mode=_PRIVATE, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE_FILE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, _PRIVATE_FILE)
            file.write(secret + "\n")
    except OSError as error:
        raise ConfigError(str(path), "", f"cannot be written: {error.strerror}", "make room for it") from error
    return path
