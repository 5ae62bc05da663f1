"""Whom a desk's folder lets in: asked before anything in it is read or written.

What stands on a desk is other people's mail, so a folder that everybody on the machine may enter is refused, and
somebody who may not enter it hears why and what to do.
"""

from __future__ import annotations

import grp
import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

from desk.errors import RefusedError, StoreUnreachable
from tandem.paths import Home

_ACL = "system.posix_acl_access"


def refuse_unfit(home: Home) -> None:
    """Go on only with a folder that we may enter and not everybody; nothing is said of one that is not there.

    Raises:
        RefusedError: everybody on this machine may enter it.
        StoreUnreachable: we may not.
    """
    if (found := look_at(home.folder)) is None or not stat.S_ISDIR(found.st_mode):
        return
    if found.st_mode & stat.S_IRWXO:
        mode = stat.S_IMODE(found.st_mode)
        what = f"{home.folder} is open to everybody on this machine (mode {mode:o}), and a desk holds people's mail"
        raise RefusedError(what, f"`chmod o= {home.folder}` shuts it")
    if not _may(os.R_OK | os.X_OK, home.folder):
        raise _stranger(home.folder, found)


def look_at(folder: Path) -> os.stat_result | None:
    """What the system says of a folder; None where there is none.

    Raises:
        StoreUnreachable: we may not get as far as this folder.
    """
    try:
        return folder.stat()
    except PermissionError as error:
        around = next((each for each in reversed(folder.parents) if not _may(os.X_OK, each)), folder.parent)
        what = f"{folder} may not be opened by you: you may not enter {around}"
        raise StoreUnreachable(what, "ask whoever owns that folder, or choose another desk with --home") from error
    except OSError:
        return None


def _may(what: int, folder: Path) -> bool:
    return os.access(folder, what, effective_ids=os.access in os.supports_effective_ids)


def _stranger(folder: Path, found: os.stat_result) -> StoreUnreachable:
    """Why a folder that is there does not let us in."""
    what = f"{folder} may not be opened by you"
    if not found.st_mode & stat.S_IXGRP:
        return StoreUnreachable(
            f"{what}: it belongs to {user_name(found.st_uid)} alone", "`tandem init --group` shares"
        )
    group = group_name(found.st_gid)
    me = user_name(os.geteuid())
    if is_member(me, found.st_gid):
        what = f"{what} yet: you are in the group “{group}”, but your login is older than that"
        return StoreUnreachable(what, f"log out and in again, or run `newgrp {group}`")
    what = f"{what}: it is for the group “{group}”, which you are not in"
    return StoreUnreachable(what, f"`sudo usermod -aG {group} {me}` lets you in; then log in again")


def is_member(user: str, gid: int) -> bool:
    """Whether the machine's list of groups names a user in one, whatever this session knows of it."""
    try:
        return user in grp.getgrgid(gid).gr_mem or pwd.getpwnam(user).pw_gid == gid
    except KeyError:
        return False


def group_name(gid: int) -> str:
    """What a group is called, or its number."""
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def user_name(uid: int) -> str:
    """What a user is called, or its number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def shut_to_group(folder: Path, gid: int) -> Path | None:
    """The outermost folder around this one that somebody in a group cannot enter, as far as modes tell."""
    return next((each for each in _around(folder) if not _lets_in(each, gid)), None)


def _around(folder: Path) -> Iterator[Path]:
    """Every folder on the way to one, outermost first; through links, both ways count."""
    for way in dict.fromkeys((folder.absolute(), folder.resolve())):
        yield from (each for each in reversed(way.parents) if each.is_dir())


def _lets_in(folder: Path, gid: int) -> bool:
    found = folder.stat()
    allowed = stat.S_IXOTH | (stat.S_IXGRP if found.st_gid == gid else 0)
    return bool(found.st_mode & allowed) or _has_list(folder)


def _has_list(folder: Path) -> bool:
    """Whether a folder has an access list (acl(5)), which says more than its mode."""
    try:
        return _ACL in os.listxattr(folder)
    except (OSError, AttributeError):  # not on this file system, or not on this system
        return False
